//! What is asked of the service, and what has to be answered.

use std::{borrow::Cow, fmt::Write as _};

use anyhow::{Context, bail};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};

use super::{
    connection::{Answer, Connection},
    data::CALLERS,
    operation::Operation,
};
use crate::command::bench::database::records;

/// How many customers a page has unless something else is asked for, and at most.
const PAGE: u32 = 20;
const LARGEST_PAGE: u32 = 100;

/// The page far down the list.
const DEEP: u32 = 1_000;

/// New customers of one import; each has a user and two checkouts.
const IMPORTED: u32 = 250;

/// The secrets of those who ask.
pub(super) struct Tokens {
    /// Reads all customers by their role in an organization.
    pub(super) reader: String,
    /// Changes them likewise.
    pub(super) editor: String,
    /// Imports records.
    pub(super) administrator: String,
}

/// A request, and what has to be in its answer.
pub(super) struct Question {
    request: Vec<u8>,
    expected: Expected,
}

enum Expected {
    /// This customer.
    Customer(String),
    /// A page of so many.
    Page(usize),
    /// A page of only this customer.
    Only(String),
    /// So many records were applied, each with this effect.
    Records(&'static str, u64),
}

/// Thinks up requests about customers at random, in the same order each time.
pub(super) struct Questioner {
    customers: u32,
    tokens: Tokens,
    random: StdRng,
    /// How many updates there were, so that each changes something.
    updates: u32,
    /// The cursor of the page before page 1,000.
    cursor: String,
}

impl Questioner {
    /// Goes through the list once, up to page 1,000.
    pub(super) fn new(
        customers: u32,
        tokens: Tokens,
        connection: &mut Connection,
    ) -> anyhow::Result<Self> {
        let random = StdRng::seed_from_u64(customers.into());
        let mut questioner = Self { customers, tokens, random, updates: 0, cursor: String::new() };
        let mut before = before_deep_page(customers);
        while before > 0 {
            let limit = before.min(LARGEST_PAGE);
            let page = connection.ask(&questioner.page(&format!("&limit={limit}")))?;
            let page: Value = serde_json::from_slice(&page.body)?;
            let cursor = page["next_page"].as_str().context("there is no page 1,000")?;
            questioner.cursor = utf8_percent_encode(cursor, NON_ALPHANUMERIC).to_string();
            before -= limit;
        }
        Ok(questioner)
    }

    pub(super) fn question(&mut self, operation: Operation) -> anyhow::Result<Question> {
        let number = self.random.random_range(0..self.customers);
        let id = records::id("cus", number);
        let customer = format!("/v1/customers/{id}");
        let reader = &self.tokens.reader;
        let full = |count: u32| Expected::Page(usize::try_from(count).unwrap_or_default());
        Ok(match operation {
            Operation::Get => Question {
                request: request("GET", &customer, reader, None),
                expected: Expected::Customer(id),
            },
            Operation::FirstPage => {
                Question { request: list(reader, ""), expected: full(PAGE.min(self.customers)) }
            }
            Operation::DeepPage => Question {
                request: self.page(""),
                expected: full(PAGE.min(self.customers - before_deep_page(self.customers))),
            },
            Operation::FilteredPage => Question {
                request: list(reader, &format!("&email=person{number}%40")),
                expected: Expected::Only(id),
            },
            Operation::Update => {
                self.updates += 1;
                let phone = format!("+1628{:07}", self.updates % 10_000_000);
                let body = json!({ "phone": phone });
                Question {
                    request: request("PUT", &customer, &self.tokens.editor, Some(&body)),
                    expected: Expected::Customer(id),
                }
            }
            Operation::Import => self.records("added", Value::clone)?,
        })
    }

    /// What takes back what an import did: the next one would find its records already there.
    pub(super) fn undo(&self) -> anyhow::Result<Question> {
        self.records("removed", removal)
    }

    /// The page behind the cursor, or the first one.
    fn page(&self, parameters: &str) -> Vec<u8> {
        let mut all = parameters.to_owned();
        if !self.cursor.is_empty() {
            let _ = write!(all, "&page_token={}", self.cursor);
        }
        list(&self.tokens.reader, &all)
    }

