//! Another server becomes the primary.

use std::net::SocketAddr;

use customers_client::Client;

use super::{
    administrator, assert_unavailable, hash,
    load::Load,
    proxy::{Mishap, Proxy},
    serve_at,
};
use crate::{
    actor::ADA,
    cluster::Cluster,
    faults::{Writer, read},
    home::Home,
    service::Service,
};

fn read_write(addresses: [SocketAddr; 2]) -> String {
    format!("{}&target_session_attrs=read-write", Cluster::url(&addresses))
}

/// A primary and its standby, a server that knows both, and the token of an administrator.
fn pair() -> ([Cluster; 2], Service, String) {
    let primary = Cluster::alone();
    let standby = primary.standby();
    let url = read_write([primary.address(), standby.address()]);
    let place = Home::with_world_at(url.clone());
    let token = administrator(&place);
    ([primary, standby], serve_at(place, &url), token)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_that_is_promoted_has_all_that_was_acknowledged_and_the_server_goes_on_with_it() {
    let ([primary, standby], service, token) = pair();
    let load = Load::on(&service, &token);
    load.is_served().await;
    primary.stop();
    load.is_refused().await;
    standby.promote();
    load.is_served().await;
    load.nothing_is_lost(service, &token).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_primary_that_is_frozen_is_left_for_the_standby_that_is_promoted() {
    let primary = Cluster::alone();
    let standby = primary.standby();
    let proxy = Proxy::to(primary.address()).await;
    let url = read_write([proxy.address(), standby.address()]);
    let place = Home::with_world_at(url.clone());
    let token = administrator(&place);
    let service = serve_at(place, &format!("{url}&deadline=4"));
    let load = Load::on(&service, &token);
    load.is_served().await;
    proxy.stop();
    load.is_refused().await;
    standby.promote();
    load.is_served().await;
    load.nothing_is_lost(service, &token).await;
}

/// As after a switch in which the old primary goes on as a replica: it answers reads, and what is
/// written elsewhere it does not know.
#[tokio::test(flavor = "multi_thread")]
async fn sessions_with_a_primary_that_has_become_read_only_are_not_used_any_more() {
    let ([former, standby], service, token) = pair();
    let load = Load::on(&service, &token);
    load.is_served().await;
    former.set("default_transaction_read_only", "on");
    load.is_refused().await;
    standby.promote();
    load.is_served().await;
    // A connection that is being made asks it first, and goes on to the other.
    let sessions = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'customers-server'";
    let is_left = (0..200).any(|_| former.query(sessions).is_empty());
    assert!(is_left, "the former primary is still used");
    load.nothing_is_lost(service, &token).await;
}

/// A read has begun at the old primary, and ends when something was written at the new one.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_in_use_when_the_primary_changed_is_not_used_again() {
    let former = Cluster::alone();
    let standby = former.standby();
    let proxy = Proxy::to(former.address()).await;
    let url = read_write([proxy.address(), standby.address()]);
    let place = Home::with_world_at(url.clone());
    let token = administrator(&place);
    let service = serve_at(place, &url);
    let client = service.client_with(&token);
    proxy.next(&hash(&token), Mishap::StopAnswer);
    let begun = client.get_customer().id(ADA).send();
    let change = async {
        while !proxy.has_happened() {
            tokio::task::yield_now().await;
        }
        former.set("default_transaction_read_only", "on");
        let last = write_until(&client, 0, |is_written| !is_written).await;
        standby.promote();
        let last = write_until(&client, last, |is_written| is_written).await;
        proxy.complete();
        last
    };
    let (begun, last) = tokio::join!(begun, change);
    begun.unwrap();
    // More often than there are connections.
    for _ in 0..20 {
        assert_eq!(Writer::One.written(&read(&client).await), last);
    }
}

/// Writes the numbers after one, and gives back that of the first write that ends as wanted.
async fn write_until(client: &Client, mut number: u64, is_wanted: impl Fn(bool) -> bool) -> u64 {
    loop {
        number += 1;
        let answer = Writer::One.write(client, number).await;
        if let Err(error) = &answer {
            assert_unavailable(error);
        }
        if is_wanted(answer.is_ok()) {
            return number;
        }
    }
}
