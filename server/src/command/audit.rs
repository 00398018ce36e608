//! `audit`: who read or changed a customer.

use std::io::{BufWriter, Write};

use anyhow::Context;
use clap::Args;
use customers_store::{audit::AuditEntry, token::Holder};
use customers_types::{
    access::Role,
    field::CustomerField,
    id::{CustomerPubId, OrganizationId, TokenId, UserId},
    scalar::Timestamp,
};
use serde::Serialize;

use super::{CommonFlags, runtime};

/// Entries that are read at once.
const PART: usize = 1_000;

#[derive(Args)]
pub(super) struct Audit {
    #[command(flatten)]
    common: CommonFlags,
    /// The customer, of whom there may be no other record any more
    #[arg(long, value_name = "cus_…")]
    customer: CustomerPubId,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

impl Audit {
    pub(super) fn run(self) -> anyhow::Result<()> {
        runtime()?.block_on(self.print())
    }

    async fn print(self) -> anyhow::Result<()> {
        let store = self.common.store_beside().await?;
        let mut out = BufWriter::new(std::io::stdout().lock());
        let mut position = None;
        let mut is_empty = true;
        loop {
            let page = store.audit_of(self.customer, position, PART).await?;
            is_empty &= page.entries.is_empty();
            for entry in &page.entries {
                let line = if self.json { json_line(entry)? } else { line(entry) };
                writeln!(out, "{line}").context("the trail can't be printed")?;
            }
            position = page.next;
            if position.is_none() {
                break;
            }
        }
        out.flush().context("the trail can't be printed")?;
        if is_empty {
            let _ = writeln!(std::io::stderr(), "no entries");
        }
        Ok(())
    }
}

/// One entry for people: when, for whom the token acted, the token, what was done, by which
/// clause of the rule, in which request, and which fields were changed.
fn line(entry: &AuditEntry) -> String {
    let AuditEntry { at, holder, token, operation, clause, request_id, .. } = entry;
    let mut line = format!("{at}  {holder}  {token}  {operation}  {clause}  request={request_id}");
    if !entry.fields.is_empty() {
        line.push_str("  fields=");
        line.push_str(&names(&entry.fields).join(","));
    }
    line
}

fn names(fields: &[CustomerField]) -> Vec<&'static str> {
    fields.iter().map(|field| field.name()).collect()
}

/// One entry for programs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonEntry<'e> {
    at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_id: Option<OrganizationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
    token_id: TokenId,
    request_id: &'e str,
    operation: &'e str,
    customer_id: CustomerPubId,
    clause: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<&'static str>,
}

fn json_line(entry: &AuditEntry) -> serde_json::Result<String> {
    let (user_id, organization_id, role) = match entry.holder {
        Holder::User(user) => (Some(user), None, None),
        Holder::Organization(organization, role) => (None, Some(organization), Some(role)),
    };
    serde_json::to_string(&JsonEntry {
        at: entry.at,
        user_id,
        organization_id,
        role,
        token_id: entry.token,
        request_id: &entry.request_id,
        operation: &entry.operation,
        customer_id: entry.customer,
        clause: entry.clause.name(),
        fields: names(&entry.fields),
    })
}
