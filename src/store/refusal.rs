//! What makes no sense as things stand, and the way out.

use crate::domain::delivery::State;
use crate::domain::refusals::refusals;
use crate::domain::{AttemptId, PostId};

refusals! {
    /// Why nothing was done. People at the desk read it in their language, under its name.
    StoreRefusal {
        /// Nothing of it can still go out.
        #[error("nothing of post {post} is left to go out; what is out is taken down with `vestnik post withdraw`")]
        NothingToCancel {
            /// The post.
            post: PostId,
        } = "nothing-to-cancel",
        /// Nothing of it can still go out or be taken down.
        #[error("nothing of post {post} is left to go out")]
        NothingToWithdraw {
            /// The post.
            post: PostId,
        } = "nothing-to-withdraw",
        /// A person ended it.
        #[error("post {post} was cancelled or withdrawn; queue a new one")]
        PostOver {
            /// The post.
            post: PostId,
        } = "post-over",
        /// An edit that edits nothing.
        #[error("post {post} says exactly this already; nothing was changed")]
        SaysThisAlready {
            /// The post.
            post: PostId,
        } = "says-this-already",
        /// An edit with a time that has come.
        #[error(
            "post {post} is out (or on its way) in the primary channel; its time cannot be changed any more, leave `at` \
             out of the file"
        )]
        TimeHasCome {
            /// The post.
            post: PostId,
        } = "time-has-come",
        /// Only what was deleted is published anew.
        #[error(
            "the post on channel `{channel}` is {state}, not missing; only a post that was deleted there is published anew"
        )]
        NotMissing {
            /// The primary.
            channel: String,
            /// How it stands there.
            state: State,
        } = "not-missing",
        /// An address where none is asked for.
        #[error(
            "post {post} on channel `{channel}` is {state}; an address is entered for one that is in_doubt or handed"
        )]
        NoAddressAsked {
            /// The post.
            post: PostId,
            /// The channel.
            channel: String,
            /// How it stands there.
            state: State,
        } = "no-address-asked",
        /// What is known needs nobody's word.
        #[error(
            "post {post} on channel `{channel}` is {state}; only an unknown outcome is resolved as not published"
        )]
        NotInDoubt {
            /// The post.
            post: PostId,
            /// The channel.
            channel: String,
            /// How it stands there.
            state: State,
        } = "not-in-doubt",
        /// The address that was confirmed is not the one where the post stands.
        #[error("the post on channel `{channel}` stands under another address, {url}")]
        OtherAddress {
            /// The channel.
            channel: String,
            /// Where it stands.
            url: String,
        } = "other-address",
        /// Not out, so it was not taken down either.
        #[error("post {post} on channel `{channel}` is {state}; only what is out can be taken down")]
        NotOut {
            /// The post.
            post: PostId,
            /// The channel.
            channel: String,
            /// How it stands there.
            state: State,
        } = "not-out",
        /// A call is open, or its outcome unknown.
        #[error(
            "an attempt at post {post} on channel `{channel}` is not settled yet; try again in a moment, or settle it \
             first if `vestnik attention` shows it"
        )]
        Unsettled {
            /// The post.
            post: PostId,
            /// The channel.
            channel: String,
        } = "unsettled",
        /// Nothing waits for another try.
        #[error("post {post} on channel `{channel}` does not wait for another try; nothing was changed")]
        NoTryAhead {
            /// The post.
            post: PostId,
            /// The channel.
            channel: String,
        } = "no-try-ahead",
        /// It never was to go there.
        #[error("post {post} does not go to channel `{channel}`; `vestnik post show {post}` tells where it goes")]
        NotOnChannel {
            /// The post.
            post: PostId,
            /// The channel.
            channel: String,
        } = "not-on-channel",
        /// One idempotency key, two contents.
        #[error(
            "key `{key}` belongs to post {post}, which says something else; use another key, or `vestnik post edit {post} \
             FILE.md`"
        )]
        KeyTaken {
            /// The key.
            key: String,
            /// Whose it is.
            post: PostId,
        } = "key-taken",
        /// What stands there is another post's.
        #[error("{remote_id} on channel `{channel}` belongs to post {owner} already; enter the address of this post")]
        OfAnotherPost {
            /// The platform's name of it.
            remote_id: String,
            /// The channel.
            channel: String,
            /// The other post.
            owner: PostId,
        } = "of-another-post",
        /// Its outcome is known.
        #[error("attempt {attempt} is settled already; `vestnik post show` tells how it ended")]
        AttemptSettled {
            /// The attempt.
            attempt: AttemptId,
        } = "attempt-settled",
        /// It waits for another decision than the one that was made.
        #[error(
            "post {post} on channel `{channel}` stands still, and this word does not settle it: {reason}; {todo}"
        )]
        StandsStill {
            /// The post.
            post: PostId,
            /// The channel.
            channel: String,
            /// Why it stands still.
            reason: String,
            /// What settles it.
            todo: String,
        } = "stands-still",
        /// Paused twice.
        #[error("channel `{channel}` is paused already; `vestnik channel list` says why")]
        AlreadyPaused {
            /// The channel.
            channel: String,
        } = "already-paused",
        /// Resumed without a pause.
        #[error("channel `{channel}` is not paused; nothing was changed")]
        NotPaused {
            /// The channel.
            channel: String,
        } = "not-paused",
        /// A question about a channel of one organisation and about another organisation.
        #[error("channel `{channel}` belongs to organisation `{owner}`, not to `{organisation}`; leave one of the two out")]
        ChannelElsewhere {
            /// The channel.
            channel: String,
            /// Whose it is.
            owner: String,
            /// What was asked about.
            organisation: String,
        } = "channel-elsewhere",
    }
}
