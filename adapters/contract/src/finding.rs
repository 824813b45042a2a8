//! What `check` notices on a channel: a kind that stays, and an English sentence for terminals and programs.

use serde::Serialize;

use crate::codes::codes;

codes! {
    /// The kinds of findings. Words in other languages stand under these names.
    FindingKind {
        /// The token, key or password is missing or not accepted.
        Credential = "credential",
        /// The token, key or password ends soon.
        CredentialEnds = "credential-ends",
        /// The account does not see the channel, or the settings name another one.
        ChannelUnseen = "channel-unseen",
        /// The channel is there and closed.
        ChannelClosed = "channel-closed",
        /// The right to publish is missing.
        MayNotPublish = "may-not-publish",
        /// Whether the right to publish is there shows only when something is published.
        MayPublishUnsure = "may-publish-unsure",
        /// The right to read back is missing: what is out cannot be proven.
        MayNotRead = "may-not-read",
        /// Pictures or documents cannot be uploaded.
        MayNotUpload = "may-not-upload",
        /// What is out cannot be corrected or withdrawn by program.
        MayNotCorrect = "may-not-correct",
        /// The settings name what is not there.
        Setting = "setting",
        /// The site is not set up for publishing by program.
        SiteUnready = "site-unready",
        /// The site takes no posts at this time.
        SiteClosed = "site-closed",
        /// The certificate of the connection is not trusted.
        Certificate = "certificate",
        /// The clocks differ.
        Clock = "clock",
        /// There is no answer.
        NoAnswer = "no-answer",
        /// The answer is none that is understood.
        Unclear = "unclear",
        /// The platform refused the question, and no more is known.
        Refused = "refused",
    }
}

/// One thing that `check` noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its kind.
    pub kind: FindingKind,
    /// Publishing is impossible or unprovable until this is mended.
    pub blocking: bool,
    /// What is the matter.
    pub what: String,
    /// What to do.
    pub todo: String,
}

impl Finding {
    /// What makes publishing impossible or unprovable.
    pub fn blocking(kind: FindingKind, what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { kind, blocking: true, what: what.into(), todo: todo.into() }
    }

    /// What is good to know.
    pub fn remark(kind: FindingKind, what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { kind, blocking: false, what: what.into(), todo: todo.into() }
    }
}
