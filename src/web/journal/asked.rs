//! What a visitor asks for, as forms and links carry it, and what there is to choose.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use crate::config::Channel;
use crate::domain::wall_time::{Edge, edge};
use crate::domain::{PostId, State};
use crate::history::find::{Asked as AskedChain, Question};
use crate::journal::{Event, INSTALLATION, VESTNIK};
use crate::web::page::Page;
use crate::web::visitor::SignedIn;
use crate::web::{Desk, WebError};

/// No name, word or date of a form is longer; what a page can ask is bounded before anything is looked for.
const FIELD_BYTES_MAX: usize = 2_000;

/// The fields of the form above the journal. Empty ones choose nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    pub organisation: Option<String>,
    pub channel: Option<String>,
    pub kind: Option<String>,
    pub state: Option<String>,
    pub person: Option<String>,
    pub words: Option<String>,
    pub from: Option<String>,
    pub to: Option<String>,
    pub post: Option<String>,
    /// Where the page begins; see `history::find::Cursor`.
    pub page: Option<String>,
}

/// What there is to choose: only what the visitor may read.
#[derive(Debug, Clone)]
pub(in crate::web) struct Choices {
    /// Chains with the names of their organisations.
    pub chains: Vec<(String, String)>,
    /// Channels by organisation: its name, then the slugs.
    pub channels: Vec<(String, Vec<(String, String)>)>,
    /// Subjects of events, each with its kinds.
    pub kinds: Vec<(&'static str, Vec<&'static str>)>,
    /// Where deliveries stand.
    pub states: &'static [State],
}

/// The clocks on which a chain's times are shown: its organisation's. The installation has none of its own: the first
/// organisation's.
pub(in crate::web) fn zone_of(desk: &Desk, chain: &str) -> Tz {
    let config = &desk.office.config;
    config.organisation(chain).or(config.organisations.first()).map_or(Tz::UTC, |organisation| organisation.zone)
}

/// A chain as people call it.
pub(in crate::web) fn chain_name(desk: &Desk, page: &Page, chain: &str) -> String {
    match desk.office.config.organisation(chain) {
        Some(organisation) => organisation.name.clone(),
        None if chain == INSTALLATION => page.t("journal-installation").to_string(),
        None => chain.to_owned(),
    }
}

impl Choices {
    pub(in crate::web) async fn of(desk: &Desk, visitor: &SignedIn) -> Result<Self, WebError> {
        let mut chains: BTreeSet<String> = desk.office.store.chains().await?.into_iter().collect();
        chains.extend(desk.office.config.organisations.iter().map(|o| o.slug.clone()));
        chains.retain(|chain| visitor.asker().may_read_chain(chain));
        let channels = desk.office.config.organisations.iter().filter(|o| chains.contains(&o.slug));
        let named = |channels: &[Channel]| -> Vec<(String, String)> {
            channels.iter().map(|c| (c.slug.clone(), desk.channel_name(&c.slug))).collect()
        };
        let channels = channels.map(|o| (o.name.clone(), named(&o.channels))).collect();
        let named = |chain: String| (chain_name(desk, &visitor.page, &chain), chain);
        let mut chains: Vec<_> = chains.into_iter().map(named).map(|(name, chain)| (chain, name)).collect();
        // The program's own chain after those of people.
        chains.sort_by_key(|(chain, name)| (chain == INSTALLATION, name.clone()));
        let mut kinds: Vec<(&str, Vec<&str>)> = Vec::new();
        for kind in Event::KINDS {
            let subject = kind.split('.').next().unwrap_or(kind);
            match kinds.iter_mut().find(|(known, _)| *known == subject) {
                Some((_, of_subject)) => of_subject.push(kind),
                None => kinds.push((subject, vec![kind])),
            }
        }
        Ok(Self { chains, channels, kinds, states: State::ALL })
    }
}

fn given(field: Option<&String>) -> Option<&str> {
    field.map(|text| text.trim()).filter(|text| !text.is_empty())
}

impl Asked {
    /// Whether a field holds this, for `selected` in lists.
    pub(in crate::web) fn is(&self, field: &str, value: &str) -> bool {
        self.value(field) == value
    }

    /// What a field holds.
    pub(in crate::web) fn value(&self, field: &str) -> &str {
        self.fields().into_iter().find(|(name, _)| *name == field).and_then(|(_, value)| given(value)).unwrap_or("")
    }

    /// Whether anything is chosen at all.
    pub(in crate::web) fn is_narrowed(&self) -> bool {
        !self.chosen().is_empty()
    }

    /// Every field that chooses something, for forms that ask for the same.
    pub(in crate::web) fn chosen(&self) -> Vec<(&'static str, &str)> {
        self.fields().into_iter().filter_map(|(name, value)| Some((name, given(value)?))).collect()
    }

