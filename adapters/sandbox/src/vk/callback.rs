//! Callback API: servers of an office that are told of events by POST.

use serde_json::{Value, json};
use url::Url;
use vestnik_contract::settings::is_loopback;

use super::methods::Request;
use super::refusal::Refusal;

const SERVERS_MAX: usize = 10;
const TITLE_MAX: usize = 14;
const SECRET_MAX: usize = 50;

/// The Callback servers of one community.
#[derive(Debug)]
pub(super) struct Callback {
    group: i64,
    last: i64,
    servers: Vec<Target>,
}

#[derive(Debug)]
struct Target {
    id: i64,
    url: String,
    title: String,
    secret: String,
    confirmed: bool,
    wall_post_new: bool,
}

impl Callback {
    pub(super) fn new(group: i64) -> Self {
        Self { group, last: 0, servers: Vec::new() }
    }

    /// What a server must answer to `confirmation`.
    pub(super) fn code(&self) -> String {
        format!("{:08x}", self.group ^ 0x5eed)
    }

    /// The messages that tell of an event.
    pub(super) fn messages(&self, event: &Value) -> Vec<(String, Value)> {
        let told = self.servers.iter().filter(|s| s.confirmed && s.wall_post_new);
        told.map(|s| {
            let mut message = event.clone();
            if !s.secret.is_empty() {
                message["secret"] = s.secret.clone().into();
            }
            (s.url.clone(), message)
        })
        .collect()
    }

    /// What a server answered to `confirmation`.
    pub(super) fn confirmed(&mut self, url: &str, answer: &str) {
        let code = self.code();
        for server in self.servers.iter_mut().filter(|s| s.url == url) {
            server.confirmed = answer.trim() == code;
        }
    }

    /// Takes a server in; the message asks it to confirm.
    pub(super) fn add(&mut self, call: &Request<'_>) -> Result<(Value, (String, Value)), Refusal> {
        if self.servers.len() >= SERVERS_MAX {
            return Err(Refusal::new(2000, "Servers number limit is exceeded"));
        }
        self.last += 1;
        let mut target = Target {
            id: self.last,
            url: String::new(),
            title: String::new(),
            secret: String::new(),
            confirmed: false,
            wall_post_new: false,
        };
        target.change(call)?;
        let confirmation = (target.url.clone(), json!({ "type": "confirmation", "group_id": self.group }));
        self.servers.push(target);
        Ok((json!({ "server_id": self.last }), confirmation))
    }

    pub(super) fn change(&mut self, call: &Request<'_>) -> Result<Value, Refusal> {
        self.target(call)?.change(call)?;
        Ok(1.into())
    }

    pub(super) fn remove(&mut self, call: &Request<'_>) -> Result<Value, Refusal> {
        let id = self.target(call)?.id;
        self.servers.retain(|s| s.id != id);
        Ok(1.into())
    }

    pub(super) fn list(&self) -> Value {
        let items: Vec<_> = self
            .servers
            .iter()
            .map(|s| {
                json!({ "id": s.id, "title": s.title, "url": s.url, "secret_key": s.secret, "creator_id": 0,
                    "status": if s.confirmed { "ok" } else { "unconfigured" } })
            })
            .collect();
        json!({ "count": items.len(), "items": items })
    }

    pub(super) fn settings(&mut self, call: &Request<'_>) -> Result<Value, Refusal> {
        let on = i64::from(self.target(call)?.wall_post_new);
        Ok(json!({ "api_version": "5.199", "events": { "wall_post_new": on } }))
    }

    pub(super) fn set(&mut self, call: &Request<'_>) -> Result<Value, Refusal> {
        self.target(call)?.wall_post_new = call.params.flag("wall_post_new");
        Ok(1.into())
    }

    fn target(&mut self, call: &Request<'_>) -> Result<&mut Target, Refusal> {
        let id = call.params.required("server_id")?;
        self.servers.iter_mut().find(|s| s.id == id).ok_or_else(|| Refusal::parameter("server_id is unknown"))
    }
}

impl Target {
    fn change(&mut self, call: &Request<'_>) -> Result<(), Refusal> {
        let (url, title, secret) = (call.params.text("url"), call.params.text("title"), call.params.text("secret_key"));
        // VK asks for https on the public internet; a sandbox must not reach out to it.
        if !Url::parse(url).is_ok_and(|u| is_loopback(&u)) {
            return Err(Refusal::parameter("url should be on loopback: this is a sandbox"));
        }
        if title.is_empty() || title.chars().count() > TITLE_MAX {
            return Err(Refusal::parameter("title should be 1 to 14 characters long"));
        }
        if secret.chars().count() > SECRET_MAX {
            return Err(Refusal::parameter("secret_key should be at most 50 characters long"));
        }
        (self.url, self.title, self.secret) = (url.into(), title.into(), secret.into());
        Ok(())
    }
}
