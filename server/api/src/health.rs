//! What probes are told.

use schemars::JsonSchema;
use serde::Serialize;

/// The answer to a probe that found nothing wrong.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Health {
    /// How the service is.
    pub status: HealthStatus,
}

/// How the service is.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum HealthStatus {
    /// As it should be.
    Ok,
}
