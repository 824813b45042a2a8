//! From a post's content to what one channel will show: the same for preview, queueing and release.

use vestnik_contract::{Misfit, Rendered};

use super::channels::Channel;
use crate::domain::PostContent;
use crate::domain::content::{PrimaryUrl, file_place};

/// What the channel will show of this content. The primary's own footer cannot name its own address.
pub fn compose(channel: &Channel, content: &PostContent, primary_url: PrimaryUrl<'_>) -> Result<Rendered, Vec<Misfit>> {
    let primary_url = if channel.primary { PrimaryUrl::None } else { primary_url };
    let mut content = content.for_channel(&channel.slug, channel.footer.as_deref(), primary_url);
    for file in &mut content.media {
        file.path = file_place(&channel.media_dir, &file.sha256);
    }
    channel.adapter.render(&content)
}

/// Misfits as one sentence.
pub(super) fn sentence(misfits: &[Misfit]) -> String {
    misfits.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
