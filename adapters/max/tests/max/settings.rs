//! A channel's entry in the configuration.

use serde_json::json;
use vestnik_contract::ChannelSettings as _;
use vestnik_max::Settings;

use crate::world::{CHAT, City};

#[tokio::test]
async fn an_entry_is_complete_with_id_and_token() {
    let entry = json!({ "chat_id": CHAT, "token": { "env": "MAX_TOKEN" } });
    let settings: Settings = serde_json::from_value(entry).unwrap();
    assert_eq!(settings.base_url.url().as_str(), "https://platform-api2.max.ru/");
    assert_eq!(settings.account(), format!("max:{CHAT}"));
    assert!(!settings.is_loopback());
}

#[tokio::test]
async fn what_cannot_work_is_refused_with_the_key() {
    let city = City::start().await;
    for (changes, key) in [
        (json!({ "chat_id": 5 }), "chat_id"),
        (json!({ "text_max": 0 }), "text_max"),
        (json!({ "attachments_max": 1000 }), "attachments_max"),
        (json!({ "root_certificate": "absent.pem" }), "root_certificate"),
    ] {
        let error = city.settings(changes).open(&city.context()).unwrap_err();
        assert_eq!(error.key, key, "{error}");
    }
    std::fs::write(city.base_dir.path().join("empty.pem"), "no certificate here").unwrap();
    let error = city.settings(json!({ "root_certificate": "empty.pem" })).open(&city.context()).unwrap_err();
    assert!(error.problem.contains("empty.pem") && error.problem.contains("gosuslugi.ru/crt"), "{error}");
    let unknown = json!({ "chat_id": CHAT, "token": { "env": "T" }, "chat": 1 });
    assert!(serde_json::from_value::<Settings>(unknown).unwrap_err().to_string().contains("chat"));
}
