//! What cannot be done as it was asked, and the way out.

use crate::domain::PostId;
use crate::domain::refusals::refusals;

refusals! {
    /// Why nothing was done. People at the desk read it in their language, under its name.
    OfficeRefusal {
        /// None of that slug.
        #[error("there is no organisation `{organisation}`; the configuration names {known}")]
        NoOrganisation {
            /// What was asked for.
            organisation: String,
            /// What there is.
            known: String,
        } = "no-organisation",
        /// There are several, and none was named.
        #[error("name the organisation with --organisation: {known}")]
        WhichOrganisation {
            /// What there is.
            known: String,
        } = "which-organisation",
        /// An edit that would go elsewhere.
        #[error(
            "post {post} goes to {channels}; an edit changes what it says, not where it goes: cancel it and queue a new one"
        )]
        OtherChannels {
            /// The post.
            post: PostId,
            /// Where it goes.
            channels: String,
        } = "other-channels",
        /// A remark without words.
        #[error("the remark is empty; write what is to be changed")]
        RemarkEmpty {} = "remark-empty",
        /// A remark that is a text of its own.
        #[error("a remark may have {max} characters; shorten it")]
        RemarkTooLong {
            /// So many.
            max: usize,
        } = "remark-too-long",
    }
}
