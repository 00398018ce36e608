//! Is it an OpenAPI 3.0 document?

use serde_json::Value;

use super::DocumentError;

/// Refuses what is no OpenAPI 3.0 document.
pub(crate) fn check(root: &Value) -> Result<(), DocumentError> {
    let refuse = |pointer: &str, problem: &str| {
        Err(DocumentError::NotOpenApi { pointer: pointer.to_owned(), problem: problem.to_owned() })
    };
    if !root.is_object() {
        return refuse("", "it is not an object");
    }
    match root.get("openapi").and_then(Value::as_str) {
        Some(version) if version == "3.0" || version.starts_with("3.0.") => {}
        Some(_) => return refuse("/openapi", "only 3.0 is understood"),
        None => return refuse("", "it has no `openapi`"),
    }
    if !root.get("paths").is_some_and(Value::is_object) {
        return refuse("", "it has no `paths`");
    }
    Ok(())
}
