//! The real site as a world of the conformance suite: one test at a time, on an empty site.

use std::collections::HashMap;
use std::fs::File;
use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;
use vestnik_contract::conformance::{Seen, Trouble, World};
use vestnik_contract::http::Http;
use vestnik_contract::{Adapter, ChannelSettings as _, Context, RemoteId, SystemClock};
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;
use vestnik_sandbox::wordpress::{media_count, reader_text};
use vestnik_wordpress::Settings;

use super::proxy::Proxy;

/// Names the credentials file.
const VARIABLE: &str = "VESTNIK_WORDPRESS";

pub(crate) struct RealSite {
    adapter: Arc<dyn Adapter>,
    proxy: Proxy,
    colleague: Colleague,
    password: String,
    _secrets: TempDir,
    /// Held while the test runs: tests are processes of their own and share the site.
    _alone: File,
}

impl RealSite {
    /// `None`, and a word about it, when there is no site. `more` changes the adapter's settings.
    pub(crate) async fn start(mut more: Value) -> Option<Self> {
        let Ok(path) = std::env::var(VARIABLE) else {
            eprintln!(
                "NOT RUN: {VARIABLE} is not set; export {VARIABLE}=\"$(tests/wordpress/up.sh)\" to try a real site"
            );
            return None;
        };
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{VARIABLE} names {path}: {e}"));
        let given: HashMap<&str, &str> = text.lines().filter_map(|l| l.split_once('=')).collect();
        let alone = File::open(&path).unwrap();
        alone.lock().unwrap();
        let site: Url = given["url"].parse().unwrap();
        let colleague = Colleague {
            http: Http::new(None).unwrap(),
            site: site.clone(),
            user: given["colleague_user"].into(),
            password: given["colleague_password"].into(),
        };
        colleague.clear().await;
        let proxy = Proxy::start(site).await;
        let password_key = more.as_object_mut().unwrap().remove("password_key");
        let password_key = password_key.as_ref().and_then(Value::as_str).unwrap_or("vestnik_password");
        let password = given[password_key].to_owned();
        let secrets = tempfile::tempdir().unwrap();
        std::fs::write(secrets.path().join("password"), &password).unwrap();
        let mut settings = json!({
            "url": proxy.server.url(),
            "user": given["vestnik_user"],
            "application_password": { "file": "password" },
        });
        settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let context = Context {
            clock: Arc::new(SystemClock),
            base_dir: secrets.path().into(),
            allow_private_addresses: true,
            renewals: vestnik_contract::Renewals::default(),
        };
        let adapter = serde_json::from_value::<Settings>(settings).unwrap().open(&context).unwrap();
        Some(Self { adapter, proxy, colleague, password, _secrets: secrets, _alone: alone })
    }

    /// The next call of this name takes effect, and its answer is lost.
    pub(crate) fn lose_reply(&self, call: &str) {
        self.proxy.server.switches.next(call, Fault::CommitThenDrop);
    }

    /// How many there are on the site.
    pub(crate) fn count(&self, what: &str, status: &str) -> usize {
        let colleague = &self.colleague;
        wait(colleague.list(what, status)).len()
    }
}

/// Somebody who works in the site's admin area: an editor.
#[derive(Clone)]
struct Colleague {
    http: Http,
    site: Url,
    user: String,
    password: String,
}

impl Colleague {
    async fn call(&self, method: reqwest::Method, route: &str, query: &[(&str, &str)], body: Option<Value>) -> Value {
        let mut url = self.site.clone();
        url.query_pairs_mut().append_pair("rest_route", &format!("/wp/v2/{route}")).extend_pairs(query);
        let mut request = self.http.request(method, url).basic_auth(&self.user, Some(&self.password));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let reply = self.http.send(request).await.unwrap();
        assert!(reply.status.is_success(), "{route}: {} {}", reply.status, String::from_utf8_lossy(&reply.body));
        reply.json().unwrap()
    }

    async fn list(&self, what: &str, status: &str) -> Vec<Value> {
        let query = [("status", status), ("context", "edit"), ("per_page", "100")];
        let Value::Array(found) = self.call(reqwest::Method::GET, what, &query, None).await else { panic!("no list") };
        found
    }

    async fn clear(&self) {
        for (what, status) in [("posts", "any"), ("posts", "trash"), ("media", "inherit")] {
            for item in self.list(what, status).await {
                self.call(reqwest::Method::DELETE, &format!("{what}/{}", item["id"]), &[("force", "true")], None).await;
            }
        }
    }
}

/// The suite looks at worlds without waiting; a thread of its own lets it.
fn wait<T: Send>(work: impl Future<Output = T> + Send) -> T {
    std::thread::scope(|scope| {
        let thread =
            scope.spawn(|| tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work));
        thread.join().unwrap()
    })
}

impl World for RealSite {
    fn adapter(&self) -> Arc<dyn Adapter> {
        Arc::clone(&self.adapter)
    }

    fn posts(&self) -> Vec<Seen> {
        let seen = |post: &Value| {
            let (title, content) = (&post["title"]["rendered"], post["content"]["rendered"].as_str().unwrap());
            Seen {
                id: RemoteId(post["id"].to_string()),
                text: reader_text(&format!("<h1>{}</h1>{content}", title.as_str().unwrap())),
                media: media_count(content),
                url: post["link"].as_str().and_then(|l| l.parse().ok()),
            }
        };
        wait(self.colleague.list("posts", "publish")).iter().map(seen).collect()
    }

    fn trouble(&self, trouble: Trouble) {
        let switches = &self.proxy.server.switches;
        let publish = "POST /posts/{id}";
        let refusal =
            json!({ "code": "rest_invalid_param", "message": "Неверный параметр.", "data": { "status": 400 } });
        match trouble {
            Trouble::LostRequest => switches.next(publish, Fault::DropBefore),
            Trouble::LostReply => switches.next(publish, Fault::CommitThenDrop),
            Trouble::Rubbish => switches.next(publish, Fault::CommitThenAnswer(Canned::html(502))),
            Trouble::HalfAnAnswer => switches.next(publish, Fault::Truncate),
            Trouble::Refused => switches.next(publish, Fault::Refuse(Canned::json(400, &refusal))),
            Trouble::RateLimited(seconds) => {
                let page = Canned::html(429);
                switches.next(publish, Fault::Refuse(seconds.map_or(page.clone(), |s| page.retry_after(s))));
            }
            Trouble::Unauthorised => self.proxy.drop_credentials(),
        }
    }

    fn delete_by_hand(&self, id: &RemoteId) {
        wait(self.colleague.call(reqwest::Method::DELETE, &format!("posts/{id}"), &[], None));
    }

    fn edit_by_hand(&self, id: &RemoteId, text: &str) {
        let body = json!({ "content": format!("<!-- wp:paragraph --><p>{text}</p><!-- /wp:paragraph -->") });
        wait(self.colleague.call(reqwest::Method::POST, &format!("posts/{id}"), &[], Some(body)));
    }

    fn post_by_hand(&self, text: &str) -> RemoteId {
        let body = json!({ "title": "От коллеги", "content": text, "status": "publish" });
        RemoteId(wait(self.colleague.call(reqwest::Method::POST, "posts", &[], Some(body)))["id"].to_string())
    }

    fn set_clock_ahead(&self, by: TimeDelta) {
        self.proxy.server.clock.set_ahead(by);
    }

    fn send_date(&self, on: bool) {
        self.proxy.server.clock.send_date_header(on);
    }

    fn secrets(&self) -> Vec<String> {
        vec![self.password.clone(), self.password.replace(' ', "")]
    }
}
