//! Where the schemas of a generated document stand.

use serde_json::Value;

/// Pointers to all schemas, the enclosing before what they enclose.
pub(crate) fn places(document: &Value) -> Vec<String> {
    let operation = "/paths/~1things/put";
    let mut places = Vec::new();
    for body in ["requestBody", "responses/200"] {
        let place = format!("{operation}/{body}/content/application~1json/schema");
        within(document, place, &mut places);
    }
    let parameters = document.pointer(&format!("{operation}/parameters"));
    for at in 0..parameters.and_then(Value::as_array).map_or(0, Vec::len) {
        within(document, format!("{operation}/parameters/{at}/schema"), &mut places);
    }
    for name in document["components"]["schemas"].as_object().into_iter().flatten() {
        within(document, format!("/components/schemas/{}", name.0), &mut places);
    }
    places
}

fn within(document: &Value, place: String, places: &mut Vec<String>) {
    let Some(schema) = document.pointer(&place).filter(|schema| schema.is_object()) else { return };
    let mut inner = Vec::new();
    for name in schema["properties"].as_object().into_iter().flatten() {
        inner.push(format!("{place}/properties/{}", name.0));
    }
    for key in ["items", "additionalProperties"] {
        inner.push(format!("{place}/{key}"));
    }
    for key in ["oneOf", "anyOf", "allOf"] {
        let count = schema[key].as_array().map_or(0, Vec::len);
        inner.extend((0..count).map(|at| format!("{place}/{key}/{at}")));
    }
    places.push(place);
    for place in inner {
        within(document, place, places);
    }
}
