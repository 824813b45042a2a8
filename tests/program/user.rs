//! People at the desk, as whoever keeps the machine adds them and keeps them out.

use crate::press::{Press, wait_until};

#[test]
fn the_first_start_prints_an_address_and_the_second_one_voids_it() {
    let press = Press::open();
    let secret = |log: &str| {
        let rest = log.split("/welcome/").nth(1)?;
        let secret: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
        (secret.len() == 64).then_some(secret)
    };
    let mut secrets = Vec::new();
    for _ in 0..2 {
        let daemon = press.serve();
        wait_until("the address is printed", || secret(&daemon.log()).is_some());
        secrets.extend(secret(&daemon.log()));
        daemon.stop();
    }
    assert_ne!(secrets[0], secrets[1]);
    press.vestnik(["user", "add", "petrova", "--name", "Петрова", "--role", "administrator"]).done();
    let daemon = press.serve();
    wait_until("it is at work", || daemon.log().contains("vestnik is at work"));
    assert_eq!(secret(&daemon.log()), None, "there is somebody now");
    daemon.stop();
    // The secret is good for whoever reads the terminal, not for whoever reads the database.
    let database = std::fs::read(press.path("vestnik.db")).unwrap();
    assert!(!database.windows(64).any(|window| secrets.iter().any(|secret| secret.as_bytes() == window)));
}

#[test]
fn people_are_added_and_kept_out_from_the_command_line() {
    let press = Press::open();
    let added = press.json(["user", "add", "Petrova", "--name", "Петрова Н. С.", "--role", "officer", "--by", "Иван"]);
    assert_eq!(added["login"], "petrova");
    assert!(added["address"].as_str().unwrap().starts_with("http"), "{added}");
    press.vestnik(["user", "add", "petrova", "--name", "Другая", "--role", "officer"]).refused(&["login", "already"]);
    press.vestnik(["user", "add", "x", "--name", "Икс", "--role", "officer"]).refused(&["login"]);
    press.vestnik(["user", "add", "xx", "--name", "Икс", "--role", "officer@nowhere"]).refused(&["organisation"]);
    press.vestnik(["user", "rights", "petrova", "--role", "auditor", "--role", "editor@gorod"]).done();
    let people = press.json(["user", "list"]);
    let roles = serde_json::json!([
        {"role": "editor", "organisation": "gorod"}, {"role": "auditor", "organisation": null}
    ]);
    assert_eq!((&people[0]["access"], &people[0]["roles"]), (&"invited".into(), &roles), "{people}");
    press.vestnik(["user", "disable", "petrova"]).done();
    assert_eq!(press.json(["user", "list"])[0]["access"], "disabled");
    press.vestnik(["user", "reset", "petrova"]).refused(&["enable"]);
    press.vestnik(["user", "enable", "petrova"]).done();
    let reset = press.json(["user", "reset", "petrova"]);
    assert_ne!(reset["address"], added["address"]);
    press.vestnik(["user", "disable", "nobody"]).refused(&["user list"]);
    press.vestnik(["history", "verify"]).done();
}
