//! What was asked and how it was answered, by the log of the server.

use std::{collections::BTreeMap, fmt};

use serde_json::Value;

/// Stands for the operation where there is none.
const NONE: &str = "(no operation)";

/// Lines that are shown of those that say the same.
const SHOWN: usize = 3;

/// The requests in a log.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// How many requests were answered, by operation and class of status.
    answers: BTreeMap<String, BTreeMap<u64, usize>>,
    /// Lines about answers of 5xx.
    server_errors: Vec<String>,
    /// Lines about panics, and what is no record at all.
    broken: Vec<String>,
}

impl Tally {
    pub(super) fn of_log(log: &str) -> Self {
        let mut tally = Self::default();
        for line in log.lines() {
            tally.count(line);
        }
        tally
    }

    fn count(&mut self, line: &str) {
        let record = serde_json::from_str::<Value>(line).unwrap_or_default();
        if record["msg"] == "panic" || !record.is_object() {
            self.broken.push(line.to_owned());
        }
        // Of all records, those about requests alone have a status.
        let Some(status) = record["status"].as_u64() else { return };
        let operation = record["operation"].as_str().unwrap_or(NONE);
        let answers = self.answers.entry(operation.to_owned()).or_default();
        *answers.entry(status / 100).or_default() += 1;
        if status >= 500 {
            self.server_errors.push(line.to_owned());
        }
    }

    /// How many requests were answered.
    pub(super) fn requests(&self) -> usize {
        self.answers.values().flat_map(BTreeMap::values).sum()
    }

    /// How many of them were the operation's.
    pub(super) fn of_operation(&self, operation: &str) -> usize {
        self.answers.get(operation).into_iter().flat_map(BTreeMap::values).sum()
    }

    /// How many of those have a status of this class.
    fn of_class(&self, operation: &str, class: u64) -> usize {
        self.answers.get(operation).and_then(|answers| answers.get(&class)).copied().unwrap_or(0)
    }

    /// What must not be in the log of a server that conforms, and what must.
    pub(super) fn faults(&self, operations: &[String]) -> Vec<String> {
        let never = operations.iter().filter(|operation| self.of_class(operation, 2) == 0);
        let mut faults: Vec<_> =
            never.map(|operation| format!("{operation} never answered with 2xx")).collect();
        for (what, lines) in [
            ("answers of 5xx", &self.server_errors),
            ("panics, or what is no record of a log", &self.broken),
        ] {
            if !lines.is_empty() {
                let shown = lines[..lines.len().min(SHOWN)].join("\n  ");
                faults.push(format!("{what} ({}):\n  {shown}", lines.len()));
            }
        }
        faults
    }
}

/// A table: operations, and classes of status.
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.answers.keys().map(String::len).max().unwrap_or_default();
        write!(f, "{:<width$}  {:>7} {:>7} {:>7}", "", "2xx", "4xx", "5xx")?;
        for operation in self.answers.keys() {
            let [ok, refused, failed] = [2, 4, 5].map(|class| self.of_class(operation, class));
            write!(f, "\n{operation:<width$}  {ok:>7} {refused:>7} {failed:>7}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = r#"{"msg":"listening","level":"INFO"}
{"msg":"request","operation":"get_customer","status":200}
{"msg":"request","operation":"get_customer","status":404}
{"msg":"request","operation":"list_permissions","status":204}
{"msg":"request refused","status":405}
{"msg":"stopped"}"#;

    fn faults(log: &str) -> Vec<String> {
        Tally::of_log(log).faults(&["get_customer".to_owned(), "list_permissions".to_owned()])
    }

    #[test]
    fn every_answer_is_counted_also_of_requests_that_no_operation_took() {
        let tally = Tally::of_log(LOG);
        assert_eq!(tally.requests(), 4);
        assert_eq!(
            tally.to_string(),
            "                      2xx     4xx     5xx\n\
             (no operation)          0       1       0\n\
             get_customer            1       1       0\n\
             list_permissions        1       0       0"
        );
        assert_eq!(faults(LOG), Vec::<String>::new());
    }

    #[test]
    fn an_operation_without_a_success_is_a_fault() {
        let log = LOG.replace("204", "401");
        assert_eq!(faults(&log), ["list_permissions never answered with 2xx"]);
        assert_eq!(faults("").len(), 2);
    }

    #[test]
    fn a_server_error_is_a_fault_and_its_line_is_shown() {
        let log = format!("{LOG}\n{{\"operation\":\"get_customer\",\"status\":503}}");
        let [fault] = &faults(&log)[..] else { panic!("{log}") };
        assert!(fault.starts_with("answers of 5xx (1):\n  {"), "{fault}");
    }

    #[test]
    fn a_panic_is_a_fault_and_so_is_what_is_no_record() {
        for line in [r#"{"msg":"panic","place":"a.rs:1"}"#, "memory allocation failed", "7"] {
            let [fault] = &faults(&format!("{LOG}\n{line}"))[..] else { panic!("{line}") };
            assert!(fault.ends_with(line), "{fault}");
        }
    }
}
