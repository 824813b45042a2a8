//! Configurations: read and kept to the rules, or refused by key, and what was typed where a secret's place belongs is
//! not repeated.

use std::path::Path;

use chrono::DateTime;
use vestnik::config::{Config, ConfigError};
use vestnik::domain::hold::HOLD_SECONDS_MIN;
use vestnik::platforms;
use vestnik_contract::{Context, Renewals, SetClock};

use super::post_file::is_told;

/// The keys under which a secret's place stands.
const SECRET_KEYS: [&str; 9] = [
    "token",
    "community_token",
    "service_token",
    "user_token",
    "application_secret_key",
    "access_token",
    "refresh_token",
    "application_password",
    "secret",
];
/// Shorter texts stand in many a sentence.
const SECRET_CHARS_MIN: usize = 8;

/// Reads a configuration and opens its channels.
pub fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    // Nothing lies there: certificates and tokens are looked for in vain.
    let folder = Path::new("/nonexistent");
    match Config::parse(&text, folder) {
        Err(error) => {
            let told = error.to_string();
            let secret = typed_secrets(&text).find(|secret| told.contains(secret));
            assert_eq!(secret, None, "a secret stands in {told}");
            let ConfigError::Invalid { problems, .. } = error else { panic!("{told}") };
            assert!(!problems.is_empty());
            problems.iter().for_each(|found| is_told(&found.key, &found.problem));
        }
        Ok(config) => keeps_the_rules(&config, folder),
    }
}

fn keeps_the_rules(config: &Config, folder: &Path) {
    assert!(config.hold.hold_seconds() >= HOLD_SECONDS_MIN);
    assert!(!config.organisations.is_empty());
    let channels = || config.organisations.iter().flat_map(|organisation| &organisation.channels);
    assert!(config.speed == 1 || channels().all(|channel| channel.settings.is_loopback()), "a fast clock outside");
    let context = Context {
        clock: std::sync::Arc::new(SetClock::at(DateTime::UNIX_EPOCH)),
        base_dir: folder.into(),
        allow_private_addresses: config.allow_private_addresses,
        renewals: Renewals::default(),
    };
    for organisation in &config.organisations {
        assert_eq!(organisation.channels.iter().filter(|channel| channel.primary).count(), 1, "{}", organisation.slug);
        for channel in &organisation.channels {
            let may = platforms::find(channel.platform).is_some_and(platforms::Platform::may_be_primary);
            assert!(may || !channel.primary, "{} is primary", channel.platform);
            if let Err(error) = platforms::open(channel, &context) {
                assert!(!error.problem.key.trim().is_empty() && !error.problem.problem.trim().is_empty(), "{error}");
            }
        }
    }
}

/// Texts that stand, in quotation marks, where only the place of a secret belongs, and nowhere else.
fn typed_secrets(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(move |line| {
        let (key, value) = line.split_once('=')?;
        let value = value.trim().strip_prefix('"')?;
        let value = value.split(['"', '\\']).next()?;
        let typed = SECRET_KEYS.contains(&key.trim()) && value.chars().count() >= SECRET_CHARS_MIN;
        (typed && text.matches(value).count() == 1).then_some(value)
    })
}
