//! What a person says of a post does not agree with what is seen.

use url::Url;

use crate::domain::PostId;

/// Why a person's word was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Contradiction {
    /// Another text stands at the address.
    #[error(
        "the post at {0} reads differently than this one; enter the address of this post, or, if it is this one, \
         give it this text there or take it down by hand and say so again"
    )]
    ReadsDifferently(Url),
    /// The same in the primary channel. When a text was corrected there by hand nobody can see, so its hold could not be
    /// counted.
    #[error(
        "the post at {0} reads differently than this one; enter the address of this post, or, if it is this one, give \
         vestnik the text that stands there with `vestnik post edit`, or take it down by hand, and say so again"
    )]
    PrimaryReadsDifferently(Url),
    /// Nothing stands at the address.
    #[error("nothing stands at {0}; enter the address of the post")]
    NothingThere(Url),
    /// The address is none of this channel's; the adapter's sentence says why.
    #[error("{0}")]
    NotOfTheChannel(String),
    /// The last look found it. It was settled as published.
    #[error("it stands on channel `{channel}`: {place}; it was settled as published")]
    StandsAfterAll {
        /// The channel.
        channel: String,
        /// Its address there, or its id.
        place: String,
    },
    /// The channel holds posts that may be this one.
    #[error(
        "channel `{channel}` cannot tell: {reason}; enter the address of the right one, or take the others down first"
    )]
    SeveralMayBe {
        /// The channel.
        channel: String,
        /// What was seen.
        reason: String,
    },
    /// It is said not to be there, and the call may still arrive.
    #[error(
        "what was sent to channel `{channel}` may still arrive there; look at the channel again in {seconds} s and answer \
         then"
    )]
    OnItsWay {
        /// The channel.
        channel: String,
        /// For how long.
        seconds: i64,
    },
    /// It is said to be taken down, and stands.
    #[error("post {post} is published and still stands on channel `{channel}`: {place}; take it down there first")]
    StillStands {
        /// The post.
        post: PostId,
        /// The channel.
        channel: String,
        /// Its address there, or its id.
        place: String,
    },
    /// It is to be published anew, and stands.
    #[error(
        "the post still stands on channel `{channel}`: {place}; `vestnik post edit {post} FILE.md` corrects it, `vestnik post \
         withdraw {post} --reason TEXT` takes it down"
    )]
    StandsInThePrimary {
        /// The post.
        post: PostId,
        /// The channel.
        channel: String,
        /// Its address there, or its id.
        place: String,
    },
    /// It is to be published anew, and was cancelled or withdrawn.
    #[error("post {0} was cancelled or withdrawn; queue a new one")]
    Over(PostId),
    /// It is to be published anew, and never was out.
    #[error("post {0} is not out in its primary channel; `vestnik post show {0}` tells where it is")]
    NotOut(PostId),
}

impl Contradiction {
    /// Its name: stable, for programs and for the words under `locales/`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ReadsDifferently(_) => "reads-differently",
            Self::PrimaryReadsDifferently(_) => "primary-reads-differently",
            Self::NothingThere(_) => "nothing-there",
            Self::NotOfTheChannel(_) => "not-of-the-channel",
            Self::StandsAfterAll { .. } => "stands-after-all",
            Self::SeveralMayBe { .. } => "several-may-be",
            Self::OnItsWay { .. } => "on-its-way",
            Self::StillStands { .. } | Self::StandsInThePrimary { .. } => "still-stands",
            Self::Over(_) => "over",
            Self::NotOut(_) => "not-out",
        }
    }

    /// Where the post stands that is in the way, or the address that was entered.
    pub fn place(&self) -> Option<&str> {
        match self {
            Self::ReadsDifferently(url) | Self::PrimaryReadsDifferently(url) | Self::NothingThere(url) => {
                Some(url.as_str())
            }
            Self::StandsAfterAll { place, .. }
            | Self::StillStands { place, .. }
            | Self::StandsInThePrimary { place, .. } => Some(place),
            _ => None,
        }
    }
}
