//! Giving a post new content from a post file.

use std::path::Path;

use super::{Office, OfficeError};
use crate::domain::PostId;
use crate::post_file::PostFile;
use crate::store::Edit;

impl Office {
    /// Makes a new revision of a post; gives its number.
    pub async fn edit(&self, id: PostId, path: &Path, by: &str) -> Result<u32, OfficeError> {
        let now = self.clock.now();
        let before = self.store.post_view(id).await?;
        let organisation = self.organisation(Some(&before.organisation))?;
        let file = PostFile::load(path)?;
        let names_channels = !file.channels.is_empty();
        let post = self.resolved(path, file, organisation, now)?;
        let followers: Vec<String> =
            before.deliveries.iter().filter(|d| !d.delivery.is_primary).map(|d| d.delivery.channel.clone()).collect();
        if names_channels {
            let (mut now_named, mut then) = (post.followers.clone(), followers.clone());
            now_named.sort();
            then.sort();
            if now_named != then {
                return Err(OfficeError::Refused(format!(
                    "post {id} goes to {}; an edit changes what it says, not where it goes: cancel it and queue a new one",
                    followers.join(", ")
                )));
            }
        }
        let content = self.content(&post).await?;
        self.fits(organisation, &followers, &content)?;
        let edit = Edit {
            post: id,
            content,
            at: post.at,
            expires_at: post.expires_at,
            not_before: post.not_before,
            hold: self.config.hold,
            by: by.into(),
        };
        Ok(self.store.edit_post(edit, now).await?)
    }
}
