//! From what was typed to what it means for one organisation.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use url::Url;
use vestnik_contract::text::is_blank;

use super::{MediaEntry, PostFile, Problem, too_much};
use crate::config::Organisation;
use crate::domain::HoldLength;
use crate::domain::content::is_web;
use crate::domain::wall_time::{self, show};

/// What of an organisation a post's meaning depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationView {
    /// The zone in which times are typed.
    pub zone: Tz,
    /// How long followers wait for the primary.
    pub hold: HoldLength,
    /// The channel that gets every post.
    pub primary: ChannelView,
    /// The channels that a post may name.
    pub followers: Vec<ChannelView>,
}

/// What of a channel a post's meaning depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelView {
    /// Its slug.
    pub slug: String,
    /// Its platform's name.
    pub platform: String,
}

/// A post whose times are instants and whose channels are slugs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedPost {
    /// The headline, one line.
    pub title: String,
    /// The text, in `CommonMark`. Empty only when there are files or a link.
    pub body: String,
    /// The link that belongs to the post.
    pub link: Option<Url>,
    /// Tags without `#`, each once.
    pub tags: Vec<String>,
    /// Files, not looked at yet.
    pub media: Vec<MediaEntry>,
    /// Slugs of the followers it goes to, in the organisation's order.
    pub followers: Vec<String>,
    /// When the primary is to have it; `None` is now.
    pub at: Option<DateTime<Utc>>,
    /// Follower to the moment before which it is not released there, whatever the hold says.
    pub not_before: BTreeMap<String, DateTime<Utc>>,
    /// Channel to the text that stands there instead of `body`.
    pub overrides: BTreeMap<String, String>,
    /// What has not gone out by then fails.
    pub expires_at: Option<DateTime<Utc>>,
}

impl OrganisationView {
    /// The view of a configured organisation.
    pub fn of(organisation: &Organisation, hold: HoldLength) -> Self {
        let view = |channel: &crate::config::Channel| ChannelView {
            slug: channel.slug.clone(),
            platform: channel.platform.to_owned(),
        };
        Self {
            zone: organisation.zone,
            hold,
            primary: view(organisation.primary()),
            followers: organisation.followers().map(view).collect(),
        }
    }
}

/// What the file means for the organisation at `now`, or everything that is wrong with it.
pub fn resolve(
    file: PostFile,
    organisation: &OrganisationView,
    now: DateTime<Utc>,
) -> Result<ResolvedPost, Vec<Problem>> {
    let too_much = too_much(&file);
    if !too_much.is_empty() {
        return Err(too_much);
    }
    let mut to = Resolving { organisation, now, problems: Vec::new() };
    to.check_texts(&file);
    let followers = to.followers(&file.channels);
    let at = file.at.as_deref().and_then(|text| to.instant("at", text));
    let expires_at = file.expires_at.as_deref().and_then(|text| to.instant("expires_at", text));
    let not_before = to.not_before(&file.not_before, &followers);
    to.check_expiry(at, expires_at, &not_before, !followers.is_empty());
    let resolved = ResolvedPost {
        link: file.link.as_deref().and_then(|text| to.link(text)),
        tags: to.tags(file.tags),
        overrides: to.overrides(file.overrides, &followers),
        title: file.title,
        body: file.body,
        media: file.media,
        followers,
        at,
        not_before,
        expires_at,
    };
    if to.problems.is_empty() { Ok(resolved) } else { Err(to.problems) }
}

/// Whether it turns the direction of the line that a headline stands in, or is no character at all and looks different
/// everywhere.
fn misleads(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || matches!(c, '\u{fdd0}'..='\u{fdef}') || (c as u32) & 0xfffe == 0xfffe
}

struct Resolving<'a> {
    organisation: &'a OrganisationView,
    now: DateTime<Utc>,
    problems: Vec<Problem>,
}

