//! Giving a post new content from a post file.

use std::path::Path;

use super::typed::followers;
use super::{Office, OfficeError};
use crate::domain::PostId;
use crate::post_file::PostFile;

impl Office {
    /// Makes a new revision of a post; gives its number.
    pub async fn edit(&self, id: PostId, path: &Path, by: &str) -> Result<u32, OfficeError> {
        let now = self.clock.now();
        let before = self.store.post_view(id).await?;
        let organisation = self.organisation(Some(&before.organisation))?;
        let file = PostFile::load(path)?;
        let names_channels = !file.channels.is_empty();
        let post = self.resolved(file, organisation, now).map_err(|problems| OfficeError::in_file(path, problems))?;
        if names_channels {
            let (mut now_named, mut then) = (post.followers.clone(), followers(&before));
            now_named.sort();
            then.sort();
            if now_named != then {
                return Err(OfficeError::Refused(format!(
                    "post {id} goes to {}; an edit changes what it says, not where it goes: cancel it and queue a new one",
                    followers(&before).join(", ")
                )));
            }
        }
        let media = self.take_media(&post.media).await?;
        let edit = self.new_revision(organisation, &before, post, media, by)?;
        Ok(self.store.edit_post(edit, now).await?)
    }
}
