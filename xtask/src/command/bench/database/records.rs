//! The records that everybody is measured on.
//!
//! Nothing in them is random, so that they are the same everywhere: an identifier ends in its
//! number, and so the load can make it up.

use std::{
    io::{BufWriter, Write},
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, bail};

use crate::command::bench::measure::Run;

/// What the identifiers of all customers begin with.
pub(in crate::command::bench) const CUSTOMER_START: &str = "cus_01ke0v3d00e3qrb0y5x2t";
/// Likewise of all objects, behind their prefix.
const START: &str = "01ke0v3d00e3qrb0y5x2t";
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Organizations beside that of the caller; each customer has a checkout from one of them.
const OTHERS: u32 = 1_000;

/// What the caller is in which organization.
const ROLES: [(u32, &str); 3] =
    [(0, "CustomerSupport"), (1, "ProductManager"), (2, "CustomerSupport")];

/// To be raised when the records change, so that older ones are not taken for these.
pub(in crate::command::bench) const EDITION: u32 = 1;

/// The most customers that identifiers have room for, with two checkouts each.
pub(in crate::command::bench) const MOST: u32 = 16_000_000;

/// The identifier of an object: its prefix and its number.
pub(in crate::command::bench) fn id(prefix: &str, number: u32) -> String {
    let digit = |place: u32| {
        let index = usize::try_from(number >> (5 * place) & 31).unwrap_or_default();
        DIGITS.get(index).copied().map_or('0', char::from)
    };
    format!("{prefix}_{START}{}", (0..5).rev().map(digit).collect::<String>())
}

/// A user who may read all customers but the last by their role in an organization.
pub(in crate::command::bench) fn caller(customers: u32) -> String {
    id("usr", customers + 1)
}

/// A customer whom the caller may not read.
pub(in crate::command::bench) fn hidden(customers: u32) -> String {
    id("cus", customers)
}

/// Has the service import what is written into a store, which it makes if there is none.
pub(in crate::command::bench) fn import(
    program: &Path,
    store: &str,
    write: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
) -> anyhow::Result<Run> {
    let mut import = Command::new(program);
    import.env_clear().args(["import", "--store", store, "-"]).stdin(Stdio::piped());
    let start = Instant::now();
    let mut importing = import.stdout(Stdio::null()).spawn().context("the import can't start")?;
    let input = importing.stdin.take().context("the import has no input")?;
    let mut input = BufWriter::with_capacity(1 << 20, input);
    let written = write(&mut input);
    let flushed = input.flush();
    drop(input);
    let (status, run) = Run::until_end(importing, start)?;
    // Where the import has failed it has closed its input, and says itself what is wrong.
    if !status.success() {
        bail!("the records can't be imported");
    }
    written?;
    flushed?;
    Ok(run)
}

/// Writes the records. They are put together as text, since there are millions of them and the
/// commands of this crate are not optimized; nothing in them needs to be escaped.
pub(in crate::command::bench) fn write(customers: u32, out: &mut dyn Write) -> anyhow::Result<()> {
    for number in 0..=OTHERS {
        let (organization, product) = (id("org", number), id("prd", number));
        writeln!(
            out,
            r#"{{"type":"organization","id":"{organization}","name":"Shop {number}"}}
{{"type":"product","id":"{product}","organizationId":"{organization}"}}"#
        )?;
    }
    for number in 0..=customers {
        customer(out, number)?;
        if number < customers {
            checkouts(out, number)?;
        }
    }
    let caller = caller(customers);
    writeln!(out, r#"{{"type":"user","id":"{caller}","email":"support@shop.example"}}"#)?;
    for (number, role) in ROLES {
        let organization = id("org", number);
        writeln!(
            out,
            r#"{{"type":"membership","userId":"{caller}","organizationId":"{organization}","role":"{role}"}}"#
        )?;
    }
    Ok(())
}

/// How many records those are.
pub(in crate::command::bench) fn count(customers: u32) -> u64 {
    let (organizations, customers) = (u64::from(OTHERS) + 1, u64::from(customers));
    // A product of each organization, a user and two checkouts of each customer; one customer has
    // none; and the caller.
    2 * organizations + 4 * customers + 2 + 4
}

/// The records of one more customer like those, a line each.
pub(in crate::command::bench) fn of_customer(number: u32) -> anyhow::Result<String> {
    let mut lines = Vec::new();
    customer(&mut lines, number)?;
    checkouts(&mut lines, number)?;
    Ok(String::from_utf8(lines)?)
}

/// A customer of whom everything is known, and the user behind it.
fn customer(out: &mut dyn Write, number: u32) -> anyhow::Result<()> {
    let (user, customer, phone) = (id("usr", number), id("cus", number), number % 10_000_000);
    write!(
        out,
        r#"{{"type":"user","id":"{user}","email":"person{number}@example.com","firstName":"Ada{number}","lastName":"Lovelace"}}
{{"type":"customer","id":"{customer}","userId":"{user}","creditStatus":"passed","identityVerificationStatus":"verified","#
    )?;
    write!(
        out,
        r#""address1":"{number} Analytical Way","address2":"Apartment 3","city":"San Francisco","state":"CA","zip":"94107","country":"US","phone":"+1415{phone:07}","#
    )?;
    writeln!(
        out,
        r#""creditIpAddress":"203.0.113.7","creditTimestamp":"2026-02-04T03:46:27.277Z","stripeId":"cus_Bench{number:09}","stripeSandboxId":"cus_BenchTest{number:09}","stripeVerificationSessionId":"vs_Bench{number:09}","createdAt":"2026-02-04T03:45:27.277Z"}}"#
    )?;
    Ok(())
}

/// Of a product of the caller's organization, and of another one.
fn checkouts(out: &mut dyn Write, customer: u32) -> anyhow::Result<()> {
    let products = [0, 1 + customer % OTHERS];
    for (number, product) in (2 * customer..).zip(products) {
        let (checkout, customer, product) =
            (id("chk", number), id("cus", customer), id("prd", product));
        writeln!(
            out,
            r#"{{"type":"checkout","id":"{checkout}","customerId":"{customer}","productId":"{product}"}}"#
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_ends_in_its_number() {
        assert_eq!(id("cus", 0), format!("{CUSTOMER_START}00000"));
        assert_eq!(id("cus", 31), format!("{CUSTOMER_START}0000z"));
        assert_eq!(id("chk", 33_554_431), "chk_01ke0v3d00e3qrb0y5x2tzzzzz");
    }

    #[test]
    fn every_line_is_one_record_and_two_checkouts_belong_to_each_customer_but_the_last() {
        let mut out = Vec::new();
        write(3, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(u64::try_from(text.lines().count()).unwrap(), count(3));
        let of = |kind: &str| {
            let records = text.lines().map(|line| serde_json::from_str(line).unwrap());
            records.filter(|record: &serde_json::Value| record["type"] == kind).collect::<Vec<_>>()
        };
        assert_eq!((of("customer").len(), of("user").len()), (4, 5));
        let checkouts = of("checkout");
        assert_eq!(checkouts.len(), 6);
        let by_caller = checkouts.iter().filter(|checkout| checkout["productId"] == id("prd", 0));
        let customers: Vec<_> = by_caller.map(|checkout| checkout["customerId"].clone()).collect();
        assert_eq!(customers, [id("cus", 0), id("cus", 1), id("cus", 2)]);
        assert!(checkouts.iter().all(|checkout| checkout["customerId"] != hidden(3)));
    }
}
