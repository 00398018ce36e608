//! Several servers on one database.

use customers_client::types::ClearableLine100;

use crate::{
    actor::{ADA, Actor},
    cluster::PASSWORD,
    service::{Place, Service, text},
};

#[tokio::test]
async fn what_one_server_writes_the_other_shows_with_its_next_answer() {
    let place = Place::with_world();
    let servers = [place.clone().serve(), place.serve()];
    let token = servers[0].token(Actor::PlatformAdministrator).unwrap();
    let clients = servers.each_ref().map(|server| server.client_with(&token));
    for (city, writer, reader) in [("Boston", 0, 1), ("Chicago", 1, 0)] {
        let city_is = ClearableLine100(Some(city.parse().unwrap()));
        let update = clients[writer].update_customer().id(ADA);
        update.body_map(|body| body.city(city_is)).send().await.unwrap();
        let read = clients[reader].get_customer().id(ADA).send().await.unwrap();
        assert_eq!(**read.city.as_ref().unwrap(), *city);
    }
    revoke_all(&servers[1]);
    assert!(clients[0].get_customer().id(ADA).send().await.is_err());
}

fn revoke_all(server: &Service) {
    let listed = text(&server.place().run(&["token", "list"]).stdout);
    for id in listed.lines().filter_map(|line| line.split(' ').next()) {
        assert!(server.place().run(&["token", "revoke", id]).status.success());
    }
}

#[test]
fn a_database_that_does_not_let_one_in_is_named_without_the_password() {
    let place = Place::new();
    let url = place.home().url().replace("customers:", "nobody:");
    for arguments in [vec!["serve"], vec!["import", "-"], vec!["token", "list"]] {
        let refused = place.command(&arguments).env("CUSTOMERS_STORE", &url).output().unwrap();
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}");
        let error = text(&refused.stderr);
        assert!(error.contains("the database can't be reached"), "{error}");
        assert!(error.contains("nobody") && !error.contains(PASSWORD), "{error}");
    }
}
