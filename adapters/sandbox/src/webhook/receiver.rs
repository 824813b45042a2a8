//! What the receiver does with a verified event.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::wire::{Answer, Event, Post, placed, refusal, shown};
use super::world::{Item, State, World};

impl World {
    /// Carries out one event. `id` is the verified `webhook-id`.
    pub(crate) fn take(&mut self, id: &str, event: Event, now: DateTime<Utc>) -> Answer {
        if DateTime::parse_from_rfc3339(&event.timestamp).is_err() {
            return refusal(400, "bad_timestamp", "timestamp must be RFC 3339", false);
        }
        match event.r#type.as_str() {
            "post.publish" => self.publish(id, event.data, now),
            "post.update" => self.update(event.data),
            "post.withdraw" => self.withdraw(&event.data),
            "post.lookup" => self.lookup(&event.data),
            "post.list" => self.list(&event.data),
            "site.status" => (200, json!({ "name": "Город", "may_publish": self.takes_posts })),
            other => refusal(400, "unknown_type", &format!("this receiver does not know {other}"), false),
        }
    }

    fn publish(&mut self, id: &str, data: Value, now: DateTime<Utc>) -> Answer {
        let (post, files) = match Post::read(data).and_then(|p| p.files().map(|f| (p, f))) {
            Ok(read) => read,
            Err(refused) => return refused,
        };
        if let Some((fingerprint, status, answer)) = self.answered.get(id) {
            return if *fingerprint == post.fingerprint { (*status, answer.clone()) } else { other_content(id) };
        }
        if let Some(item) = self.by_vestnik_id(&post.id) {
            let same = item.fingerprint == post.fingerprint && item.revision == post.revision;
            return if same { (200, placed(self, item)) } else { other_content(&post.id) };
        }
        let item = Item {
            id: self.next_id(),
            vestnik_id: Some(post.id),
            revision: post.revision,
            fingerprint: post.fingerprint.clone(),
            title: post.title,
            html: post.html,
            text: post.text,
            rubric: post.rubric,
            tags: post.tags,
            files,
            published_at: now,
            state: if self.publishes_later { State::Pending } else { State::Live },
        };
        let answer = if self.publishes_later {
            (202, json!({ "id": item.id, "state": "pending" }))
        } else {
            (201, placed(self, &item))
        };
        self.items.push(item);
        self.answered.insert(id.to_owned(), (post.fingerprint, answer.0, answer.1.clone()));
        answer
    }

    fn update(&mut self, data: Value) -> Answer {
        let (post, files) = match Post::read(data).and_then(|p| p.files().map(|f| (p, f))) {
            Ok(read) => read,
            Err(refused) => return refused,
        };
        let Some(item) = post.site_id.as_deref().and_then(|id| self.by_id_mut(id)) else { return not_found() };
        if item.state == State::Withdrawn {
            return refusal(422, "withdrawn", "the post has been withdrawn", false);
        }
        if post.revision < item.revision {
            return refusal(422, "stale_revision", "a later revision stands already", false);
        }
        item.revision = post.revision;
        item.fingerprint = post.fingerprint;
        item.title = post.title;
        item.html = post.html;
        item.text = post.text;
        item.rubric = post.rubric;
        item.tags = post.tags;
        item.files = files;
        let id = item.id.clone();
        self.by_id(&id).map_or_else(not_found, |item| (200, placed(self, item)))
    }

    fn withdraw(&mut self, data: &Value) -> Answer {
        let Some(item) = data["site_id"].as_str().and_then(|id| self.by_id_mut(id)) else { return not_found() };
        item.state = State::Withdrawn;
        (200, json!({ "id": item.id, "state": "withdrawn" }))
    }

    fn lookup(&self, data: &Value) -> Answer {
        let (ours, theirs, url) = (data["id"].as_str(), data["site_id"].as_str(), data["url"].as_str());
        let item = match (ours, theirs, url) {
            (Some(id), None, None) => self.by_vestnik_id(id),
            (None, Some(id), None) => self.by_id(id),
            (None, None, Some(url)) => self.items.iter().find(|item| self.address(&item.id) == url),
            _ => return refusal(400, "bad_data", "give one of id, site_id, url", false),
        };
        item.map_or_else(not_found, |item| (200, shown(self, item)))
    }

    fn list(&self, data: &Value) -> Answer {
        let since = data["since"].as_str().and_then(|s| DateTime::parse_from_rfc3339(s).ok());
        let Some(since) = since else { return refusal(400, "bad_data", "since must be RFC 3339", false) };
        let posts: Vec<_> = self
            .items
            .iter()
            .rev()
            .filter(|item| item.state == State::Live && item.published_at >= since)
            .map(|item| shown(self, item))
            .collect();
        (200, json!({ "posts": posts }))
    }
}

fn not_found() -> Answer {
    let (status, mut body) = refusal(404, "not_found", "there is no such post", false);
    body["found"] = json!(false);
    (status, body)
}

fn other_content(id: &str) -> Answer {
    refusal(422, "other_content", &format!("{id} came with other content before"), false)
}