    fn fields(&self) -> [(&'static str, Option<&String>); 9] {
        [
            ("organisation", self.organisation.as_ref()),
            ("channel", self.channel.as_ref()),
            ("kind", self.kind.as_ref()),
            ("state", self.state.as_ref()),
            ("person", self.person.as_ref()),
            ("words", self.words.as_ref()),
            ("from", self.from.as_ref()),
            ("to", self.to.as_ref()),
            ("post", self.post.as_ref()),
        ]
    }

    /// A link that asks for the same, and something more.
    pub(in crate::web) fn link(&self, path: &str, more: &[(&str, String)]) -> String {
        let fields = self.chosen().into_iter().map(|(name, value)| (name, value.to_owned()));
        let pairs = fields.chain(more.iter().map(|(name, value)| (*name, value.clone())));
        let pairs: Vec<_> =
            pairs.map(|(name, value)| format!("{name}={}", utf8_percent_encode(&value, NON_ALPHANUMERIC))).collect();
        if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
    }

    /// The question behind the form. What the visitor may not read is not there.
    pub(in crate::web) async fn question(
        &self,
        desk: &Desk,
        visitor: &SignedIn,
        choices: &Choices,
    ) -> Result<Question, WebError> {
        let page = &visitor.page;
        if self.fields().iter().any(|(_, value)| value.is_some_and(|text| text.len() > FIELD_BYTES_MAX)) {
            return Err(WebError::Refused(page.t("journal-too-long").to_string()));
        }
        let mut chains: Vec<&str> = choices.chains.iter().map(|(chain, _)| chain.as_str()).collect();
        if let Some(chosen) = given(self.organisation.as_ref()) {
            visitor.asker().must_read_chain(chosen)?;
            if !chains.contains(&chosen) {
                return Err(WebError::NotFound);
            }
            chains = vec![chosen];
        }
        let channel = given(self.channel.as_ref());
        let owner = match channel {
            Some(slug) => Some(desk.office.store.chain_of_channel(slug).await?),
            None => None,
        };
        if let Some(owner) = &owner {
            visitor.asker().must_read_chain(owner)?;
            chains.retain(|chain| chain == owner);
        }
        let unknown =
            |what: &str| WebError::Refused(page.t("journal-unknown-choice").with("what", what.to_owned()).to_string());
        let kind = given(self.kind.as_ref());
        if let Some(kind) = kind.filter(|kind| !choices.kinds.iter().any(|(s, of)| s == kind || of.contains(kind))) {
            return Err(unknown(kind));
        }
        let state = given(self.state.as_ref()).map(|state| state.parse::<State>().map_err(|_| unknown(state)));
        let post = given(self.post.as_ref()).map(|post| post.parse::<PostId>().map_err(|_| WebError::NotFound));
        let chains: Result<Vec<_>, _> = chains.into_iter().map(|chain| self.of_chain(desk, page, chain)).collect();
        Ok(Question {
            chains: chains?,
            channel: channel.map(ToOwned::to_owned),
            kind: kind.map(ToOwned::to_owned),
            // The program stands in the journal under its own name, whatever a language calls it.
            person: given(self.person.as_ref()).map(|name| {
                if name.to_lowercase() == page.t("journal-vestnik").to_string().to_lowercase() { VESTNIK } else { name }
                    .to_owned()
            }),
            words: given(self.words.as_ref()).map(ToOwned::to_owned),
            post: post.transpose()?,
            state: state.transpose()?,
        })
    }

    fn of_chain(&self, desk: &Desk, page: &Page, chain: &str) -> Result<AskedChain, WebError> {
        let zone = zone_of(desk, chain);
        let (from, to) = period(page, zone, desk.office.clock.now(), self.from.as_ref(), self.to.as_ref())?;
        Ok(AskedChain { chain: chain.to_owned(), from, to })
    }
}

/// The two ends of a period, as far as they are chosen.
pub(in crate::web) type Ends = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// A period as people type it, on the clocks of a zone.
pub(in crate::web) fn period(
    page: &Page,
    zone: Tz,
    now: DateTime<Utc>,
    from: Option<&String>,
    to: Option<&String>,
) -> Result<Ends, WebError> {
    let at = |text: Option<&String>, which| {
        let field = if which == Edge::From { "from" } else { "to" };
        let read = given(text).map(|text| edge(text, which, zone, now).map_err(|_| no_date(page, field, text)));
        read.transpose()
    };
    let (from, to) = (at(from, Edge::From)?, at(to, Edge::To)?);
    if from.zip(to).is_some_and(|(from, to)| from >= to) {
        return Err(WebError::Mistyped { field: "to", words: page.t("journal-period-backwards").to_string() });
    }
    Ok((from, to))
}

/// What was typed into a field for a day, and is none.
pub(in crate::web) fn no_date(page: &Page, field: &'static str, text: &str) -> WebError {
    let shown: String = text.chars().take(40).collect();
    WebError::Mistyped { field, words: page.t("journal-no-date").with("text", shown).to_string() }
}
