//! What an administrator may get wrong in the configuration: refused before anything is opened.

use crate::press::Press;

/// Changes a good configuration and expects these words; the database is not even made.
#[track_caller]
fn refused_after(change: impl Fn(&str) -> String, words: &[&str]) -> String {
    let press = Press::open();
    let good = press.config();
    let changed = change(&good);
    assert_ne!(changed, good);
    press.file("config.toml", changed);
    let mut told = String::new();
    for command in [["post", "list"].as_slice(), &["serve"], &["check"], &["attention"]] {
        told = press.vestnik(command).refused(words);
    }
    assert!(!press.path("vestnik.db").exists(), "nothing is opened under a broken configuration");
    told
}

/// The same with one piece replaced.
#[track_caller]
fn refused(from: &str, to: &str, words: &[&str]) -> String {
    refused_after(|config| config.replacen(from, to, 1), words)
}

/// The configuration with another line in place of the first that begins so, after `within`.
fn with_line(config: &str, within: &str, begins: &str, line: &str) -> String {
    let (head, rest) = config.split_once(within).unwrap();
    let old = rest.lines().find(|l| l.starts_with(begins)).unwrap();
    format!("{head}{within}{}", rest.replacen(old, line, 1))
}

#[test]
fn a_key_that_is_none() {
    refused("[server]\nlisten", "[server]\nlisen", &["config.toml", "server.lisen", "did you mean `listen`?"]);
    refused("[media]", "[medium]", &["medium", "media"]);
    refused("group_id = 225000001", "group_id = 225000001\ngroup = 1", &["channel[gorod-vk].group", "group_id"]);
    refused("[media]", "[media", &["line", "is not TOML"]);
}

#[test]
fn not_exactly_one_primary() {
    refused("primary = true\n", "", &["organisation[gorod].channel", "none is primary", "primary = true"]);
    let second = "slug = \"gorod-vk\"\nplatform = \"vk\"\nprimary = true\n";
    let words = ["gorod-max, gorod-vk are all primary", "exactly one"];
    refused("slug = \"gorod-vk\"\nplatform = \"vk\"\n", second, &words);
}

#[test]
fn a_hold_that_the_orders_forbid() {
    refused("[media]", "[hold]\nhours = 3.99\n[media]", &["hold.hours", "3.99", "4 hours", "order 454"]);
    refused("[media]", "[hold]\nhours = -1\n[media]", &["hold.hours", "-1"]);
    refused("[media]", "[hold]\nhours = nan\n[media]", &["hold.hours"]);
    refused("[media]", "[hold]\nmargin_seconds = 3601\n[media]", &["hold.margin_seconds", "3601", "0 to 3600"]);
    refused("[media]", "[hold]\nmargin_seconds = -1\n[media]", &["hold.margin_seconds", "-1", "0 to 3600"]);
}

#[test]
fn a_zone_that_is_none() {
    refused("Europe/Moscow", "Europe/Moscou", &["time_zone", "`Europe/Moscou`", "did you mean Europe/Moscow"]);
    refused("Europe/Moscow", "MSK", &["time_zone", "`MSK`"]);
}

#[test]
fn a_secret_that_was_typed_in_is_never_repeated() {
    let line = "token = { file = \"secrets/max-token\" }";
    let words = ["channel[gorod-max].token", "{ env = \"NAME\" }", "{ file = \"PATH\" }"];
    for typed in ["token = \"AbCdEf-123456\"", "token = { text = \"AbCdEf-123456\" }", "token = [\"AbCdEf-123456\"]"] {
        let told = refused(line, typed, &words[..1]);
        assert!(!told.contains("AbCdEf"), "{told}");
    }
    refused(line, "token = \"AbCdEf-123456\"", &words);
    let told = refused(line, "token = \"AbCdEf-123456", &["line", "is not TOML"]);
    assert!(!told.contains("AbCdEf"), "{told}");
}

#[test]
fn a_secret_that_is_not_there_stops_its_channel_and_names_the_place() {
    let press = Press::open();
    std::fs::remove_file(press.path("secrets/max-token")).unwrap();
    let check = press.vestnik(["check"]);
    assert_eq!(check.code, Some(1), "{check:#?}");
    check.shows(&["gorod-max", "CANNOT PUBLISH", "max-token", "gorod-vk (VK): may publish"]);
    // Officers still work: a post can be queued and nothing is lost.
    press.queue("Без ключа", "");
}

#[test]
fn one_account_twice() {
    let doubled = |config: &str| {
        let start = config.find("[[organisation.channel]]\nslug = \"gorod-vk\"").unwrap();
        let entry = config[start..].split("\n\n").next().unwrap();
        config.replacen(entry, &format!("{entry}\n\n{}", entry.replacen("gorod-vk", "gorod-vk-2", 1)), 1)
    };
    refused_after(doubled, &["gorod-vk-2", "the account vk:225000001", "already", "remove one of the two"]);
    refused("slug = \"gorod-ok\"", "slug = \"gorod-vk\"", &["`gorod-vk` stands twice"]);
}

#[test]
fn what_is_for_the_sandbox_alone() {
    let abroad = |config: &str| with_line(config, "gorod-site", "url", "url = \"https://gorod.example\"");
    refused_after(abroad, &["pacing.gap_seconds: 0", "gorod-site of gorod is not on this machine"]);
    let fast = |config: &str| abroad(config).replace("speed = 1", "speed = 2").replace("gap_seconds = 0", "");
    refused_after(fast, &["clock.speed: 2", "sandbox alone", "gorod-site of gorod"]);
}

#[test]
fn other_values_that_cannot_be() {
    refused("127.0.0.1:0", "8080", &["server.listen", "`8080`", "127.0.0.1:8080"]);
    refused("sqlite:vestnik.db", "postgres://me:hunter2@db/x", &["store.url", "sqlite:PATH"]);
    let told = refused("sqlite:vestnik.db", "postgres://me:hunter2@db/x", &["store.url"]);
    assert!(!told.contains("hunter2"), "{told}");
    refused("speed = 1", "speed = 0", &["clock.speed", "1 to"]);
    refused("speed = 1", "speed = 1\norigin = \"noon\"", &["clock.origin", "`noon` is not a moment"]);
    refused("platform = \"vk\"", "platform = \"facebook\"", &["platform", "`facebook`", "max, vk, ok"]);
    refused("slug = \"gorod-vk\"", "slug = \"Город ВК\"", &["`Город ВК` is not a slug", "a-z, 0-9"]);
}

#[test]
fn a_configuration_that_cannot_be_read() {
    let press = Press::open();
    press.vestnik(["--config", "none.toml", "post", "list"]).refused(&[
        "none.toml",
        "no configuration",
        "--config FILE",
    ]);
    press.vestnik(["--config", ".", "post", "list"]).refused(&["cannot be read", "not a file"]);
    press.file("latin.toml", b"[server]\n# \xcf\xf0\xe8\n");
    press.vestnik(["--config", "latin.toml", "post", "list"]).refused(&["latin.toml", "byte 11 is not UTF-8"]);
    press.file("empty.toml", "");
    press.vestnik(["--config", "empty.toml", "post", "list"]).refused(&["empty.toml", "organisation"]);
    press.vestnik(["--config"]).wrong_usage(&["--config"]);
}
