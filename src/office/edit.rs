//! Giving a post new content from a post file.

use std::path::Path;

use super::typed::must_go_where_it_went;
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
            must_go_where_it_went(&before, &post)?;
        }
        let media = self.take_media(&post.media).await?;
        let edit = self.new_revision(organisation, &before, post, media, by).await?;
        Ok(self.store.edit_post(edit, now).await?)
    }
}