impl Resolving<'_> {
    fn wrong(&mut self, code: &'static str, key: impl Into<String>, problem: impl Into<String>) {
        self.problems.push(Problem::new(code, key, problem));
    }

    fn check_texts(&mut self, file: &PostFile) {
        if is_blank(&file.title) {
            self.wrong("title-empty", "title", "is empty; write the headline");
        } else if file.title.contains(['\n', '\r']) {
            self.wrong(
                "title-lines",
                "title",
                "has more than one line; write the headline in one, and the rest into the text",
            );
        }
        if is_blank(&file.body) && file.media.is_empty() && file.link.is_none() {
            self.wrong("text-empty", "text", "is missing; write one, or give `media` or a `link`");
        }
        let texts = [("title".to_owned(), &file.title), ("text".to_owned(), &file.body)];
        let overrides = file.overrides.iter().map(|(channel, text)| (format!("overrides.{channel}"), text));
        for (key, text) in texts.into_iter().chain(overrides) {
            let is_unseen = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
            if let Some(c) = text.chars().find(|c| is_unseen(*c) || (key == "title" && misleads(*c))) {
                let character = format!("U+{:04X}", c as u32);
                let told = format!("has the character {character}, which nobody can see; take it out");
                self.problems.push(Problem::new("control-character", key, told).with("character", character));
            }
        }
    }

    fn followers(&mut self, named: &[String]) -> Vec<String> {
        let followers = &self.organisation.followers;
        if named.is_empty() {
            return followers.iter().map(|channel| channel.slug.clone()).collect();
        }
        let mut chosen = Vec::new();
        for (index, name) in named.iter().enumerate() {
            match self.channel(name) {
                Ok(slug) => chosen.push(slug),
                Err(problem) => self.problems.push(Problem { key: format!("channels[{index}]"), ..problem }),
            }
        }
        // The primary may be named; it is always included.
        followers.iter().map(|channel| &channel.slug).filter(|slug| chosen.contains(slug)).cloned().collect()
    }

    fn instant(&mut self, key: &str, text: &str) -> Option<DateTime<Utc>> {
        wall_time::instant(text, self.organisation.zone, self.now)
            .map_err(|error| self.problems.push(Problem::of_time(key, &error)))
            .ok()
    }

    fn not_before(
        &mut self,
        typed: &BTreeMap<String, String>,
        followers: &[String],
    ) -> BTreeMap<String, DateTime<Utc>> {
        let mut found = BTreeMap::new();
        for (name, text) in typed {
            let key = format!("not_before.{name}");
            let slug = match self.channel(name) {
                Ok(slug) => slug,
                Err(problem) => {
                    self.problems.push(Problem { key, ..problem });
                    continue;
                }
            };
            if slug == self.organisation.primary.slug {
                self.wrong(
                    "channel-primary",
                    key,
                    format!("{slug} is the primary, which goes first; write its time under `at`"),
                );
            } else if !followers.contains(&slug) {
                self.problems.push(not_chosen(key, &slug));
            } else if let Some(instant) = self.instant(&key, text)
                && found.insert(slug.clone(), instant).is_some()
            {
                let told = format!("{slug} has two times here; keep one of them");
                self.problems.push(Problem::new("time-for-two", key, told).with("channel", slug));
            }
        }
        found
    }

    fn overrides(&mut self, typed: BTreeMap<String, String>, followers: &[String]) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for (name, text) in typed {
            let key = format!("overrides.{name}");
            match self.channel(&name) {
                Err(problem) => self.problems.push(Problem { key, ..problem }),
                Ok(_) if is_blank(&text) => {
                    self.wrong("override-empty", key, "is empty; write the text for this channel or take this out");
                }
                Ok(slug) if slug != self.organisation.primary.slug && !followers.contains(&slug) => {
                    self.problems.push(not_chosen(key, &slug));
                }
                Ok(slug) => {
                    if found.insert(slug.clone(), text.trim().to_owned()).is_some() {
                        let told = format!("{slug} has two texts here; keep one of them");
                        self.problems.push(Problem::new("text-for-two", key, told).with("channel", slug));
                    }
                }
            }
        }
        found
    }

    /// A post that must expire before it may be released anywhere else would only ever fail there.
    fn check_expiry(
        &mut self,
        at: Option<DateTime<Utc>>,
        expires_at: Option<DateTime<Utc>>,
        not_before: &BTreeMap<String, DateTime<Utc>>,
        follows: bool,
    ) {
        let Some(expires_at) = expires_at else { return };
        let zone = self.organisation.zone;
        let start = at.unwrap_or(self.now);
        let shown = show(expires_at, zone);
        if expires_at <= start {
            let problem = format!("{shown} is not after the publication at {}; take a later time", show(start, zone));
            return self.wrong("expires-too-early", "expires_at", problem);
        }
        let released = start.checked_add_signed(self.organisation.hold.total()).unwrap_or(start);
        if follows && expires_at <= released {
            let problem = format!(
                "{shown} is over before anything but the primary may have the post, at {} at the earliest; \
                 take a later time, or name the primary alone under `channels`",
                show(released, zone)
            );
            let earliest = show(released, zone);
            let problem = Problem::new("expires-before-followers", "expires_at", problem);
            return self.problems.push(problem.with("earliest", earliest.get(..16).unwrap_or(&earliest)));
        }
        if let Some((slug, not_before)) = not_before.iter().find(|(_, instant)| **instant >= expires_at) {
            let problem = format!(
                "{shown} is not after the time of {slug} under `not_before`, {}; take a later time",
                show(*not_before, zone)
            );
            let problem = Problem::new("expires-before-not-before", "expires_at", problem);
            self.problems.push(problem.with("channel", slug.as_str()));
        }
    }

    fn link(&mut self, text: &str) -> Option<Url> {
        match Url::parse(text.trim()) {
            Ok(url) if is_web(&url) => Some(url),
            _ => {
                let told = format!("`{text}` is not a web address; write it like https://gorod.ru/page");
                self.problems.push(Problem::new("link-not-web", "link", told).with("link", text.trim()));
                None
            }
        }
    }

    fn tags(&mut self, typed: Vec<String>) -> Vec<String> {
        let mut tags: Vec<String> = Vec::new();
        for (index, tag) in typed.into_iter().enumerate() {
            let tag = tag.trim().trim_start_matches('#').trim();
            if is_blank(tag) || tag.chars().any(|c| c.is_control() || matches!(c, '#' | ',')) {
                let told = format!("`{tag}` is not one tag; write words, without # and commas");
                self.problems.push(Problem::new("tag-not-one", format!("tags[{index}]"), told).with("tag", tag));
            } else if !tags.iter().any(|known| known == tag) {
                tags.push(tag.to_owned());
            }
        }
        tags
    }

    /// A channel by its slug, or by its platform where only one channel is on it.
    fn channel(&self, name: &str) -> Result<String, Problem> {
        let all = || std::iter::once(&self.organisation.primary).chain(&self.organisation.followers);
        if let Some(channel) = all().find(|channel| channel.slug == name) {
            return Ok(channel.slug.clone());
        }
        let on_platform: Vec<&str> = all().filter(|c| c.platform == name).map(|c| c.slug.as_str()).collect();
        match on_platform[..] {
            [one] => Ok(one.to_owned()),
            [] => {
                let slugs: Vec<&str> = all().map(|channel| channel.slug.as_str()).collect();
                let slugs = slugs.join(", ");
                let told = format!("`{name}` is not a channel of the organisation; its channels are {slugs}");
                Err(Problem::new("channel-unknown", "", told).with("channel", name).with("channels", slugs))
            }
            _ => {
                let told = format!("several channels are on {name}; write the slug of one: {}", on_platform.join(", "));
                Err(Problem::new("channel-ambiguous", "", told).with("channel", name))
            }
        }
    }
}

fn not_chosen(key: String, slug: &str) -> Problem {
    let told = format!("the post does not go to {slug}; add it to `channels` or take this out");
    Problem::new("channel-not-chosen", key, told).with("channel", slug)
}
