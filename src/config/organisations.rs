//! Organisations and their channels: what must be unique, and that each organisation has exactly one primary.

use std::collections::HashMap;

use chrono_tz::{TZ_VARIANTS, Tz};

use super::error::Problem;
use super::{Channel, Organisation, file, near, wording};
use crate::domain::content::PRIMARY_URL;
use crate::platforms::{self, OwnSettings};

/// The journal's chain of the installation itself goes by this name.
const RESERVED: &str = "installation";
const SLUG_CHARS_MAX: usize = 40;
/// It stands in tables and on buttons.
const NAME_CHARS_MAX: usize = 40;
/// For whoever has no idea how zones are called.
const ZONES_OF_RUSSIA: &str = "Europe/Kaliningrad, Europe/Moscow, Europe/Samara, Asia/Yekaterinburg, Asia/Omsk, \
     Asia/Krasnoyarsk, Asia/Irkutsk, Asia/Yakutsk, Asia/Vladivostok, Asia/Magadan, Asia/Kamchatka";

/// What may stand only once in the installation, with the key it first stood under.
#[derive(Default)]
struct Seen {
    organisations: HashMap<String, String>,
    channels: HashMap<String, String>,
    accounts: HashMap<String, String>,
}

/// Checks all of them, and tells everything that is wrong.
pub(super) fn checked(organisations: Vec<file::Organisation>, problems: &mut Vec<Problem>) -> Vec<Organisation> {
    if organisations.is_empty() {
        problems.push(Problem::new("organisation", "there is none; add an [[organisation]] with at least one channel"));
    }
    let mut seen = Seen::default();
    let indexed = organisations.into_iter().enumerate();
    indexed.filter_map(|(index, entry)| organisation(index, entry, &mut seen, problems)).collect()
}

fn organisation(
    index: usize,
    entry: file::Organisation,
    seen: &mut Seen,
    problems: &mut Vec<Problem>,
) -> Option<Organisation> {
    let key = labelled("organisation", index, &entry.slug);
    check_slug(&key, &entry.slug, &mut seen.organisations, problems);
    if entry.slug == RESERVED {
        let problem = format!("`{RESERVED}` is the name of the installation's own journal; take another");
        problems.push(Problem::new(format!("{key}.slug"), problem));
    }
    if entry.name.trim().is_empty() {
        problems.push(Problem::new(format!("{key}.name"), "is empty; write the organisation's name for readers"));
    }
    let zone = zone(&entry.time_zone).map_err(|why| problems.push(Problem::new(format!("{key}.time_zone"), why))).ok();
    check_primaries(&key, &entry.channel, problems);
    let channels = entry.channel.into_iter().enumerate();
    let channels: Vec<_> = channels.filter_map(|(index, entry)| channel(&key, index, entry, seen, problems)).collect();
    Some(Organisation {
        slug: entry.slug,
        name: entry.name.trim().to_owned(),
        zone: zone?,
        approval: entry.approval,
        channels,
    })
}

fn check_primaries(key: &str, channels: &[file::Channel], problems: &mut Vec<Problem>) {
    let primaries: Vec<&str> = channels.iter().filter(|c| c.primary).map(|c| c.slug.as_str()).collect();
    let problem = match primaries[..] {
        [_] => return,
        [] => "none is primary; write primary = true in the entry of the MAX channel".into(),
        _ => format!("{} are all primary; exactly one may be, the MAX channel", primaries.join(", ")),
    };
    problems.push(Problem::new(format!("{key}.channel"), problem));
}

fn channel(
    organisation: &str,
    index: usize,
    entry: file::Channel,
    seen: &mut Seen,
    problems: &mut Vec<Problem>,
) -> Option<Channel> {
    let key = format!("{organisation}.{}", labelled("channel", index, &entry.slug));
    check_slug(&key, &entry.slug, &mut seen.channels, problems);
    let footer = entry.footer.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if let Some(why) = footer.as_deref().and_then(|text| footer_problem(text, entry.primary)) {
        problems.push(Problem::new(format!("{key}.footer"), why));
    }
    let name = entry.name.map(|name| name.trim().to_owned());
    if let Some(why) = name.as_deref().and_then(name_problem) {
        problems.push(Problem::new(format!("{key}.name"), why));
    }
    let settings =
        own_settings(&key, &entry.platform, entry.primary, entry.own).map_err(|problem| problems.push(problem)).ok()?;
    if let Some(first) = seen.accounts.insert(settings.account().to_owned(), key.clone()) {
        let account = settings.account();
        problems.push(Problem::new(
            &key,
            format!("the account {account} stands under {first} already; remove one of the two"),
        ));
    }
    let platform = settings.platform().name();
    Some(Channel { slug: entry.slug, name, platform, primary: entry.primary, footer, settings })
}

