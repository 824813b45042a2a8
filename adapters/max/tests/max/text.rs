//! Whatever is typed becomes markup that MAX documents, and reads back as announced.

use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use vestnik_contract::{Adapter, ChannelSettings as _, Content, Context, SetClock};
use vestnik_max::Settings;
use vestnik_sandbox::max::markup::from_html;

const TAGS: [&str; 8] = ["b", "i", "s", "code", "pre", "h1", "blockquote", "a"];

static ADAPTER: LazyLock<Arc<dyn Adapter>> = LazyLock::new(|| {
    let entry = serde_json::json!({ "chat_id": -1, "token": { "env": "T" }, "base_url": "http://127.0.0.1:1" });
    let settings: Settings = serde_json::from_value(entry).unwrap();
    let clock = Arc::new(SetClock::at(chrono::DateTime::UNIX_EPOCH));
    settings
        .open(&Context {
            clock,
            base_dir: ".".into(),
            allow_private_addresses: false,
            renewals: vestnik_contract::Renewals::default(),
        })
        .unwrap()
});

/// Every `<` opens or closes a documented tag, in order, and every `&` begins one of four references.
fn assert_well_formed(html: &str) {
    let mut open = Vec::new();
    for part in html.split('<').skip(1) {
        let (tag, _) = part.split_once('>').unwrap_or_else(|| panic!("an open tag in {html}"));
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{html}");
        } else {
            let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
            assert!(TAGS.contains(&name), "<{name}> in {html}");
            let is_href = attributes.starts_with("href=\"http") && attributes.matches('"').count() == 2;
            assert!(if name == "a" { is_href } else { attributes.is_empty() }, "<{tag}> in {html}");
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?} open in {html}");
    for part in html.split('&').skip(1) {
        assert!(["amp;", "lt;", "gt;", "quot;"].iter().any(|r| part.starts_with(r)), "&{part}");
    }
}

fn typed() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,120}",
        "[-*>#_`~\\[\\]()<>!&;\"'\\n 1a.=/]{0,100}",
        "(<b>|</b>|<a href=\"|\">|&lt;|&#60;|\\[x\\]\\(https?://e\\.ru/\\?a=1&b=\"\\)|\\[\\]\\(mailto:a@b\\.ru\\)|> |- |1\\. |# |`|\\*\\*|\\n|\\n\\n|я| ){0,24}",
    ]
}

proptest! {
    #[test]
    fn what_is_typed_reads_back_as_announced(title in "\\PC{1,60}", body in typed(), footer in typed(), tag in "\\PC{0,10}") {
        let content = Content { title, body, link: None, tags: vec![tag], media: Vec::new(), footer: Some(footer) };
        if let Ok(post) = ADAPTER.render(&content) {
            assert_well_formed(&post.body);
            prop_assert_eq!(&from_html(&post.body).text, &post.plain);
            prop_assert!(post.body.encode_utf16().count() <= 4000);
            prop_assert_eq!(post.length, post.body.encode_utf16().count());
            prop_assert!(post.plain.starts_with(&content.title));
            prop_assert_eq!(ADAPTER.render(&content), Ok(post));
        }
    }
}
