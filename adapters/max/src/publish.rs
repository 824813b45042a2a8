//! The calls that readers see: put up, change, take down. Each is made once.

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use url::Url;
use vestnik_contract::{
    DeliveryKey, Evidence, Markup, Prepared, Presence, PublishError, Purpose, Receipt, RemoteId, Rendered, Told,
    ToldKind,
};

use crate::adapter::MaxAdapter;
use crate::address;
use crate::client::Answer;
use crate::errors::Meaning;
use crate::message::Message;
use crate::upload::Notes;

impl MaxAdapter {
    pub(crate) async fn make_ready(
        &self,
        post: &Rendered,
        key: &DeliveryKey,
        purpose: Purpose<'_>,
        earlier: Option<&Prepared>,
    ) -> Result<Prepared, PublishError> {
        let before = earlier.and_then(Prepared::notes::<Notes>);
        let held = before.as_ref().map(|n| n.uploads.as_slice()).unwrap_or_default();
        let uploads = self.upload_all(post, held).await?;
        let at = self.clock.now();
        // A post of the first attempt at this revision may still turn up: `find` looks back to that one.
        let first = earlier
            .filter(|earlier| earlier.key == *key && purpose == Purpose::Publish)
            .map(|earlier| before.as_ref().map_or(earlier.at, |n| n.since));
        let notes = Notes { since: first.map_or(at, |first| first.min(at)), uploads };
        let notes = serde_json::to_value(notes).map_err(|e| PublishError::Rejected {
            told: Told::plain(ToldKind::NotPrepared, format!("the preparation cannot be kept: {e}")),
        })?;
        Ok(Prepared { key: *key, post: post.clone(), at, notes })
    }

    pub(crate) async fn put_up(&self, prepared: &Prepared) -> Result<Receipt, PublishError> {
        let mut body = text_of(&prepared.post);
        let attachments = Notes::of(prepared)?.attachments(&prepared.post)?;
        if !attachments.is_empty() {
            body["attachments"] = json!(attachments);
        }
        // `notify` is left out: with `false` a channel refuses the post. The preview is named only to refuse it:
        // what `false` means has changed between schemas.
        let preview = if self.settings.disable_link_preview { "&disable_link_preview=true" } else { "" };
        let path = format!("/messages?chat_id={}{preview}", self.settings.chat_id);
        let answer = self.client.call(Method::POST, &path, Some(&body), None).await.map_err(|f| f.of_publish())?;
        let Some(message) = Message::read(&answer.value["message"]) else {
            return Err(PublishError::InDoubt {
                told: Told::with(
                    ToldKind::NotUnderstood,
                    "MAX answered without the id of a post; whether it stands has to be looked up",
                    answer.evidence,
                ),
            });
        };
        Ok(self.receipt(message, answer.date, Some(answer.evidence)).await)
    }

    pub(crate) async fn change(&self, id: &RemoteId, prepared: &Prepared) -> Result<Receipt, PublishError> {
        let mut body = text_of(&prepared.post);
        // Always the whole list: left out, the old files would stay.
        body["attachments"] = json!(Notes::of(prepared)?.attachments(&prepared.post)?);
        let answer = match self.client.call(Method::PUT, &by_id(id), Some(&body), None).await {
            Ok(answer) => answer,
            Err(failure) if failure.meaning() == Some(Meaning::NotFound) => {
                return Err(rejected(Told { kind: ToldKind::PostGone, ..failure.told() }));
            }
            Err(failure) => return Err(failure.of_publish()),
        };
        if let Err(refused) = done(&answer, "to change the post") {
            return Err(self.perhaps_gone(id, refused).await);
        }
        Ok(Receipt {
            id: id.clone(),
            url: None,
            platform_time: None,
            server_date: answer.date,
            remark: None,
            answer: Some(answer.evidence),
            shown: None,
        })
    }

    /// MAX has one answer for several reasons: that the post is gone is a kind of its own.
    async fn perhaps_gone(&self, id: &RemoteId, refused: PublishError) -> PublishError {
        match refused {
            PublishError::Rejected { told }
                if self.look(id).await.is_ok_and(|sighting| matches!(sighting.presence, Presence::Gone)) =>
            {
                rejected(Told { kind: ToldKind::PostGone, ..told })
            }
            refused => refused,
        }
    }

