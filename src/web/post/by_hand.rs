//! What a person puts up by hand where vestnik cannot: headline, text and files, to be taken from the page.

use url::Url;
use vestnik_contract::{Markup, Media};

use crate::domain::content::{PostContent, PrimaryUrl};
use crate::domain::{State, StopKind};
use crate::office::Standing;
use crate::release::compose;
use crate::store::Delivery;
use crate::web::Desk;

/// A post as a person copies it to one channel.
#[derive(Debug, Clone)]
pub(in crate::web) struct ByHand {
    /// Its name in the page.
    pub anchor: String,
    /// What people call the channel.
    pub channel: String,
    /// The headline, where it goes into a field of its own.
    pub title: Option<String>,
    /// The text, without markup.
    pub text: String,
    pub files: Vec<Media>,
}

impl ByHand {
    /// What is to be put up, if it is a person's turn and something is to be put up at all.
    pub(in crate::web) fn of(
        desk: &Desk,
        d: &Delivery,
        content: &PostContent,
        standing: &Standing<'_>,
    ) -> Option<Self> {
        let is_asked = d.stop_kind == Some(StopKind::ByHand) && !standing.is_withdrawn;
        let channel = desk.office.channels.get(&d.channel)?;
        if !is_asked || !matches!(d.state, State::Handed | State::Published) {
            return None;
        }
        let primary = standing.primary().and_then(|primary| primary.url.as_ref()?.parse::<Url>().ok());
        let primary = primary.as_ref().map_or(PrimaryUrl::None, PrimaryUrl::Known);
        let drawn = compose(channel, content, primary).ok()?;
        let (title, text) = match drawn.title {
            Some(title) if drawn.markup == Markup::Plain => (Some(title), drawn.body),
            _ => (None, drawn.plain),
        };
        Some(Self {
            anchor: format!("by-hand-{}", d.id),
            channel: desk.channel_name(&d.channel),
            title,
            text,
            files: drawn.media,
        })
    }
}
