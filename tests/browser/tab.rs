//! What a person does in the browser, and what can be seen there.

use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use super::demo::Demo;

/// Nothing on the desk takes longer, on the slowest of machines.
const PATIENCE: Duration = Duration::from_secs(30);
const EVERY: Duration = Duration::from_millis(50);

/// The one tab.
pub struct Tab {
    pub client: Client,
    base: String,
}

/// A window and a colour scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    pub width: u32,
    pub dark: bool,
}

pub const WIDE: Look = Look { width: 1440, dark: false };
pub const TABLET: Look = Look { width: 768, dark: false };
pub const LOOKS: [Look; 4] =
    [WIDE, Look { width: 1440, dark: true }, Look { width: 320, dark: false }, Look { width: 320, dark: true }];

/// A command of Chromium's driver that `WebDriver` has not.
#[derive(Debug)]
struct Own {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Own {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` asks for")]
pub fn failed(error: CmdError) -> String {
    error.to_string()
}

impl Tab {
    pub fn new(client: Client, base: String) -> Self {
        Self { client, base }
    }

    /// As a story finds it: nobody signed in, wide, light, an empty console.
    pub async fn begin(&self) {
        drop(self.open("/sign-in").await);
        drop(self.client.delete_all_cookies().await);
        drop(self.look(WIDE).await);
        drop(self.console().await);
    }

    /// Goes to a path of the desk, or to an address.
    pub async fn open(&self, path: &str) -> Result<(), String> {
        let address = if path.starts_with('/') { format!("{}{path}", self.base) } else { path.to_owned() };
        self.client.goto(&address).await.map_err(failed)
    }

    /// The path that is open.
    pub async fn path(&self) -> Result<String, String> {
        Ok(self.client.current_url().await.map_err(failed)?.path().to_owned())
    }

    pub async fn sign_in(&self, demo: &Demo, login: &str) -> Result<(), String> {
        self.open("/sign-in").await?;
        self.fill("input[name=login]", login).await?;
        self.fill("input[name=password]", demo.password(login)).await?;
        self.click("main form button").await?;
        self.seen(".visitor details").await.map(drop)
    }

    /// Waits until an element is there.
    pub async fn seen(&self, css: &str) -> Result<Element, String> {
        let wait = self.client.wait().at_most(PATIENCE).every(EVERY);
        wait.for_element(Locator::Css(css)).await.map_err(|e| format!("`{css}` does not appear: {e}"))
    }

    /// Waits until a script's value is true.
    pub async fn until(&self, what: &str, script: &str) -> Result<(), String> {
        let begun = tokio::time::Instant::now();
        loop {
            match self.client.execute(&format!("return Boolean({script})"), Vec::new()).await {
                Ok(Value::Bool(true)) => return Ok(()),
                // While the page changes its scripts cannot be asked.
                Ok(_) | Err(_) if begun.elapsed() < PATIENCE => tokio::task::yield_now().await,
                Ok(_) => return Err(format!("{what}: not in time")),
                Err(error) => return Err(format!("{what}: {error}")),
            }
        }
    }

    /// Waits until the page shows some words.
    pub async fn says(&self, words: &str) -> Result<(), String> {
        let script = format!("document.body.innerText.includes({})", json!(words));
        self.until(&format!("the page says «{words}»"), &script).await
    }

    pub async fn click(&self, css: &str) -> Result<(), String> {
        let element = self.seen(css).await?;
        element.click().await.map_err(|e| format!("`{css}` cannot be clicked: {e}"))
    }

    pub async fn fill(&self, css: &str, text: &str) -> Result<(), String> {
        let element = self.seen(css).await?;
        element.clear().await.map_err(failed)?;
        element.send_keys(text).await.map_err(|e| format!("`{css}` cannot be written into: {e}"))
    }

    pub async fn has(&self, css: &str) -> Result<bool, String> {
        Ok(!self.client.find_all(Locator::Css(css)).await.map_err(failed)?.is_empty())
    }

    /// The value of a script.
    pub async fn ask(&self, script: &str) -> Result<Value, String> {
        self.client.execute(script, Vec::new()).await.map_err(|e| format!("{script}: {e}"))
    }

    /// Changes the window and the colours that the visitor prefers.
    pub async fn look(&self, look: Look) -> Result<(), String> {
        let scheme = if look.dark { "dark" } else { "light" };
        let media = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        self.devtools("Emulation.setEmulatedMedia", media).await?;
        let size = json!({ "width": look.width, "height": 1000, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await
    }

    async fn devtools(&self, cmd: &str, params: Value) -> Result<(), String> {
        let command = Own { path: "goog/cdp/execute", body: json!({ "cmd": cmd, "params": params }) };
        self.client.issue_cmd(command).await.map(drop).map_err(failed)
    }

    /// What the console has said since the last time: errors, and whatever the content security policy stopped.
    pub async fn console(&self) -> Result<Vec<String>, String> {
        let log = self.client.issue_cmd(Own { path: "se/log", body: json!({ "type": "browser" }) }).await;
        let log = log.map_err(failed)?;
        let entries = log.as_array().map(Vec::as_slice).unwrap_or_default();
        let bad = entries.iter().filter(|entry| {
            let message = entry["message"].as_str().unwrap_or_default();
            entry["level"] == "SEVERE" || message.contains("Content Security Policy")
        });
        Ok(bad.map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect())
    }

    /// Where a story stopped: the address and what stood there.
    pub async fn scene(&self) -> String {
        let address = self.client.current_url().await.map(|url| url.to_string()).unwrap_or_default();
        let text = self.ask("return document.body.innerText").await.unwrap_or_default();
        let text: String = text.as_str().unwrap_or_default().chars().take(600).collect();
        format!("at {address}:\n{text}")
    }
}
