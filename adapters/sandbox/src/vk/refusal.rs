//! VK's error envelope, which comes with HTTP status 200.

use serde_json::{Map, Value, json};

use super::model::Captcha;
use super::params::Params;
use crate::faults::Canned;

/// An error that a method answers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    code: i64,
    message: String,
    extra: Map<String, Value>,
}

impl Refusal {
    pub(super) fn new(code: i64, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), extra: Map::new() }
    }

    /// Code 100 about one parameter.
    pub(super) fn parameter(what: &str) -> Self {
        Self::new(100, format!("One of the parameters specified was missing or invalid: {what}"))
    }

    pub(super) fn not_found() -> Self {
        Self::new(104, "Not found")
    }

    /// Code 15 with subcode 1133: the token may not call the method at all.
    pub(super) fn no_right() -> Self {
        Self::new(15, "Access denied: no access to call this method").with("error_subcode", 1133.into())
    }

    pub(super) fn captcha(form: Captcha) -> Self {
        const SESSION: &str = "eyJhbGciOiJIUzI1NiJ9.sandbox-session";
        let redirect =
            format!("https://id.vk.com/not_robot_captcha?domain=vk.com&session_token={SESSION}&variant=popup");
        let refusal = Self::new(14, "Captcha needed").with("redirect_uri", redirect.into());
        match form {
            Captcha::RedirectOnly => refusal,
            Captcha::Picture => refusal
                .with("captcha_sid", "239633676097".into())
                .with("captcha_img", "https://api.vk.com/captcha.php?sid=239633676097&s=1".into())
                .with("captcha_ts", json!(1_748_937_466.749))
                .with("captcha_attempt", 1.into()),
        }
    }

    fn with(mut self, key: &str, value: Value) -> Self {
        self.extra.insert(key.into(), value);
        self
    }

    /// The envelope; VK echoes what was asked, without the token.
    pub(super) fn envelope(&self, method: &str, params: &Params) -> Value {
        let mut error = self.extra.clone();
        error.insert("error_code".into(), self.code.into());
        error.insert("error_msg".into(), self.message.clone().into());
        let mut echoed = vec![json!({"key": "method", "value": method}), json!({"key": "oauth", "value": "1"})];
        echoed.extend(params.echoed().map(|(key, value)| json!({"key": key, "value": value})));
        error.insert("request_params".into(), echoed.into());
        json!({ "error": error })
    }
}

/// The answer of a method that failed with this code and text, for [`crate::Fault::Refuse`].
pub fn canned_error(code: i64, text: &str) -> Canned {
    Canned::json(200, &Refusal::new(code, text).envelope("", &Params::default()))
}

/// A captcha in one of its forms, for [`crate::Fault::Refuse`].
pub fn canned_captcha(form: Captcha) -> Canned {
    Canned::json(200, &Refusal::captcha(form).envelope("", &Params::default()))
}