    pub(crate) async fn take_down(&self, id: &RemoteId) -> Result<(), PublishError> {
        let told = match self.client.call(Method::DELETE, &by_id(id), None, None).await {
            Ok(answer) => match done(&answer, "to take the post down") {
                Ok(()) => return Ok(()),
                Err(PublishError::Rejected { told }) => told,
                Err(other) => return Err(other),
            },
            Err(failure) if failure.meaning() == Some(Meaning::NotFound) => failure.told(),
            Err(failure) => return Err(failure.of_publish()),
        };
        // Refused, perhaps because it is gone: MAX has one answer for several reasons.
        match self.look(id).await.map(|sighting| sighting.presence) {
            Ok(Presence::Gone) => Ok(()),
            Ok(Presence::Unknown(seen)) => {
                let reason = format!("{}; {seen}", told.reason);
                Err(PublishError::Unauthorised { told: Told { kind: ToldKind::PostUnseen, reason, ..told } })
            }
            Ok(Presence::Live(_)) => Err(PublishError::Rejected { told }),
            Err(_) => Err(PublishError::InDoubt { told }),
        }
    }

    /// The receipt of a post that stands, with its public address from wherever it can be had. The post stands
    /// whether or not the address is found.
    pub(crate) async fn receipt(
        &self,
        message: Message,
        date: Option<DateTime<Utc>>,
        answer: Option<Evidence>,
    ) -> Receipt {
        let (url, remark) = match message.url.clone() {
            Some(url) => (Some(url), None),
            None => self.public_address(&message).await,
        };
        let shown = Some(message.shown());
        Receipt { id: message.id, url, platform_time: message.at, server_date: date, remark, answer, shown }
    }

    async fn public_address(&self, message: &Message) -> (Option<Url>, Option<String>) {
        let read_again = self.client.get_soon(&format!("/messages/{}", path_part(&message.id))).await;
        let url = read_again.ok().and_then(|answer| Message::read(&answer.value)).and_then(|message| message.url);
        if url.is_some() {
            return (url, None);
        }
        let chat = self.client.get_soon(&format!("/chats/{}", self.settings.chat_id)).await;
        let constructed = chat
            .ok()
            .zip(message.seq)
            .and_then(|(answer, seq)| address::construct(answer.value["link"].as_str(), self.settings.chat_id, seq));
        let remark = if constructed.is_some() {
            "MAX named no public address of the post; the address here is constructed from the post's number"
        } else {
            "MAX named no public address of the post, and none can be constructed"
        };
        (constructed, Some(remark.to_owned()))
    }
}

fn text_of(post: &Rendered) -> Value {
    match post.markup {
        Markup::Html => json!({ "text": post.body, "format": "html" }),
        Markup::Plain => json!({ "text": post.body }),
    }
}

/// Edits and withdrawals name the post in the query, nowhere else.
fn by_id(id: &RemoteId) -> String {
    format!("/messages?message_id={}", path_part(id))
}

/// An id as a part of an address: ids are letters, digits, `.`, `_` and `-`; anything else is escaped.
pub(crate) fn path_part(id: &RemoteId) -> String {
    url::form_urlencoded::byte_serialize(id.0.as_bytes()).collect()
}

/// `success: false` comes with HTTP 200.
fn done(answer: &Answer, what: &str) -> Result<(), PublishError> {
    match answer.value["success"].as_bool() {
        Some(true) => Ok(()),
        Some(false) => {
            let said = answer.value["message"].as_str().unwrap_or("without a reason");
            let reason = format!("MAX refuses {what} ({said}); look at the post in MAX: it may be gone");
            Err(rejected(Told::with(ToldKind::Refused, reason, answer.evidence.clone())))
        }
        None => Err(PublishError::InDoubt {
            told: Told::with(
                ToldKind::NotUnderstood,
                format!("MAX did not say whether it agreed {what}"),
                answer.evidence.clone(),
            ),
        }),
    }
}

fn rejected(told: Told) -> PublishError {
    PublishError::Rejected { told }
}
