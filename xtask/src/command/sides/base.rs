//! The document that others depend on already.

use std::ffi::OsStr;

use super::{Head, Sources, named::Named, nothing_there};
use crate::{
    baseline::{Baseline, Revision},
    edition::{Edition, Role},
};

/// What to compare with.
#[derive(Debug)]
pub struct Base {
    /// The document; `None` if the head is the first there is.
    pub edition: Option<Edition>,
    /// What people should know about it.
    pub notes: Vec<String>,
    /// The commit that has it, if one was looked at.
    pub commit: Option<String>,
    /// Whether it comes from this repository.
    pub is_own: bool,
}

impl Base {
    /// The base of what is the first document.
    #[must_use]
    pub fn first(why: &str) -> Self {
        let note = format!("{why}: this is the first version of the contract, and breaks nobody");
        Self { edition: None, notes: vec![note], commit: None, is_own: true }
    }

    fn of_edition(edition: Edition, is_own: bool) -> Self {
        Self { edition: Some(edition), notes: Vec::new(), commit: None, is_own }
    }

    fn of_baseline(found: Baseline) -> anyhow::Result<Self> {
        let notes = found.note().into_iter().collect();
        let edition = match found.contents {
            Some(contents) => Some(Edition::new(Role::Base, found.name, contents)?),
            None => None,
        };
        Ok(Self { edition, notes, commit: Some(found.commit), is_own: true })
    }
}

impl Sources<'_> {
    /// What was named, or the document at the merge base with the main branch.
    ///
    /// # Errors
    /// When it can't be found ([`NoBase`](crate::baseline::NoBase)), or holds no document that can
    /// be compared.
    pub fn base(&self, given: Option<&OsStr>, head: &Head) -> anyhow::Result<Base> {
        match given {
            Some(given) => self.named_base(given, self.named(Role::Base, given)?, head),
            None => self.usual_base(head),
        }
    }

    pub(super) fn named_base(
        &self,
        given: &OsStr,
        named: Named,
        head: &Head,
    ) -> anyhow::Result<Base> {
        match named {
            Named::Input(edition) | Named::File(edition, _) => Ok(Base::of_edition(edition, false)),
            Named::Object(edition) => Ok(Base::of_edition(edition, true)),
            Named::Commit(at) => {
                let found = self.document(&at, &head.origin)?;
                if found.contents.is_none() {
                    return Err(nothing_there(&given.display().to_string(), &found).into());
                }
                Base::of_baseline(found)
            }
        }
    }

    fn usual_base(&self, head: &Head) -> anyhow::Result<Base> {
        let repository = self.repository()?;
        let Some(main) = repository.main_branch()? else {
            return Ok(Base::first("there is no commit yet"));
        };
        let at = repository.merge_base(&main, head.origin.commit())?;
        self.base_at(&at, head)
    }

    /// The document at a commit, which may be older than the first document.
    ///
    /// # Errors
    /// When it is not at hand, or can't be compared.
    pub fn base_at(&self, at: &Revision, head: &Head) -> anyhow::Result<Base> {
        let found = self.document(at, &head.origin)?;
        if found.contents.is_none() {
            return Ok(Base::first(&format!("there is no {}", found.name)));
        }
        Base::of_baseline(found)
    }
}
