//! Channels as people call them.

use super::Desk;
use super::page::Page;
use crate::config::Organisation;

impl Desk {
    /// The name that the configuration gives it, or the platform's where that says enough, or the slug: «Портал»,
    /// «VK», «VK (gorod-vk-2)», «gorod-gosweb».
    pub(super) fn channel_name(&self, slug: &str) -> String {
        if let Some(name) = self.office.config.channel(slug).and_then(|(_, channel)| channel.name.as_ref()) {
            return name.clone();
        }
        let Some(channel) = self.office.channels.get(slug) else { return slug.to_owned() };
        let platform = channel.adapter.traits().platform;
        // `manual` and `webhook` are words of the program.
        if !platform.starts_with(char::is_uppercase) {
            return slug.to_owned();
        }
        let siblings = self.office.channels.of(&channel.organisation);
        let is_only = siblings.iter().filter(|c| c.adapter.traits().platform == platform).count() == 1;
        if is_only { platform.to_owned() } else { format!("{platform} ({slug})") }
    }

    /// The same in a draft of this organisation, where anything may have been typed as a slug: only its own channels have
    /// names there.
    pub(super) fn name_in_draft(&self, organisation: &Organisation, slug: &str) -> String {
        if organisation.has_channel(slug) { self.channel_name(slug) } else { slug.to_owned() }
    }

    /// The time zone of an organisation; UTC for one that is not configured any more.
    pub(super) fn zone(&self, organisation: &str) -> chrono_tz::Tz {
        self.office.config.organisation(organisation).map_or(chrono_tz::UTC, |o| o.zone)
    }

    /// The clocks of a visitor where nothing says whose times are meant: of the first organisation that they may read.
    pub(super) fn visitors_zone(&self, page: &Page) -> chrono_tz::Tz {
        let own = page.organisations.first().and_then(|(slug, _)| self.office.config.organisation(slug));
        own.or(self.office.config.organisations.first()).map_or(chrono_tz::UTC, |organisation| organisation.zone)
    }
}