    /// All records of one import, as something else is made of each.
    fn records(&self, effect: &'static str, make: fn(&Value) -> Value) -> anyhow::Result<Question> {
        // Their users come behind those who ask.
        let first = self.customers + CALLERS;
        let mut records: Vec<Value> = Vec::new();
        for number in first..first + IMPORTED {
            for line in records::of_customer(number)?.lines() {
                records.push(make(&serde_json::from_str(line)?));
            }
        }
        let count = u64::try_from(records.len()).unwrap_or_default();
        let (path, body) = ("/v1/directory/records", json!({ "records": records }));
        Ok(Question {
            request: request("POST", path, &self.tokens.administrator, Some(&body)),
            expected: Expected::Records(effect, count),
        })
    }
}

impl Question {
    /// Asks, and fails where that is not answered with 200.
    pub(super) fn ask(&self, connection: &mut Connection) -> anyhow::Result<Answer> {
        let answer = connection.ask(&self.request)?;
        if answer.status != 200 {
            let body = String::from_utf8_lossy(&answer.body);
            bail!("{}: {} {body}", self.line(), answer.status);
        }
        Ok(answer)
    }

    /// Fails where an answer is another one than it has to be.
    pub(super) fn check(&self, answer: &Answer) -> anyhow::Result<()> {
        let body: Value = serde_json::from_slice(&answer.body)?;
        let items = body["items"].as_array().map(Vec::as_slice).unwrap_or_default();
        let is_right = match &self.expected {
            Expected::Customer(id) => body["id"] == id.as_str(),
            Expected::Page(count) => items.len() == *count,
            Expected::Only(id) => matches!(items, [item] if item["id"] == id.as_str()),
            Expected::Records(effect, count) => {
                let types = body["types"].as_array().into_iter().flatten();
                types.filter_map(|of_type| of_type[effect].as_u64()).sum::<u64>() == *count
            }
        };
        if !is_right {
            bail!("{}: this is not what it asks for\n{body:#}", self.line());
        }
        Ok(())
    }

    /// `GET /v1/customers/… HTTP/1.1`: without the token.
    fn line(&self) -> Cow<'_, str> {
        let line = self.request.split(|byte| *byte == b'\r').next();
        String::from_utf8_lossy(line.unwrap_or_default())
    }
}

/// How many customers are before page 1,000, or before the last page if that comes earlier.
fn before_deep_page(customers: u32) -> u32 {
    PAGE * (customers.div_ceil(PAGE).min(DEEP) - 1)
}

/// The customers of the organization by which the caller reads.
fn list(token: &str, parameters: &str) -> Vec<u8> {
    let path = format!("/v1/customers?organizationId={}{parameters}", records::id("org", 0));
    request("GET", &path, token, None)
}

fn request(method: &str, path: &str, token: &str, body: Option<&Value>) -> Vec<u8> {
    let mut request =
        format!("{method} {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n");
    let body = body.map(Value::to_string).unwrap_or_default();
    if !body.is_empty() {
        let length = body.len();
        let _ = write!(request, "Content-Type: application/json\r\nContent-Length: {length}\r\n");
    }
    request.push_str("\r\n");
    request.push_str(&body);
    request.into_bytes()
}

/// The record by which the object of another one is removed.
fn removal(record: &Value) -> Value {
    json!({ "type": record["type"], "id": record["id"], "deleted": true })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_1_000_is_behind_999_others_or_the_last_one() {
        let before = [20, 100, 101, 10_000, 19_999, 20_001, 10_000_000].map(before_deep_page);
        assert_eq!(before, [0, 80, 100, 9_980, 19_980, 19_980, 19_980]);
    }

    #[test]
    fn an_answer_to_something_else_is_refused_without_showing_the_token() {
        let check = |expected, body: Value| {
            let request = list("sk_secret", "");
            let body = body.to_string().into_bytes();
            let answer = Answer { status: 200, body, time: std::time::Duration::ZERO };
            Question { request, expected }.check(&answer).map_err(|error| error.to_string())
        };
        let customer = || Expected::Customer("cus_1".to_owned());
        assert_eq!(check(customer(), json!({ "id": "cus_1" })), Ok(()));
        let error = check(customer(), json!({ "id": "cus_2" })).unwrap_err();
        assert!(error.starts_with("GET /v1/customers?organizationId=org_"), "{error}");
        assert!(!error.contains("sk_secret"), "{error}");

        let page = json!({ "items": [{ "id": "cus_1" }, { "id": "cus_2" }] });
        assert_eq!(check(Expected::Page(2), page.clone()), Ok(()));
        assert!(check(Expected::Page(3), page.clone()).is_err());
        assert!(check(Expected::Only("cus_1".to_owned()), page).is_err());

        let applied = json!({ "types": [{ "added": 2, "changed": 1 }, { "added": 1 }] });
        assert_eq!(check(Expected::Records("added", 3), applied.clone()), Ok(()));
        assert!(check(Expected::Records("added", 4), applied).is_err());
    }
}
