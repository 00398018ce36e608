//! The statement behind the read of a customer, as the service sends it: what PostgreSQL logs of
//! it, so that no copy of it can differ.

use anyhow::{Context, bail};

/// A statement, and with what it was run.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Statement {
    /// With `$1` for the hash of the token and `$2` for the identifier of the customer.
    text: String,
    /// The hash, as text of a `bytea`.
    pub(super) hash: String,
    /// The identifier, as text of a `uuid`.
    customer: String,
}

impl Statement {
    /// The first read of a customer that is in the log about a database. PostgreSQL begins the
    /// further lines of a statement with a tab.
    pub(super) fn read(log: &str, database: &str) -> anyhow::Result<Self> {
        let (execute, detail) =
            (format!("{database}|LOG:  execute "), format!("{database}|DETAIL:  "));
        let mut text = String::new();
        for line in log.lines() {
            if let Some(first) = line.strip_prefix(&execute) {
                first.split_once(": ").unwrap_or_default().1.clone_into(&mut text);
            } else if let Some(further) = line.strip_prefix('\t') {
                text.push('\n');
                text.push_str(further);
            } else if let Some((hash, customer)) = line.strip_prefix(&detail).and_then(parameters) {
                return Ok(Self { text, hash, customer });
            }
        }
        bail!("PostgreSQL has not logged the read of a customer")
    }

    /// A script of pgbench that asks for customers at random, by the variable `hash`.
    pub(super) fn script(&self, customers: u32) -> anyhow::Result<String> {
        let last = customers - 1;
        let customer = self.customer(":number")?;
        let text = self.text.replace("$1", ":hash").replace("$2", &customer);
        Ok(format!("\\set number random(0, {last})\n{text};\n"))
    }

    /// The identifier of the customer with this number, as SQL. The statement was run for number
    /// 0, and the last bits of an identifier are its number.
    pub(super) fn customer(&self, number: &str) -> anyhow::Result<String> {
        let start = self.customer.rsplit_once('-').context("the identifier is no UUID")?;
        let zero = i64::from_str_radix(start.1, 16).context("the identifier is no UUID")?;
        Ok(format!("('{}-' || to_hex({zero} + {number}::bigint))::uuid", start.0))
    }
}

/// Hash and identifier, if these are the parameters: `parameters: $1 = '\x…', $2 = '…'`.
fn parameters(detail: &str) -> Option<(String, String)> {
    let both = detail.strip_prefix("parameters: $1 = '\\x")?.strip_suffix('\'')?;
    let (hash, customer) = both.split_once("', $2 = '")?;
    let is_uuid = customer.len() == 36 && customer.matches('-').count() == 4;
    (is_uuid && hash.len() == 64).then(|| (format!("\\x{hash}"), customer.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const UUID: &str = "019b81b1-b400-70ef-82c1-c0f174000000";

    fn log(hash: &str) -> String {
        format!(
            "measured|LOG:  statement: SET jit = off\n\
             measured|LOG:  execute s0: SELECT key\n\
             \tFROM cursor_key\n\
             other|LOG:  execute s1: SELECT 1\n\
             other|DETAIL:  parameters: $1 = '{hash}', $2 = '{UUID}'\n\
             measured|LOG:  execute s1: \n\
             \t    SELECT t.id FROM api_token t\n\
             \t    WHERE t.hash = $1 AND c.id = $2\n\
             measured|DETAIL:  parameters: $1 = '{hash}', $2 = '{UUID}'\n\
             measured|LOG:  execute s2: SELECT 2\n"
        )
    }

    #[test]
    fn of_what_the_service_has_sent_the_read_of_a_customer_is_found() {
        let hash = format!("\\x{}", "ab".repeat(32));
        let statement = Statement::read(&log(&hash), "measured").unwrap();
        let text = "\n    SELECT t.id FROM api_token t\n    WHERE t.hash = $1 AND c.id = $2";
        let expected = Statement { text: text.to_owned(), hash, customer: UUID.to_owned() };
        assert_eq!(statement, expected);
        let script = statement.script(1_000).unwrap();
        let end = "WHERE t.hash = :hash AND c.id = ('019b81b1-b400-70ef-82c1-' || \
                   to_hex(212143265808384 + :number::bigint))::uuid;\n";
        assert!(script.starts_with("\\set number random(0, 999)\n\n    SELECT"), "{script}");
        assert!(script.ends_with(end), "{script}");
    }

    #[test]
    fn a_log_without_it_is_told_apart() {
        assert!(Statement::read(&log("\\xab"), "measured").is_err());
    }
}
