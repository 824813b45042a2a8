//! What was said when a call did not end as wanted: a kind that stays, an English sentence, and the raw answer.

use crate::codes::codes;
use crate::prepared::Evidence;

codes! {
    /// The kinds of what platforms, and the lines to them, say. Names stand in databases and journals for ever: none is
    /// renamed or taken away. Words in other languages stand under them.
    ToldKind {
        /// No connection was made, so nothing was sent.
        NoConnection = "no_connection",
        /// The certificate of the connection is not trusted, so nothing was sent.
        Certificate = "certificate",
        /// The call was made, and no answer came.
        NoAnswer = "no_answer",
        /// The answer broke off, or was longer than any answer is.
        AnswerCut = "answer_cut",
        /// The answer is none that is understood.
        NotUnderstood = "not_understood",
        /// The platform itself has trouble.
        PlatformFailing = "platform_failing",
        /// The platform, or this part of it, is closed for now.
        Unavailable = "unavailable",
        /// The platform is still working on this very call.
        InProgress = "in_progress",
        /// Too many calls.
        RateLimited = "rate_limited",
        /// The platform takes no more of this in a day.
        DailyLimit = "daily_limit",
        /// The platform takes the account for a sender of spam.
        SpamSuspected = "spam_suspected",
        /// A person has to solve a captcha.
        Captcha = "captcha",
        /// The account's owner has to confirm something to the platform.
        ConfirmationAsked = "confirmation_asked",
        /// The token, key or password is not there or cannot be read.
        NoCredential = "no_credential",
        /// The token has ended.
        TokenEnded = "token_ended",
        /// The token had ended and was renewed.
        TokenRenewed = "token_renewed",
        /// The token, key, password or signature is not accepted.
        TokenRefused = "token_refused",
        /// The clocks differ too far for a signature to count.
        ClocksDiffer = "clocks_differ",
        /// The account may not do this.
        NoRights = "no_rights",
        /// The account is deleted, blocked or punished.
        AccountBlocked = "account_blocked",
        /// The platform, or a firewall before it, does not take calls from this server.
        ServerRefused = "server_refused",
        /// The application, the site or the channel's settings are not fit for publishing by program.
        NotSetUp = "not_set_up",
        /// The account sees no such channel.
        ChannelUnseen = "channel_unseen",
        /// The platform refused, and no more is known.
        Refused = "refused",
        /// The platform will not take this content.
        ContentRefused = "content_refused",
        /// The post is longer or larger than the platform takes.
        TooLong = "too_long",
        /// The platform does not take the link.
        LinkRefused = "link_refused",
        /// The platform does not take a picture or a document.
        FileRefused = "file_refused",
        /// A file of the post cannot be read on our side, or is not what was queued.
        FileUnreadable = "file_unreadable",
        /// An uploaded file is still being processed, or is not on the platform yet.
        FileNotReady = "file_not_ready",
        /// A file could not be uploaded this time.
        UploadFailed = "upload_failed",
        /// What was prepared is missing or of another version: it is prepared again.
        NotPrepared = "not_prepared",
        /// The platform holds such a post, or one under its address, already.
        Duplicate = "duplicate",
        /// Another post is planned there for this time.
        TimeTaken = "time_taken",
        /// The platform took the post and does not show it to readers.
        NotPublic = "not_public",
        /// There is no such post any more.
        PostGone = "post_gone",
        /// Whether the post stands cannot be seen.
        PostUnseen = "post_unseen",
        /// The post stands in another place than this channel.
        Elsewhere = "elsewhere",
        /// A post that was taken down still shows.
        StillShown = "still_shown",
        /// The time in which the platform lets a post be changed is over.
        EditTooLate = "edit_too_late",
        /// This is no address or id of a post on this channel.
        WrongAddress = "wrong_address",
        /// The platform has no such question.
        Unsupported = "unsupported",
        /// A person does it by hand.
        ByHand = "by_hand",
    }
}

/// What a platform (or the line to it) said, in words for an officer, with the raw answer as evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What kind of thing was said.
    pub kind: ToldKind,
    /// One sentence that names the thing, the value and the way out.
    pub reason: String,
    /// The platform's answer without secrets, when there was one.
    pub answer: Option<Evidence>,
}

impl Told {
    /// A reason without an answer behind it.
    pub fn plain(kind: ToldKind, reason: impl Into<String>) -> Self {
        Self { kind, reason: reason.into(), answer: None }
    }

    /// A reason with the answer it was read from.
    pub fn with(kind: ToldKind, reason: impl Into<String>, answer: Evidence) -> Self {
        Self { kind, reason: reason.into(), answer: Some(answer) }
    }
}

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&crate::text::printable(&self.reason))
    }
}
