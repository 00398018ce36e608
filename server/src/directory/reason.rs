//! Why a record can't be applied, in words.

use customers_store::import::Reason;

/// Where records come from, and so how one speaks of them.
#[derive(Clone, Copy)]
pub(crate) enum Source {
    /// From the lines of a file, which are numbered from 1.
    File,
    /// From a request, as items of a list, which are numbered from 0.
    Request,
}

/// The reason, without a value.
pub(crate) fn reason(reason: Reason, source: Source) -> String {
    let (whole, others) = match source {
        Source::File => ("a file", "on a good line"),
        Source::Request => ("a request", "among the records"),
    };
    let place = |number| match source {
        Source::File => format!("line {number}"),
        Source::Request => format!("/records/{number}"),
    };
    match reason {
        Reason::SameObject(first) => {
            format!("{} has the same object: {whole} names each object once", place(first))
        }
        Reason::Missing(object) => {
            format!("there is no such {object}, neither in the store nor {others}")
        }
        Reason::OtherCustomer => format!(
            "the store has another customer of this user, who can have only one; remove that one \
             with {whole} before this one"
        ),
        Reason::SameUser(first) => {
            format!("{} has another customer of this user, who can have only one", place(first))
        }
        Reason::ReferredTo(object) => {
            let object = object.replace('_', " ");
            format!("can't be removed while a {object} refers to it")
        }
    }
}
