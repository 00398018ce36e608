//! A customer, as it comes from the tables and as it is answered.

use customers_types::{
    id::{CustomerPubId, PublicId, UserId},
    scalar::Timestamp,
};
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

/// A row of `customer` and of `user`.
#[derive(FromRow)]
pub struct Row {
    id: Uuid,
    user_id: Uuid,
    credit_status: String,
    identity_verification_status: String,
    created_at: i64,
    updated_at: i64,
    user_updated_at: i64,
    address1: Option<String>,
    address2: Option<String>,
    city: Option<String>,
    state: Option<String>,
    zip: Option<String>,
    country: Option<String>,
    phone: Option<String>,
    credit_ip_address: Option<String>,
    credit_timestamp: Option<i64>,
    stripe_id: Option<String>,
    stripe_sandbox_id: Option<String>,
    stripe_verification_session_id: Option<String>,
}

impl TryFrom<&tokio_postgres::Row> for Row {
    type Error = tokio_postgres::Error;

    fn try_from(row: &tokio_postgres::Row) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            user_id: row.try_get("user_id")?,
            credit_status: row.try_get("credit_status")?,
            identity_verification_status: row.try_get("identity_verification_status")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
            user_updated_at: row.try_get("user_updated_at")?,
            address1: row.try_get("address1")?,
            address2: row.try_get("address2")?,
            city: row.try_get("city")?,
            state: row.try_get("state")?,
            zip: row.try_get("zip")?,
            country: row.try_get("country")?,
            phone: row.try_get("phone")?,
            credit_ip_address: row.try_get("credit_ip_address")?,
            credit_timestamp: row.try_get("credit_timestamp")?,
            stripe_id: row.try_get("stripe_id")?,
            stripe_sandbox_id: row.try_get("stripe_sandbox_id")?,
            stripe_verification_session_id: row.try_get("stripe_verification_session_id")?,
        })
    }
}

/// The body of an answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Customer {
    id: CustomerPubId,
    user_id: UserId,
    credit_status: String,
    identity_verification_status: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    address1: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address2: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit_ip_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit_timestamp: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stripe_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stripe_sandbox_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stripe_verification_session_id: Option<String>,
}

impl From<Row> for Customer {
    fn from(row: Row) -> Self {
        Self {
            id: CustomerPubId::from_uuid(row.id),
            user_id: UserId::from_uuid(row.user_id),
            credit_status: row.credit_status,
            identity_verification_status: row.identity_verification_status,
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: Timestamp::from_millis(row.updated_at.max(row.user_updated_at)),
            address1: row.address1,
            address2: row.address2,
            city: row.city,
            state: row.state,
            zip: row.zip,
            country: row.country,
            phone: row.phone,
            credit_ip_address: row.credit_ip_address,
            credit_timestamp: row.credit_timestamp.map(Timestamp::from_millis),
            stripe_id: row.stripe_id,
            stripe_sandbox_id: row.stripe_sandbox_id,
            stripe_verification_session_id: row.stripe_verification_session_id,
        }
    }
}
