//! How a draft will look where, before anything is kept: as far as it means something yet.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use url::Url;
use vestnik_contract::{Drawn, Limits, Media};

use super::{Office, OfficeError, Plan, aside, draft_meaning};
use crate::config::Organisation;
use crate::domain::content::{PrimaryUrl, is_web};
use crate::domain::draft::{DraftContent, DraftMedia};
use crate::domain::{PostContent, PostId};
use crate::post_file::{Problem, too_much};
use crate::release::draw;

/// A draft as its channels will show it.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Whether something was written that readers would see; until then nothing is wrong and nothing is drawn.
    pub is_begun: bool,
    /// What is wrong with what was typed, whatever the channel.
    pub problems: Vec<Problem>,
    /// The channels that it goes to, the primary first.
    pub channels: Vec<ChannelPreview>,
    /// When it goes out where.
    pub plan: Plan,
}

/// A draft as one channel will show it.
#[derive(Debug, Clone)]
pub struct ChannelPreview {
    /// The channel.
    pub slug: String,
    /// Its platform.
    pub platform: &'static str,
    /// What the channel takes.
    pub limits: Limits,
    /// What it will show, and what does not fit.
    pub drawn: Drawn,
}

impl Office {
    /// Draws a draft for every channel that it goes to; nothing is kept and nobody is asked.
    pub async fn preview(
        &self,
        organisation: &Organisation,
        edits: Option<PostId>,
        content: &DraftContent,
    ) -> Result<Preview, OfficeError> {
        let now = self.clock.now();
        let content = content.clone().tidied().for_channels(|slug| organisation.has_channel(slug));
        if content.says_nothing() {
            let plan = self.plan_of_draft(organisation, edits, &content).await?;
            return Ok(Preview { is_begun: false, problems: Vec::new(), channels: Vec::new(), plan });
        }
        let too_much = too_much(&draft_meaning::file(organisation, &content));
        if !too_much.is_empty() {
            let plan = self.plan_of_draft(organisation, edits, &content).await?;
            return Ok(Preview { is_begun: true, problems: too_much, channels: Vec::new(), plan });
        }
        let media = self.known_files(&organisation.slug, content.media).await?;
        let content = DraftContent { media, ..content };
        let mut problems = self.meaning_of(organisation, &content, now).err().unwrap_or_default();
        problems.extend(self.missing_files(&content).await?);
        let post = as_far_as_it_goes(&content);
        let goes_to = |slug: &String| *slug == organisation.primary().slug || content.channels.contains(slug);
        let primary = std::iter::once(organisation.primary());
        let channels = primary.chain(organisation.followers()).filter(|channel| goes_to(&channel.slug));
        let channels: Vec<_> = channels
            .filter_map(|configured| Some((configured.platform, Arc::clone(self.channels.get(&configured.slug)?))))
            .collect();
        let drawn = move || {
            let drawn = channels.into_iter().map(|(platform, channel)| ChannelPreview {
                slug: channel.slug.clone(),
                platform,
                limits: channel.adapter.limits(),
                drawn: draw(&channel, &post, PrimaryUrl::NotYet),
            });
            drawn.collect()
        };
        let plan = self.plan_of_draft(organisation, edits, &content).await?;
        Ok(Preview { is_begun: true, problems, channels: aside(drawn).await?, plan })
    }

    fn meaning_of(
        &self,
        organisation: &Organisation,
        content: &DraftContent,
        now: DateTime<Utc>,
    ) -> Result<(), Vec<Problem>> {
        self.resolved(draft_meaning::file(organisation, content), organisation, now).map(drop)
    }
}

/// What can be shown of a draft while parts of it mean nothing yet: what they mean is left out.
fn as_far_as_it_goes(content: &DraftContent) -> PostContent {
    let mut tags: Vec<String> = Vec::new();
    for tag in content.tag_list() {
        let tag = tag.trim_start_matches('#').trim();
        if !tag.is_empty() && !tags.iter().any(|known| known == tag) {
            tags.push(tag.to_owned());
        }
    }
    PostContent {
        title: content.title.split(['\n', '\r']).collect::<Vec<_>>().join(" "),
        body: content.body.clone(),
        link: Url::parse(&content.link).ok().filter(is_web),
        tags,
        media: content.media.iter().map(DraftMedia::media).collect::<Vec<Media>>(),
        overrides: content.overrides.clone(),
    }
}
