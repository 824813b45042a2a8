//! From a post's content to what one channel will show: the same for preview, queueing and release.

use vestnik_contract::{Drawn, Misfit, Rendered};

use super::channels::Channel;
use crate::domain::PostContent;
use crate::domain::content::{PrimaryUrl, file_place};

/// What the channel will show of this content, if it fits. The primary's own footer cannot name its own address.
pub fn compose(channel: &Channel, content: &PostContent, primary_url: PrimaryUrl<'_>) -> Result<Rendered, Vec<Misfit>> {
    draw(channel, content, primary_url).fitting()
}

/// The same with everything that does not fit, for those who are still writing.
pub fn draw(channel: &Channel, content: &PostContent, primary_url: PrimaryUrl<'_>) -> Drawn {
    let primary_url = if channel.primary { PrimaryUrl::None } else { primary_url };
    let mut content = content.for_channel(&channel.slug, channel.footer.as_deref(), primary_url);
    for file in &mut content.media {
        file.path = file_place(&channel.media_dir, &file.sha256);
    }
    channel.adapter.draw(&content)
}

/// Misfits as one sentence.
pub(super) fn sentence(misfits: &[Misfit]) -> String {
    misfits.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
