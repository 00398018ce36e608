//! What is acknowledged stays, whatever happens to the server.

mod kill;

use customers_client::{
    Client, Error, ResponseValue,
    types::{self, Customer, CustomerExpansion, CustomerUpdate},
};
use serde_json::json;

use crate::actor::ADA;

pub(crate) type Answer = Result<ResponseValue<Customer>, Error<types::Error>>;

/// Updates of one column of the customer and one of the user behind it, to the same text. Two
/// writers change other columns, so that each knows what must be there.
#[derive(Clone, Copy)]
pub(crate) enum Writer {
    One,
    Other,
}

impl Writer {
    pub(crate) async fn write(self, client: &Client, number: u64) -> Answer {
        let text = format!("number {number}");
        let update = match self {
            Self::One => json!({ "city": text, "firstName": text }),
            Self::Other => json!({ "state": text, "lastName": text }),
        };
        let update: CustomerUpdate = serde_json::from_value(update).unwrap();
        let request = client.update_customer().id(ADA).expand(CustomerExpansion::User);
        request.body(update).send().await
    }

    /// The number that was written last; 0 before the first. Fails if only a half of it is there.
    pub(crate) fn written(self, customer: &Customer) -> u64 {
        let customer = serde_json::to_value(customer).unwrap();
        let (of_customer, of_user) = match self {
            Self::One => (&customer["city"], &customer["user"]["firstName"]),
            Self::Other => (&customer["state"], &customer["user"]["lastName"]),
        };
        let number = |text: &serde_json::Value| {
            text.as_str().and_then(|text| text.strip_prefix("number ")?.parse().ok()).unwrap_or(0)
        };
        assert_eq!(number(of_customer), number(of_user), "half of an update is there");
        number(of_customer)
    }
}

pub(crate) async fn read(client: &Client) -> Customer {
    let answer = client.get_customer().id(ADA).expand(CustomerExpansion::User).send().await;
    answer.unwrap().into_inner()
}
