//! A press office with a channel on every platform, all of them played by one [`Wire`].

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tempfile::TempDir;
use vestnik::config::{Channel, Config, Organisation};
use vestnik::domain::HoldLength;
use vestnik::domain::content::PrimaryUrl;
use vestnik::media;
use vestnik::platforms;
use vestnik::post_file::{MediaEntry, OrganisationView, ResolvedPost};
use vestnik_contract::{Adapter, Content, Context, Media, Renewals, SetClock};

use super::wire::Wire;

/// What the office calls secret: the file and what stands in it. Nothing that vestnik says may hold any of it.
pub(crate) const SECRETS: [(&str, &str); 10] = [
    ("max-token", "f9LHodD0cOKm-4tVx7Qw"),
    ("vk-community-token", "vk1.a.community-7Qw2xLb"),
    ("vk-service-token", "vk1.a.service-8RtYp3n"),
    ("vk-user-token", "vk1.a.user-Kz5Vd0q"),
    ("vk-refresh-token", "vk2.a.refresh-Jm6Cs4e"),
    ("ok-secret-key", "9A4F0C7D1B53E6820FEE"),
    ("ok-access-token", "tkn1Xh2Nf8Wq0Zr"),
    ("ok-refresh-token", "a7e_refresh_Uy3Gd6"),
    ("wordpress-password", "abcd EFGH 1234 ijkl MNOP 5678"),
    ("webhook-secret", "whsec_c2VjcmV0LW9mLXRoZS1nb3JvZC1zaXRlLTAwMQ=="),
];

const CONFIG: &str = include_str!("office.toml");
const PICTURE: &[u8] = include_bytes!("picture.png");

/// The office and its folder.
pub(crate) struct Office {
    pub(crate) wire: Wire,
    pub(crate) config: Config,
    pub(crate) picture: Media,
    folder: TempDir,
}

impl Office {
    /// Opens it. Panics where the machine does not let it: that is no finding.
    pub(crate) fn open() -> Self {
        let wire = Wire::open().expect("loopback can be listened on");
        let folder = tempfile::tempdir().expect("a folder can be made");
        let config = Config::parse(&CONFIG.replace("{here}", &wire.here()), folder.path()).expect("office.toml");
        let file = folder.path().join("most.png");
        std::fs::write(&file, PICTURE).expect("the folder can be written to");
        let entry = MediaEntry { path: file, alt: "Мост «Северный» после ремонта".into() };
        let picture = media::take(&entry, &config.media).expect("a picture");
        Self { wire, config, picture, folder }
    }

    pub(crate) fn organisation(&self) -> &Organisation {
        &self.config.organisations[0]
    }

    /// The organisation as posts are read for it.
    pub(crate) fn view(&self) -> OrganisationView {
        OrganisationView::of(self.organisation(), HoldLength::DEFAULT)
    }

    /// The channel on a platform.
    pub(crate) fn channel(&self, platform: &str) -> &Channel {
        let channels = &self.organisation().channels;
        channels.iter().find(|channel| channel.platform == platform).expect("a channel on every platform")
    }

    /// A channel's adapter, as if the program had just been started: what earlier ones renewed is put back.
    pub(crate) fn adapter(&self, channel: &Channel) -> Arc<dyn Adapter> {
        for (file, secret) in SECRETS {
            let file = self.folder.path().join(file);
            if std::fs::read_to_string(&file).ok().as_deref() != Some(secret) {
                std::fs::write(&file, secret).expect("the folder can be written to");
            }
        }
        let context = Context {
            clock: Arc::new(SetClock::at(now())),
            base_dir: self.folder.path().to_owned(),
            allow_private_addresses: true,
            renewals: Renewals::default(),
        };
        platforms::open(channel, &context).expect("office.toml")
    }
}

/// What time it is in the office.
pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_322_400, 0).expect("2026-11-22T06:00:00Z")
}

/// What a channel gets of a post, before the primary's address is known.
pub(crate) fn content_for(channel: &Channel, post: ResolvedPost, media: Vec<Media>) -> Content {
    let ResolvedPost { title, body, link, tags, overrides, .. } = post;
    let content = vestnik::domain::PostContent { title, body, link, tags, media, overrides };
    content.for_channel(&channel.slug, channel.footer.as_deref(), PrimaryUrl::NotYet)
}

/// Where post files are said to lie.
pub(crate) fn post_path() -> PathBuf {
    "posts/most.md".into()
}
