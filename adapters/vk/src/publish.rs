//! What changes the wall: `wall.post`, `wall.edit`, `wall.delete`.

use std::time::Duration;

use serde::Deserialize;
use vestnik_contract::{
    AdapterError, DeliveryKey, Prepared, Presence, PublishError, Purpose, Receipt, RemoteId, Rendered, Told, ToldKind,
};

use crate::adapter::Vk;
use crate::client::Answer;
use crate::credentials::Role;
use crate::errors::{Class, Failure};
use crate::media::upload_all;
use crate::notes::Notes;

/// A deleted post is seen as such a moment later; until then the withdrawal is asked again.
const LOOK_AGAIN: Duration = Duration::from_secs(10);

#[derive(Deserialize)]
struct Posted {
    post_id: i64,
}

impl Vk {
    pub(crate) async fn make_ready(
        &self,
        post: &Rendered,
        key: &DeliveryKey,
        purpose: Purpose<'_>,
        earlier: Option<&Prepared>,
    ) -> Result<Prepared, PublishError> {
        let before: Notes = earlier.and_then(Prepared::notes).unwrap_or_default();
        let uploads =
            upload_all(&self.client, self.group, key.delivery, &post.media, &before, &self.unfinished).await?;
        let same_attempt = earlier.is_some_and(|e| e.key == *key);
        let watermark = match purpose {
            Purpose::Edit(_) => None,
            // The first attempt may still turn up, so what is newer than *it* is looked through.
            Purpose::Publish if same_attempt && before.watermark.is_some() => before.watermark,
            Purpose::Publish if self.client.credentials.reader().is_none() => None,
            Purpose::Publish => Some(self.watermark().await.map_err(Failure::of_prepare)?),
        };
        let notes = serde_json::to_value(Notes { uploads, watermark });
        let notes =
            notes.map_err(|e| PublishError::Rejected { told: Told::plain(ToldKind::NotPrepared, e.to_string()) })?;
        self.unfinished.forget(key.delivery);
        Ok(Prepared { key: *key, post: post.clone(), at: self.clock.now(), notes })
    }

    pub(crate) async fn post(&self, prepared: &Prepared) -> Result<Receipt, PublishError> {
        let mut params = vec![
            ("owner_id", self.owner()),
            ("from_group", "1".to_owned()),
            ("guid", prepared.key.idempotency_key().to_string()),
        ];
        params.extend(shown(prepared)?);
        let method = "wall.post";
        let answer = self.client.call(self.client.credentials.poster(), method, &params).await;
        let answer = answer.map_err(Failure::of_publish)?;
        let posted: Posted = answer.read(method).map_err(Failure::of_publish)?;
        if posted.post_id <= 0 {
            return Err(without_id(method, answer));
        }
        // The post is out, whatever comes of this look.
        let platform_time = self.date_of(posted.post_id).await;
        Ok(Receipt { platform_time, ..self.receipt(posted.post_id, answer) })
    }

    pub(crate) async fn replace(&self, id: &RemoteId, prepared: &Prepared) -> Result<Receipt, PublishError> {
        let post = post_number(id)?;
        let mut params = vec![("owner_id", self.owner()), ("post_id", post.to_string())];
        // What is not named again disappears from the post.
        params.extend(shown(prepared)?);
        let method = "wall.edit";
        let answer = match self.client.call(self.manager(), method, &params).await {
            Ok(answer) => answer,
            Err(failure) => {
                let over = failure.refused_with(&[15, 210]).filter(|r| !r.lacks_right);
                return Err(over.map_or_else(|| failure.clone().of_publish(), |refusal| PublishError::Rejected {
                    told: Told {
                        kind: ToldKind::EditTooLate,
                        reason: format!(
                            "VK no longer lets post {post} be changed (error {}; community posts can be changed for \
                             about 24 hours); change it by hand if VK's site still offers it, or withdraw it",
                            refusal.code
                        ),
                        answer: refusal.told().answer,
                    },
                }));
            }
        };
        let posted: Posted = answer.read(method).map_err(Failure::of_publish)?;
        if posted.post_id != post {
            return Err(without_id(method, answer));
        }
        Ok(self.receipt(post, answer))
    }

    pub(crate) async fn take_down(&self, id: &RemoteId) -> Result<(), PublishError> {
        let params = [("owner_id", self.owner()), ("post_id", post_number(id)?.to_string())];
        let method = "wall.delete";
        let failure = match self.client.call(self.manager(), method, &params).await {
            Ok(answer) if answer.response == 1 => return Ok(()),
            Ok(answer) => return Err(without_id(method, answer)),
            Err(failure) => failure,
        };
        let Some(refusal) = failure.refused_with(&[104, 210]).cloned() else { return Err(failure.of_publish()) };
        match self.sight(id).await {
            Ok(sighting) if sighting.presence == Presence::Gone => Ok(()),
            Ok(_) if refusal.class == Class::Person => Err(PublishError::Unauthorised { told: refusal.told() }),
            Ok(_) => {
                let told = Told { kind: ToldKind::StillShown, ..refusal.told() };
                Err(PublishError::Retry { after: Some(LOOK_AGAIN), told })
            }
            Err(AdapterError::Retry { after, told }) => Err(PublishError::Retry { after, told }),
            Err(_) => Err(PublishError::Unauthorised { told: refusal.told() }),
        }
    }

    /// Only a person's token changes and deletes posts (API schema 5.199, wall.edit, wall.delete).
    fn manager(&self) -> Option<Role> {
        self.client.credentials.has(Role::User).then_some(Role::User)
    }

    fn receipt(&self, post: i64, answer: Answer) -> Receipt {
        Receipt {
            id: RemoteId(post.to_string()),
            url: self.addresses.of(post),
            platform_time: None,
            server_date: answer.date,
            remark: None,
            answer: Some(answer.evidence),
            shown: None,
        }
    }
}

/// `message` and `attachments`.
fn shown(prepared: &Prepared) -> Result<[(&'static str, String); 2], PublishError> {
    let notes = Notes::of(prepared)?;
    let mut attachments = Vec::new();
    for file in &prepared.post.media {
        let upload = notes.upload(&file.sha256).ok_or_else(|| PublishError::Retry {
            after: None,
            told: Told::plain(
                ToldKind::FileNotReady,
                format!("{} is not on VK yet; the attempt is prepared again", file.name),
            ),
        })?;
        attachments.push(upload.attachment.clone());
    }
    // Attachments are parted by commas.
    attachments.extend(prepared.post.link.as_ref().map(|link| link.as_str().replace(',', "%2C")));
    Ok([("message", prepared.post.body.clone()), ("attachments", attachments.join(","))])
}

fn post_number(id: &RemoteId) -> Result<i64, PublishError> {
    id.0.parse().map_err(|_| PublishError::Rejected {
        told: Told::plain(
            ToldKind::WrongAddress,
            format!("`{id}` is not the id of a VK post; VK's ids are whole numbers"),
        ),
    })
}

fn without_id(method: &str, answer: Answer) -> PublishError {
    let reason = format!("VK answered {method} without the post's id, so whether it took effect is not known");
    PublishError::InDoubt { told: Told::with(ToldKind::NotUnderstood, reason, answer.evidence) }
}
