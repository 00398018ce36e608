//! Settings by flag, environment and file.

use crate::service::{Place, text};

#[test]
fn a_wrong_setting_is_named_with_what_was_expected() {
    let place = Place::new();
    std::fs::write(place.path("wrong.toml"), "listen = 'nowhere'\n").unwrap();
    std::fs::write(place.path("unknown.toml"), "lisden = 'nowhere'\n").unwrap();
    for (arguments, variable, expected) in [
        (vec!["serve", "--listen", "x"], None, "--listen: expected ADDR:PORT"),
        (vec!["serve"], Some(("CUSTOMERS_LISTEN", "x")), "CUSTOMERS_LISTEN: expected ADDR:PORT"),
        (vec!["serve"], Some(("CUSTOMERS_STORE", "x")), "CUSTOMERS_STORE: expected sqlite:PATH"),
        (vec!["serve"], Some(("CUSTOMERS_LOG_LEVEL", "x")), "CUSTOMERS_LOG_LEVEL: expected one of"),
        (vec!["serve"], Some(("CUSTOMERS_CONFIG", "x")), "CUSTOMERS_CONFIG: x can't be read"),
        (vec!["serve", "--config", "wrong.toml"], None, "wrong.toml: listen: expected ADDR:PORT"),
        (vec!["serve", "--config", "unknown.toml"], None, "there is no setting `lisden`"),
        (
            vec!["serve", "--requests-per-minute", "0"],
            None,
            "--requests-per-minute: expected a whole number from 1",
        ),
        (
            vec!["serve"],
            Some(("CUSTOMERS_FAILED_AUTHENTICATIONS_PER_MINUTE", "0")),
            "CUSTOMERS_FAILED_AUTHENTICATIONS_PER_MINUTE: expected a whole number from 1",
        ),
        (vec!["import", "--store", "x", "-"], None, "--store: expected sqlite:PATH"),
        (vec!["token", "list", "--store", "x"], None, "--store: expected sqlite:PATH"),
    ] {
        let mut command = place.command(&arguments);
        if let Some((name, value)) = variable {
            command.env(name, value);
        }
        let refused = command.output().unwrap();
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}");
        let error = text(&refused.stderr);
        assert!(error.contains(expected), "{arguments:?}: {error}");
    }
}

#[test]
fn the_settings_of_a_file_are_used() {
    let place = Place::with_world();
    let url = place.home().url();
    let file = format!("listen = '127.0.0.1:0'\nstore = '{url}'\nlog-level = 'error'\n");
    std::fs::write(place.path("customers.toml"), file).unwrap();
    let mut command = place.command(&["serve", "--config", "customers.toml"]);
    command.env_remove("CUSTOMERS_STORE").env_remove("CUSTOMERS_LOG_LEVEL");
    let service = crate::service::Service::start(place, &mut command);
    let (log, _) = service.stop();
    assert_eq!(log, "");
}

#[test]
fn the_help_says_where_each_setting_can_be_given() {
    let help = text(&Place::new().run(&["serve", "--help"]).stdout);
    for setting in [
        "CUSTOMERS_LISTEN",
        "CUSTOMERS_STORE",
        "CUSTOMERS_LOG_LEVEL",
        "CUSTOMERS_CONFIG",
        "CUSTOMERS_REQUESTS_PER_MINUTE",
        "CUSTOMERS_FAILED_AUTHENTICATIONS_PER_MINUTE",
    ] {
        assert!(help.contains(setting), "{setting}: {help}");
    }
}