fn own_settings(key: &str, platform: &str, primary: bool, own: toml::Table) -> Result<OwnSettings, Problem> {
    let Some(found) = platforms::find(platform) else {
        let hint = near::hint(platform, platforms::names());
        let allowed = platforms::names().collect::<Vec<_>>().join(", ");
        let problem = format!("`{platform}` is not a platform{hint} Allowed: {allowed}");
        return Err(Problem::new(format!("{key}.platform"), problem));
    };
    if primary && !found.may_be_primary() {
        let problem = format!(
            "a channel on {platform} cannot be primary: the orders want news in MAX first; \
             make the MAX channel primary, or one of platform `manual` that stands in for it"
        );
        return Err(Problem::new(format!("{key}.primary"), problem));
    }
    found.settings(own).map_err(|error| {
        let mut problem = wording::problem(&error.path, &error.message);
        // What every channel has is allowed as well, though the platform does not know it.
        if let Some((told, allowed)) = problem.problem.split_once("Allowed: ") {
            problem.problem = format!("{told}Allowed: slug, name, platform, primary, footer, {allowed}");
        }
        Problem { key: wording::within(key, &problem.key), ..problem }
    })
}

fn name_problem(name: &str) -> Option<String> {
    let chars = name.chars().count();
    if name.is_empty() {
        return Some("is empty; write what people call the channel, or leave the key out".into());
    }
    if name.chars().any(char::is_control) {
        return Some("holds a line break or another character that nobody sees; write it in one line".into());
    }
    (chars > NAME_CHARS_MAX).then(|| format!("has {chars} characters; take {NAME_CHARS_MAX} at most"))
}

fn footer_problem(text: &str, primary: bool) -> Option<String> {
    if primary && text.contains(PRIMARY_URL) {
        return Some(format!(
            "the primary's own footer cannot name {PRIMARY_URL}, which is not known before it is out; take it out"
        ));
    }
    let other = placeholders(text).find(|name| *name != PRIMARY_URL)?;
    Some(format!("`{other}` is nothing that can be filled in; {PRIMARY_URL} is the only one"))
}

/// `{words_like_this}` in a text.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    let ends = |(start, _): (usize, &str)| {
        let rest = &text[start..];
        let name = &rest[..=rest.find('}')?];
        let inner = &name[1..name.len() - 1];
        let is_word = !inner.is_empty() && inner.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        is_word.then_some(name)
    };
    text.match_indices('{').filter_map(ends)
}

fn check_slug(key: &str, slug: &str, seen: &mut HashMap<String, String>, problems: &mut Vec<Problem>) {
    let key = format!("{key}.slug");
    let fits = (1..=SLUG_CHARS_MAX).contains(&slug.len())
        && slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !fits {
        let problem = format!("`{slug}` is not a slug; write 1 to {SLUG_CHARS_MAX} of the characters a-z, 0-9 and -");
        problems.push(Problem::new(key, problem));
    } else if seen.insert(slug.to_owned(), key.clone()).is_some() {
        problems.push(Problem::new(key, format!("`{slug}` stands twice; slugs are unique in the installation")));
    }
}

fn zone(text: &str) -> Result<Tz, String> {
    text.parse().map_err(|_| {
        let near = near::nearest(text, TZ_VARIANTS.iter().map(|zone| zone.name()), 3);
        let hint = if near.is_empty() {
            format!("write an IANA name. The zones of Russia: {ZONES_OF_RUSSIA}")
        } else {
            format!("did you mean {}?", near.join(", "))
        };
        format!("`{text}` is not a time zone; {hint}")
    })
}

/// `channel[gorod-vk]`, or `channel[2]` (from 0, as the parser counts) where the slug is not one.
fn labelled(kind: &str, index: usize, slug: &str) -> String {
    if slug.is_empty() || slug.len() > SLUG_CHARS_MAX || slug.contains(['\n', ']']) {
        format!("{kind}[{index}]")
    } else {
        format!("{kind}[{slug}]")
    }
}
