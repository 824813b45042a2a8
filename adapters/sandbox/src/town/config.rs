//! A configuration of vestnik for a town.

use std::fmt::Write as _;
use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::{Platform, Town, accounts};

/// What a configuration is to say beside the accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigOptions {
    /// Where the web interface listens.
    pub listen: String,
    /// The database.
    pub store: String,
    /// The media folder.
    pub media: PathBuf,
    /// The folder that [`Town::write_secrets`] wrote into.
    pub secrets: PathBuf,
    /// How many times faster than real time vestnik's clock runs.
    pub speed: u32,
    /// The moment from which a fast clock runs away from real time, so that several processes see the same time.
    pub origin: Option<DateTime<Utc>>,
    /// Seconds between two posts of one channel; `None` is what each platform asks for.
    pub gap_seconds: Option<u64>,
    /// The platforms that get a channel. MAX, which the hold runs from, always does.
    pub platforms: Vec<Platform>,
}

impl Default for ConfigOptions {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:0".into(),
            store: "sqlite:vestnik.db".into(),
            media: "media".into(),
            secrets: "secrets".into(),
            speed: 1,
            origin: None,
            gap_seconds: None,
            platforms: vec![Platform::Max, Platform::Vk, Platform::Ok, Platform::WordPress],
        }
    }
}

impl Town {
    /// A configuration with every organisation of this town, in TOML.
    pub fn config(&self, options: &ConfigOptions) -> String {
        let mut toml = format!(
            "[server]\nlisten = {}\n\n[store]\nurl = {}\n\n[media]\ndir = {}\n\n[clock]\nspeed = {}\n",
            quoted(&options.listen),
            quoted(&options.store),
            quoted(&options.media.to_string_lossy()),
            options.speed,
        );
        if let Some(origin) = options.origin {
            let _ = writeln!(toml, "origin = {}", quoted(&origin.to_rfc3339()));
        }
        if let Some(gap) = options.gap_seconds {
            let _ = write!(toml, "\n[pacing]\ngap_seconds = {gap}\n");
        }
        if options.platforms.contains(&Platform::Manual) {
            toml.push_str("\n[network]\nallow_private_addresses = true\n");
        }
        for organisation in &self.organisations {
            let accounts = &organisation.accounts;
            let _ = write!(
                toml,
                "\n[[organisation]]\nslug = {}\nname = {}\ntime_zone = \"Europe/Moscow\"\n",
                quoted(&accounts.slug),
                quoted(&accounts.name),
            );
            for platform in Platform::ALL {
                if platform == Platform::Max || options.platforms.contains(&platform) {
                    self.channel_entry(&mut toml, platform, organisation, options);
                }
            }
        }
        toml
    }

    fn channel_entry(
        &self,
        toml: &mut String,
        platform: Platform,
        organisation: &super::Organisation,
        options: &ConfigOptions,
    ) {
        let accounts = &organisation.accounts;
        let secret = |file: &str| format!("{{ file = {} }}", quoted(&options.secrets.join(file).to_string_lossy()));
        let url = |server: &crate::Server| quoted(server.url().as_str().trim_end_matches('/'));
        let _ = write!(
            toml,
            "\n[[organisation.channel]]\nslug = {}\nplatform = \"{}\"\n",
            quoted(&accounts.channel_slug(platform)),
            platform.name(),
        );
        toml.push_str(match platform {
            Platform::WordPress => "name = \"Сайт\"\n",
            Platform::Webhook => "name = \"Портал\"\n",
            Platform::Manual => "name = \"Госвеб\"\n",
            _ => "",
        });
        toml.push_str(match platform {
            Platform::Max => "primary = true\n",
            Platform::Manual => "",
            _ => "footer = \"Первыми узнают в MAX: {primary_url}\"\n",
        });
        let own = match platform {
            Platform::Max => format!(
                "chat_id = {}\ntoken = {}\nbase_url = {}\n",
                accounts.chat_id,
                secret("max-token"),
                url(&self.max.server)
            ),
            Platform::Vk => format!(
                "group_id = {}\ncommunity_token = {}\nservice_token = {}\nuser_token = {}\nbase_url = {}\n",
                accounts.vk_group_id,
                secret(&accounts.vk_community_file()),
                secret("vk-service-token"),
                secret("vk-user-token"),
                url(&self.vk.server)
            ),
            Platform::Ok => format!(
                "group_id = {}\napplication_key = {}\napplication_secret_key = {}\naccess_token = {}\nbase_url = {}\n",
                quoted(&accounts.ok_group_id),
                quoted(accounts::OK_APPLICATION_KEY),
                secret("ok-application-secret-key"),
                secret("ok-access-token"),
                url(&self.ok.server)
            ),
            Platform::WordPress => format!(
                "url = {}\nuser = {}\napplication_password = {}\n",
                url(&organisation.wordpress.server),
                quoted(accounts::WORDPRESS_USER),
                secret("site-application-password")
            ),
            Platform::Webhook => {
                format!(
                    "url = {}\nsecret = {}\n",
                    quoted(organisation.webhook.receiver().as_str()),
                    secret("webhook-secret")
                )
            }
            Platform::Manual => format!("site = {}\n", url(&organisation.manual.server)),
        };
        toml.push_str(&own);
    }
}

/// A basic string of TOML, which takes every escape that JSON writes.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
