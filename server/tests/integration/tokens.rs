//! `/v1/tokens`.

mod create;
mod list;
mod revoke;
mod rotate;

use customers_client::{
    Client, Error,
    types::{self, ErrorCode, IssuedToken},
};
use serde_json::{Value, json};

use crate::{
    actor::{ADA, Actor, QUILLFEATHER},
    service::{Place, Service, text},
};

const BRINDLEMOOR: &str = "org_01ke0v3d00e3qrb0y5x2t8m4b1";
const ABSENT: &str = "tok_01ke0v3d00e3qrb0y5x2t8m4zz";
const ADMINISTRATOR: &str = "usr_01ke0v3d00e3qrb0y5x2t8m4m1";

type Answer<T> = Result<T, Error<types::Error>>;

/// Makes a token as the holder of another.
async fn create(client: &Client, new: Value) -> Answer<IssuedToken> {
    let new: types::NewToken = serde_json::from_value(new).unwrap();
    client.create_token().body(new).send().await.map(customers_client::ResponseValue::into_inner)
}

/// A token of Quillfeather, made by its administrator.
async fn of_quillfeather(service: &Service, role: &str) -> IssuedToken {
    let client = service.client(Actor::Administrator);
    create(&client, json!({ "organizationId": QUILLFEATHER, "role": role })).await.unwrap()
}

/// Whether the token reads Ada; if not, why.
async fn reads_ada(service: &Service, secret: &str) -> Result<(), ErrorCode> {
    match service.client_with(secret).get_customer().id(ADA).send().await {
        Ok(_) => Ok(()),
        Err(Error::ErrorResponse(error)) => Err(error.error_code.clone()),
        Err(error) => panic!("{error}"),
    }
}

/// Status, code and message of a failure.
fn failure<T>(answer: Answer<T>) -> (u16, ErrorCode, String) {
    match answer {
        Err(Error::ErrorResponse(error)) => {
            (error.status().as_u16(), error.error_code.clone(), error.message.clone())
        }
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("not refused"),
    }
}

/// Sends a body as it stands and gives back the status and the body of the answer.
async fn post(service: &Service, path: &str, secret: &str, body: &Value) -> (u16, Value) {
    let request = reqwest::Client::new().post(format!("{}{path}", service.url()));
    let answer = request.bearer_auth(secret).json(body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// The world with a further record in it.
fn world_with(record: &Value) -> Service {
    let place = Place::with_world();
    let imported = place.run_with_input(&["import", "-"], record.to_string().as_bytes());
    assert!(imported.status.success(), "{}", text(&imported.stderr));
    place.serve()
}

/// What `token list` says of the token.
fn listed(service: &Service, id: &str) -> Option<String> {
    let list = text(&service.place().run(&["token", "list"]).stdout);
    list.lines().find(|line| line.starts_with(id)).map(str::to_owned)
}
