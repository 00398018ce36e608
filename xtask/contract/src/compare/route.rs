//! Which operation serves a path that stands under another template: `/things/me` is one of the paths of
//! `/things/{id}`, unless the variable refuses `me`.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    Comparer,
    operation::Operation,
    parameter::{Parameter, parameters},
    server::base_path,
};
use crate::{
    document::Document,
    schema::{accept::Answer, written::Wire},
    verdict::Direction,
};

/// What two templates have at the same place of the path.
struct Served<'d> {
    /// The variables of the wider one that stand for a text of the narrower one, and that text.
    filled: Vec<(&'d str, &'d str)>,
    /// Its other variables.
    open: Vec<&'d str>,
}

impl<'d> Comparer<'_, 'd> {
    /// The paths of the servers, if more operations are where they were with these than without.
    pub(super) fn moved_base_paths(
        &self,
        base: &[Operation<'d>],
        head: &[Operation<'d>],
    ) -> Option<[&'d str; 2]> {
        let [before, after] = [base_path(self.base.as_value())?, base_path(self.head.as_value())?];
        let has_own = |it: &Operation<'d>| {
            [&it.part, &it.path_item].iter().any(|part| part.get("servers").is_some())
        };
        if before == after || base.iter().chain(head).any(has_own) {
            return None;
        }
        let staying = |[before, after]: [&str; 2]| {
            let key =
                |path: &str, it: &Operation<'d>| (it.method, format!("{path}{}", it.template));
            let there: HashSet<_> = head.iter().map(|it| key(after, it)).collect();
            base.iter().filter(|it| there.contains(&key(before, it))).count()
        };
        (staying([before, after]) > staying(["", ""])).then_some([before, after])
    }

    /// The operation of the head that takes the requests of an operation whose template is gone, with
    /// the variables that stand for a text now taken out. The one with most texts wins, as in a router.
    pub(super) fn serving(
        &self,
        gone: &Operation<'d>,
        head: &[Operation<'d>],
    ) -> Option<Operation<'d>> {
        if self.base_paths.is_some() {
            return None;
        }
        let of_method = head.iter().filter(|it| it.method == gone.method);
        let fits = of_method.filter_map(|it| Some((served(gone.path, it.path)?, it)));
        let taken = fits.filter(|(served, it)| self.fill(self.head, it, served) == Some(true));
        let (served, operation) = taken.min_by_key(|(served, _)| served.filled.len())?;
        let mut operation = operation.clone();
        operation.variables = served.open;
        operation.filled = served.filled.into_iter().map(|(name, _)| name).collect();
        Some(operation)
    }

    /// The operation of the base some of whose requests reach a new one, and which these are.
    pub(super) fn overtaken<'o>(
        &self,
        new: &Operation<'d>,
        base: impl Iterator<Item = &'o Operation<'d>>,
    ) -> Option<(&'o Operation<'d>, String)>
    where
        'd: 'o,
    {
        if self.base_paths.is_some() {
            return None;
        }
        let of_method = base.filter(|it| it.method == new.method);
        let fits = of_method.filter_map(|it| Some((served(new.path, it.path)?, it)));
        let taken = fits.filter(|(served, it)| self.fill(self.base, it, served) != Some(false));
        let (served, operation) = taken.min_by_key(|(served, _)| served.filled.len())?;
        let filled = served.filled.iter().map(|(name, text)| format!("`{name}` = `{text}`"));
        Some((operation, filled.collect::<Vec<_>>().join(" and ")))
    }

    /// Whether the variables of an operation accept the texts.
    fn fill(&self, document: &'d Document, it: &Operation<'d>, served: &Served<'d>) -> Answer {
        let parameters = parameters(document, it).found;
        let variable = |name: &str| {
            parameters
                .iter()
                .find(|parameter| parameter.location == "path" && parameter.name == name)
        };
        let answers = served.filled.iter().map(|(name, text)| {
            variable(name).map_or(Some(true), |parameter| self.accepts_text(parameter, text))
        });
        crate::schema::accept::all(answers)
    }

    fn accepts_text(&self, parameter: &Parameter<'d>, text: &str) -> Answer {
        let before = self.schemas.wire();
        self.schemas.compare_on(Wire::Text);
        let value = Value::from(text);
        let answer = self.schemas.reads(&parameter.values(), &value, Direction::Request);
        self.schemas.compare_on(before);
        answer
    }
}

/// How a wider template serves all paths of a narrower one, if it does, and at least one text of the
/// narrower is a variable of the wider.
fn served<'d>(narrower: &'d str, wider: &'d str) -> Option<Served<'d>> {
    let mut served = Served { filled: Vec::new(), open: Vec::new() };
    let mut segments = (narrower.split('/'), wider.split('/'));
    loop {
        match (segments.0.next(), segments.1.next()) {
            (None, None) => return Some(served).filter(|it| !it.filled.is_empty()),
            (Some(narrow), Some(wide)) => match (variable(narrow), variable(wide)) {
                (Some(_), Some(open)) => served.open.push(open),
                (None, Some(filled)) if !narrow.is_empty() && !narrow.contains('{') => {
                    served.filled.push((filled, narrow));
                }
                (None, None) if narrow == wide && !narrow.contains('{') => {}
                _ => return None,
            },
            _ => return None,
        }
    }
}

/// The variable that is all of a segment.
fn variable(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}').filter(|name| !name.contains(['{', '}']))
}
