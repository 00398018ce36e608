//! The database ends and comes back, or is not to be reached.

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use super::{administrator, assert_unavailable, by_proxy, load::Load, proxy::Proxy, serve_at};
use crate::{
    cluster::{Cluster, Database, PASSWORD},
    faults::{Writer, read},
    home::Home,
    service::{Place, text},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_ends_under_load_and_comes_back_is_used_again_and_nothing_is_lost() {
    let cluster = Cluster::alone();
    let url = Cluster::url(&[cluster.address()]);
    let place = Home::with_world_at(url.clone());
    let token = administrator(&place);
    let service = serve_at(place, &url);
    let load = Load::on(&service, &token);
    for _ in 0..3 {
        load.is_served().await;
        cluster.stop();
        load.is_refused().await;
        cluster.start();
    }
    load.is_served().await;
    load.nothing_is_lost(service, &token).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_refuses_connections_is_asked_again_until_it_takes_them() {
    let (mut proxy, service, token) = by_proxy("").await;
    let client = service.client_with(&token);
    let ready = async || reqwest::get(format!("{}/readyz", service.url())).await.unwrap().status();
    Writer::One.write(&client, 1).await.unwrap();
    proxy.refuse().await;
    for number in 2..5 {
        assert_unavailable(&Writer::One.write(&client, number).await.unwrap_err());
        let refused = client.get_customer().id(crate::actor::ADA).send().await;
        assert_unavailable(&refused.unwrap_err());
        assert_eq!(ready().await, 503);
    }
    proxy.accept().await;
    assert_eq!(Writer::One.written(&read(&client).await), 1);
    assert_eq!(ready().await, 200);
    Writer::One.write(&client, 5).await.unwrap();
}

/// Starts a server that can't begin, and gives back what it says.
fn refused_start(place: &Place, url: &str) -> String {
    let began = Instant::now();
    let refused = place.command(&["serve"]).env("CUSTOMERS_STORE", url).output().unwrap();
    assert!(began.elapsed() < Duration::from_secs(10), "it took {:?}", began.elapsed());
    assert_eq!(refused.status.code(), Some(1));
    let error = text(&refused.stderr);
    assert!(error.contains("the database can't be reached: "), "{error}");
    assert!(!error.contains(PASSWORD), "{error}");
    error
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_find_its_database_says_so_and_ends() {
    let place = Place::new();
    let nobody = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let error = refused_start(&place, &place.home().url_at(nobody));
    assert!(error.contains("Connection refused"), "{error}");

    // It listens, and says nothing: at all, or from some moment on.
    let proxy = Proxy::to(Database::address()).await;
    let url = format!("{}&deadline=2", place.home().url_at(proxy.address()));
    for last in ["customers", "statement_timeout", "server_encoding"] {
        proxy.next(last.as_bytes(), super::proxy::Mishap::StopAnswer);
        let error = refused_start(&place, &url);
        assert!(error.contains("no answer in time"), "{error}");
        assert!(proxy.has_happened());
    }
}
