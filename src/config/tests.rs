use std::sync::Arc;

use vestnik_contract::SystemClock;

use super::*;

const ORGANISATION: &str = r#"
[[organisation]]
slug = "gorod"
name = "Город"
time_zone = "Europe/Moscow"
"#;
const MAX: &str = r#"
[[organisation.channel]]
slug = "gorod-max"
platform = "max"
primary = true
chat_id = -1
token = { env = "MAX_TOKEN" }
base_url = "http://127.0.0.1:8101"
"#;
const SITE: &str = r#"
[[organisation.channel]]
slug = "gorod-site"
platform = "webhook"
url = "http://127.0.0.1:8105/vestnik"
secret = { env = "SECRET" }
"#;

fn parse(parts: &[&str]) -> Result<Config, ConfigError> {
    Config::parse(&parts.concat(), Path::new("/srv/vestnik"))
}

fn refused(parts: &[&str]) -> String {
    parse(parts).expect_err(&parts.concat()).to_string()
}

/// The refusal of the smallest good configuration with one table before it.
fn refused_with(table: &str) -> String {
    refused(&[table, ORGANISATION, MAX, SITE])
}

#[test]
fn the_shipped_configuration_says_what_its_comments_say() {
    let shipped = Config::parse(SHIPPED, Path::new("/srv/vestnik")).unwrap();
    assert_eq!(shipped.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(shipped.store, StoreUrl::Sqlite("/srv/vestnik/data/vestnik.db".into()));
    assert!(shipped.channels().all(|(_, channel)| channel.settings.is_loopback()));
    assert_eq!(shipped.organisation("gorod").unwrap().primary().slug, "gorod-max");
    let followers: Vec<_> = shipped.organisations[0].followers().map(|c| c.slug.as_str()).collect();
    assert_eq!(followers, ["gorod-vk", "gorod-ok", "gorod-site"]);
    for (_, channel) in shipped.channels() {
        crate::platforms::open(channel, &shipped.context(Arc::new(SystemClock))).unwrap();
    }
    // Each key that is commented out shows its default, and can be taken in as it is.
    let bare = parse(&[ORGANISATION, MAX]).unwrap();
    assert_eq!((shipped.server.listen, &shipped.store, shipped.hold), (bare.server.listen, &bare.store, bare.hold));
    assert_eq!((&shipped.media, shipped.week_minimum), (&bare.media, bare.week_minimum));
    let all = SHIPPED.lines().map(uncommented).collect::<Vec<_>>().join("\n");
    let taken_in = Config::parse(&all, Path::new("/srv/vestnik")).unwrap();
    assert_eq!((taken_in.media, taken_in.speed), (bare.media, bare.speed));
    assert_eq!(taken_in.allow_private_addresses, bare.allow_private_addresses);
    assert_eq!(taken_in.organisations[0].channels.len(), 6);
}

fn uncommented(line: &str) -> &str {
    line.strip_prefix('#').filter(|rest| !rest.starts_with([' ', '#']) && !rest.is_empty()).unwrap_or(line)
}

#[test]
fn the_manual_names_every_key() {
    let manual = include_str!("../../docs/configuration.md");
    let lines = SHIPPED.lines().map(uncommented).filter(|line| !line.starts_with('#'));
    for key in lines.filter_map(|line| line.split_once(" = ")).map(|(key, _)| key) {
        assert!(manual.contains(&format!("`{key}`")), "docs/configuration.md does not name `{key}`");
    }
    for name in crate::platforms::names() {
        let section =
            manual.split(&format!("### `{name}`\n")).nth(1).unwrap_or_else(|| panic!("no section on `{name}`"));
        let section = section.split("\n### ").next().unwrap_or_default();
        for key in keys_of(name) {
            assert!(section.contains(&format!("| `{key}` |")), "docs/configuration.md does not name `{key}` of {name}");
        }
    }
}

/// A platform's own keys, as it lists them to somebody who wrote a wrong one.
fn keys_of(platform: &str) -> Vec<String> {
    let channel = format!("[[organisation.channel]]\nslug = \"a\"\nplatform = \"{platform}\"\nwrong = 1\n");
    let error = refused(&[ORGANISATION, &channel]);
    let (_, keys) = error.split_once("slug, name, platform, primary, footer, ").unwrap_or_else(|| panic!("{error}"));
    keys.lines().next().unwrap_or_default().split(", ").map(str::to_owned).collect()
}

#[test]
fn a_hold_under_the_orders_is_refused_with_the_orders() {
    for hours in ["3", "3.999999999999", "0", "-4", "nan"] {
        let error = refused_with(&format!("[hold]\nhours = {hours}\n"));
        assert!(error.contains("hold.hours: ") && error.contains("order 454"), "{error}");
    }
    let hold = |hours: &str| parse(&["[hold]\nhours = ", hours, "\n", ORGANISATION, MAX]).unwrap().hold.hold_seconds();
    assert_eq!((hold("4"), hold("4.1"), hold("4.5"), hold("720")), (14_400, 14_760, 16_200, 2_592_000));
    assert!(refused_with("[hold]\nhours = inf\n").contains("inf is too long; write 4 to 720"));
    assert!(
        refused_with("[hold]\nmargin_seconds = 3601\n")
            .contains("hold.margin_seconds: 3601 is not allowed; write 0 to 3600")
    );
    assert!(refused_with("[hold]\nmargin_seconds = -1\n").contains("-1 is not allowed"));
}

#[test]
fn a_key_that_is_none_is_refused_with_those_that_are() {
    for (table, told) in [
        ("[hold]\nhour = 5\n", "hold.hour: is not a key here; did you mean `hours`? Allowed: hours, margin_seconds"),
        ("[sever]\nlisten = \"x\"\n", "sever: is not a key here; did you mean `server`? Allowed: server, store"),
        ("[hold]\nhours = \"five\"\n", "hold.hours: the text \"five\" stands here; it must be a number"),
        ("[week]\nminimum = -3\n", "week.minimum: the number -3 is not allowed; it must be a whole number, 0 or more"),
        ("[week]\nminimum = 2.5\n", "week.minimum: the number 2.5 stands here; it must be a whole number"),
        ("[network]\nallow_private_addresses = 1\n", "the number 1 stands here; it must be true or false"),
    ] {
        let error = refused_with(table);
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn a_platforms_own_keys_are_refused_by_their_whole_path() {
    let site = |extra: &str| refused(&[ORGANISATION, MAX, SITE, extra]);
    let error = site("sekret = 1\n");
    let told = "organisation[gorod].channel[gorod-site].sekret: is not a key here; did you mean `secret`? \
                Allowed: slug, name, platform, primary, footer, url, secret";
    assert!(error.contains(told), "{error}");
    let error = site("title_max = \"long\"\n");
    assert!(
        error.contains("organisation[gorod].channel[gorod-site].title_max: the text \"long\" stands here"),
        "{error}"
    );
    let error = refused(&[ORGANISATION, MAX, &SITE.replace("secret", "#secret")]);
    assert!(error.contains("organisation[gorod].channel[gorod-site].secret: is missing"), "{error}");
    let error = refused(&[ORGANISATION, MAX, &SITE.replace("slug", "#slug")]);
    assert!(error.contains("organisation[0].channel[1].slug: is missing"), "{error}");
    let error = refused(&[&ORGANISATION.replace("name", "#name"), MAX]);
    assert!(error.contains("organisation[0].name: is missing"), "{error}");
}

#[test]
fn a_secret_that_was_typed_in_is_not_repeated() {
    for typed in [
        "\"hunter2\"",
        "hunter2",
        "7227227",
        "[\"hunter2\"]",
        "{ env = \"A\", file = \"hunter2\" }",
        "\"hunter2",
        "{ token = \"hunter2\" }",
    ] {
        let error = refused(&[ORGANISATION, &MAX.replace("{ env = \"MAX_TOKEN\" }", typed), SITE]);
        assert!(!error.contains("hunter2") && !error.contains("7227227"), "{typed}: {error}");
        assert!(error.contains("channel[gorod-max].token: ") || error.contains("line 12: is not TOML"), "{error}");
    }
}

#[test]
fn an_organisation_has_exactly_one_primary_that_can_be_one() {
    let error = refused(&[ORGANISATION, SITE]);
    assert!(error.contains("organisation[gorod].channel: none is primary; write primary = true"), "{error}");
    let second = MAX.replace("gorod-max", "second-max").replace("-1", "-2");
    let error = refused(&[ORGANISATION, MAX, &second]);
    assert!(error.contains("gorod-max, second-max are all primary; exactly one may be"), "{error}");
    let error = refused(&[ORGANISATION, SITE, "primary = true\n"]);
    assert!(error.contains("channel[gorod-site].primary: a channel on webhook cannot be primary"), "{error}");
    let by_hand = "[[organisation.channel]]\nslug = \"hand\"\nplatform = \"manual\"\nsite = \"https://max.ru/gorod\"\nprimary = true\n";
    assert_eq!(parse(&[ORGANISATION, by_hand, SITE]).unwrap().organisations[0].primary().platform, "manual");
}

#[test]
fn what_stands_twice_is_refused() {
    let error = refused(&[ORGANISATION, MAX, SITE, &SITE.replace("8105", "8106")]);
    assert!(error.contains("channel[gorod-site].slug: `gorod-site` stands twice"), "{error}");
    let error = refused(&[ORGANISATION, MAX, SITE, &SITE.replace("gorod-site", "gorod-portal")]);
    assert!(error.contains("channel[gorod-portal]: the account webhook:127.0.0.1:8105/vestnik stands under organisation[gorod].channel[gorod-site] already"), "{error}");
    let error = refused(&[ORGANISATION, MAX, ORGANISATION, &MAX.replace("gorod-max", "m").replace("-1", "-2")]);
    assert!(error.contains("organisation[gorod].slug: `gorod` stands twice"), "{error}");
    let error =
        refused(&[ORGANISATION, MAX, &ORGANISATION.replace("\"gorod\"", "\"selo\""), &MAX.replace("gorod-max", "m")]);
    assert!(
        error.contains("the account max:-1 stands under organisation[gorod].channel[gorod-max] already"),
        "{error}"
    );
}

#[test]
fn slugs_are_slugs() {
    for slug in ["", "Город", "a b", "a_b", "a".repeat(41).as_str()] {
        let error = refused(&[ORGANISATION, &MAX.replace("gorod-max", slug)]);
        assert!(error.contains("is not a slug; write 1 to 40 of the characters a-z, 0-9 and -"), "{error}");
    }
    let error = refused(&[&ORGANISATION.replace("\"gorod\"", "\"installation\""), MAX]);
    assert!(error.contains("organisation[installation].slug: `installation` is the name of"), "{error}");
    assert!(refused(&[]).contains("organisation: there is none"));
}

#[test]
fn a_zone_that_is_none_is_told_its_neighbours() {
    let zone = |name: &str| refused(&[&ORGANISATION.replace("Europe/Moscow", name), MAX]);
    assert!(zone("Europe/Mosow").contains("`Europe/Mosow` is not a time zone; did you mean Europe/Moscow"));
    assert!(zone("Moscow").contains("did you mean Europe/Moscow"), "{}", zone("Moscow"));
    assert!(zone("Asia/Ekaterinburg").contains("Asia/Yekaterinburg"), "{}", zone("Asia/Ekaterinburg"));
    assert!(zone("МСК").contains("The zones of Russia: Europe/Kaliningrad"));
}

#[test]
fn a_platform_that_is_none_is_told_which_are() {
    let error = refused(&[ORGANISATION, MAX, &SITE.replace("\"webhook\"", "\"webhok\"")]);
    assert!(
        error.contains(
            "channel[gorod-site].platform: `webhok` is not a platform; did you mean `webhook`? Allowed: max, "
        ),
        "{error}"
    );
}

#[test]
fn what_only_the_sandbox_may_do_names_the_channel_that_is_not_in_it() {
    let real = SITE.replace("http://127.0.0.1:8105", "https://gorod.ru");
    for (table, key) in
        [("[clock]\nspeed = 3600\n", "clock.speed: 3600"), ("[pacing]\ngap_seconds = 0\n", "pacing.gap_seconds: 0")]
    {
        let error = refused(&[table, ORGANISATION, MAX, &real]);
        assert!(error.contains(key) && error.contains("channel gorod-site of gorod is not on this machine"), "{error}");
        assert!(parse(&[table, ORGANISATION, MAX, SITE]).is_ok());
    }
    assert!(parse(&["[pacing]\ngap_seconds = 1\n", ORGANISATION, MAX, &real]).is_ok());
    assert!(refused_with("[clock]\nspeed = 0\n").contains("clock.speed: 0 is not allowed; write 1 to"));
    let error = refused_with("[clock]\norigin = \"2026-11-23 09:00\"\n");
    assert!(error.contains("clock.origin: `2026-11-23 09:00` is not a moment; write it with its offset"), "{error}");
    let anchored = parse(&["[clock]\norigin = \"2026-11-23T09:00+03:00\"\n", ORGANISATION, MAX]);
    let error = anchored.unwrap_err().to_string();
    assert!(error.contains("clock.origin"), "seconds belong to it: {error}");
    let anchored = parse(&["[clock]\norigin = \"2026-11-23T09:00:00+03:00\"\n", ORGANISATION, MAX]).unwrap();
    assert_eq!(anchored.clock_origin, "2026-11-23T06:00:00Z".parse().ok());
}

#[test]
fn addresses_and_databases() {
    assert!(
        refused_with("[server]\nlisten = \"8080\"\n").contains("server.listen: `8080` is not an address with a port")
    );
    let store = |url: &str| format!("[store]\nurl = \"{url}\"\n");
    let error = refused_with(&store("postgres://vestnik:geheim@localhost/vestnik"));
    assert!(
        error.contains("store.url: `postgres` is not a database that vestnik can use") && !error.contains("geheim"),
        "{error}"
    );
    assert!(!refused_with(&store("mysql:vestnik:geheim@localhost")).contains("geheim"));
    for url in ["sqlite:", "sqlite::memory:", "sqlite:a.db?mode=ro", "data/vestnik.db"] {
        assert!(refused_with(&store(url)).contains("write sqlite:PATH"));
    }
    for (url, path) in
        [("sqlite:v.db", "/srv/vestnik/v.db"), ("sqlite:///var/v.db", "/var/v.db"), ("sqlite:/var/v.db", "/var/v.db")]
    {
        assert_eq!(parse(&[&store(url), ORGANISATION, MAX]).unwrap().store, StoreUrl::Sqlite(path.into()));
    }
}

#[test]
fn a_footer_may_name_the_max_post_and_nothing_else() {
    let follower = |footer: &str| parse(&[ORGANISATION, MAX, SITE, &format!("footer = \"{footer}\"\n")]);
    assert!(follower("MAX: {primary_url}, {не имя} {}").is_ok());
    assert_eq!(follower("  ").unwrap().channel("gorod-site").unwrap().1.footer, None);
    let error = follower("MAX: {url}").unwrap_err().to_string();
    assert!(error.contains("channel[gorod-site].footer: `{url}` is nothing that can be filled in"), "{error}");
    let error = refused(&[ORGANISATION, MAX, "footer = \"{primary_url}\"\n"]);
    assert!(error.contains("channel[gorod-max].footer: the primary's own footer cannot name"), "{error}");
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let error =
        refused(&["[hold]\nhours = 1\n[clock]\nspeed = 0\n", &ORGANISATION.replace("Europe/Moscow", "X"), SITE]);
    assert!(error.starts_with("the configuration: 4 things must be changed:\n  "), "{error}");
}

#[test]
fn a_file_that_cannot_be_read_is_told_with_the_way_out() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config.toml");
    let error = || Config::load(&path).unwrap_err().to_string();
    assert!(error().contains("there is no configuration at ") && error().contains("--config FILE"));
    std::fs::write(&path, [b'#', 0xd0, b'\n']).unwrap();
    assert!(error().contains("byte 1 is not UTF-8"), "{}", error());
    std::fs::write(&path, "[hold]\nhours = 4\nhours = 5\n").unwrap();
    assert!(error().contains("config.toml: line 3: is not TOML: duplicate key"), "{}", error());
    std::fs::write(&path, [ORGANISATION, MAX].concat()).unwrap();
    assert_eq!(Config::load(&path).unwrap().base_dir, dir.path());
    assert!(Config::load(dir.path()).unwrap_err().to_string().contains("it is not a file"));
}

proptest::proptest! {
    #[test]
    fn no_text_brings_it_down(text in "[\\[\\]a-z_=\" \n#{}.0-9-]{0,200}") {
        let _ = Config::parse(&text, Path::new("/"));
    }
}

#[test]
fn a_channel_may_have_a_name_for_people() {
    let named = |name: &str| parse(&[ORGANISATION, MAX, SITE, &format!("name = \"{name}\"\n")]);
    assert_eq!(named(" Портал ").unwrap().channel("gorod-site").unwrap().1.name.as_deref(), Some("Портал"));
    for (name, why) in [("", "is empty"), ("а\\nб", "in one line"), (&*"я".repeat(41), "41 characters; take 40")] {
        let error = refused(&[ORGANISATION, MAX, SITE, &format!("name = \"{name}\"\n")]);
        assert!(error.contains("channel[gorod-site].name: ") && error.contains(why), "{error}");
    }
}
