//! The town's credentials. They open nothing but this machine's loopback, and are the same at every start, so that a
//! configuration that was tried yesterday works today.

use std::io;
use std::path::Path;

use secrecy::SecretString;
use vestnik_contract::SecretSource;

use super::Town;

pub(super) const MAX_TOKEN: &str = "sandbox-max-token-0b8c4d7e2f";
pub(super) const VK_COMMUNITY_TOKEN: &str = "vk1.a.sandbox-community-5f3a9c";
pub(super) const VK_SERVICE_TOKEN: &str = "sandbox-vk-service-71d0b2";
pub(super) const VK_USER_TOKEN: &str = "vk2.a.sandbox-user-8e46fa";
pub(super) const OK_SECRET_KEY: &str = "SANDBOX0OK0SECRET0KEY0C4D1";
pub(super) const OK_TOKEN: &str = "tkn1sandbox2ok3access4b7e9";
pub(super) const WORDPRESS_PASSWORD: &str = "abcd EFGH 1234 ijkl MNOP 5678";
/// 24 bytes in base64 behind the prefix (Standard Webhooks 1.0.0).
pub(super) const WEBHOOK_SECRET: &str = "whsec_c2FuZGJveC1vZi12ZXN0bmlrLTAwMDAx";

impl Town {
    /// Writes the files that the shipped configuration names into `folder`, which is made when absent: one secret to
    /// a file, mode 0600, each replaced whole.
    pub fn write_secrets(&self, folder: &Path) -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut files = vec![
            ("max-token".to_owned(), MAX_TOKEN.to_owned()),
            ("vk-service-token".to_owned(), VK_SERVICE_TOKEN.to_owned()),
            ("vk-user-token".to_owned(), VK_USER_TOKEN.to_owned()),
            ("ok-application-secret-key".to_owned(), OK_SECRET_KEY.to_owned()),
            ("ok-access-token".to_owned(), OK_TOKEN.to_owned()),
            ("site-application-password".to_owned(), WORDPRESS_PASSWORD.to_owned()),
            ("webhook-secret".to_owned(), WEBHOOK_SECRET.to_owned()),
        ];
        files.extend(self.organisations().map(|a| (a.vk_community_file(), a.vk_community_token())));
        for (name, secret) in files {
            let place = SecretSource::File(name.into()).open(folder);
            place.replace(&SecretString::from(secret)).map_err(io::Error::other)?;
        }
        Ok(())
    }
}
