//! The body of a request.

use serde_json::{Map, Value};

use super::{Argument, ArgumentKind, Operation, Passed};
use crate::client::{name, place::Place, schema};

impl<'a> Operation<'_, 'a> {
    /// The body as an argument. It is always needed, whatever `required` says.
    pub(super) fn body(&mut self) -> Option<Argument<'a>> {
        let body = self.value.get("requestBody")?;
        let (body, place) = self.resolve(body, &self.place.member("requestBody"))?;
        let content = body.get("content").and_then(Value::as_object)?;
        let mut types = content.iter();
        let (media, value) = types.next()?;
        if types.next().is_some() {
            self.refuse(&place, "the generator takes one content type for a body");
            return None;
        }
        let media_place = place.member("content").member(media);
        let Some(schema) = value.get("schema") else {
            self.refuse(&media_place, "the generator needs a `schema` for a body");
            return None;
        };
        let schema_place = media_place.member("schema");
        let of = match media.split(';').next() {
            Some("application/json" | "application/x-www-form-urlencoded") => {
                if value.get("encoding").is_some_and(|it| *it != Value::Object(Map::default())) {
                    self.refuse(&media_place, "the generator does not know `encoding`");
                }
                let name = name::of_inline(&format!("{}-body", self.id));
                Passed::Type(self.types.add(name, &schema::read(schema, &schema_place)))
            }
            Some("application/octet-stream") => {
                self.only_text(schema, &schema_place, Some("binary"));
                Passed::Raw
            }
            Some("text/plain" | "text/x-markdown") => {
                self.only_text(schema, &schema_place, None);
                Passed::Text
            }
            _ => {
                let problem = format!("the generator does not know bodies of `{media}`");
                self.refuse(&media_place, &problem);
                return None;
            }
        };
        Some(Argument {
            name: "body".to_owned(),
            api_name: "body",
            kind: ArgumentKind::Body,
            required: true,
            of,
            place,
        })
    }

    /// What is sent as it is can be described in one way only.
    fn only_text(&mut self, schema: &'a Value, place: &Place<'a>, format: Option<&str>) {
        let Some((schema, place)) = self.resolve(schema, place) else { return };
        let get = |name| schema.get(name);
        let plain = get("type").and_then(Value::as_str) == Some("string")
            && get("format").and_then(Value::as_str) == format
            && ["pattern", "enum", "minLength", "maxLength", "default", "discriminator"]
                .iter()
                .all(|name| get(name).is_none())
            && get("nullable").and_then(Value::as_bool) != Some(true);
        if !plain {
            let format = format.map(|it| format!(" of the format `{it}`")).unwrap_or_default();
            let problem = format!("such a body has to be a plain string{format}");
            self.refuse(&place, &problem);
        }
    }
}
