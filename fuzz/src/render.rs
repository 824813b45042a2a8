//! A post as every platform will show it: within its limit, valid, and nothing of it is markup that was not meant.
//!
//! The first line is the headline, the second its tags, the third its link, the rest the text.

use std::sync::Arc;

use pulldown_cmark::{Event, Options, Parser};
use vestnik::config::Channel;
use vestnik::post_file::{PostFile, resolve};
use vestnik_contract::{Adapter, Content, Markup, MediaKind, Rendered};

use super::html::{self, Allowed};
use super::office::{Office, content_for, now};

/// MAX API schema 0.0.33, `NewMessageBody.format`.
const MAX: &Allowed = &[
    ("a", &["href"]),
    ("b", &[]),
    ("blockquote", &[]),
    ("code", &[]),
    ("h1", &[]),
    ("i", &[]),
    ("pre", &[]),
    ("s", &[]),
];
/// What `wp_kses_post` leaves to an author, less what Markdown has no words for.
const SITE: &Allowed = &[
    ("a", &["href"]),
    ("blockquote", &[]),
    ("br", &[]),
    ("code", &[]),
    ("del", &[]),
    ("em", &[]),
    ("h2", &[]),
    ("h3", &[]),
    ("h4", &[]),
    ("h5", &[]),
    ("h6", &[]),
    ("hr", &[]),
    ("li", &[]),
    ("ol", &["start"]),
    ("p", &[]),
    ("pre", &[]),
    ("strong", &[]),
    ("ul", &[]),
];

thread_local! {
    static OFFICE: Office = Office::open();
    static CHANNELS: Vec<(Channel, Arc<dyn Adapter>)> = OFFICE.with(|office| {
        office.organisation().channels.iter().map(|c| (c.clone(), office.adapter(c))).collect()
    });
}

/// Renders a post for every channel of the office.
pub fn check(typed: &[u8]) {
    let typed = String::from_utf8_lossy(typed);
    let mut lines = typed.splitn(4, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let (title, tags, link) = (line().trim(), line(), line().trim());
    let file = PostFile {
        title: title.into(),
        body: line().trim_matches('\n').trim_end().into(),
        at: None,
        link: (!link.is_empty()).then(|| link.into()),
        tags: tags.split(',').filter(|tag| !tag.trim().is_empty()).map(Into::into).collect(),
        media: Vec::new(),
        channels: Vec::new(),
        not_before: [].into(),
        overrides: [].into(),
        expires_at: None,
    };
    let (view, picture) = OFFICE.with(|office| (office.view(), office.picture.clone()));
    let Ok(post) = resolve(file, &view, now()) else { return };
    CHANNELS.with(|channels| {
        for (channel, adapter) in channels {
            let content = content_for(channel, post.clone(), vec![picture.clone()]);
            let rendered = adapter.render(&content);
            assert_eq!(rendered, adapter.render(&content), "{} renders alike twice", channel.slug);
            match rendered {
                Ok(post) => {
                    let limits = adapter.limits();
                    let counted = counted(channel.platform, &post);
                    assert_eq!(post.length, limits.unit.measure(counted), "{} counts", channel.slug);
                    assert!(limits.text_max.is_none_or(|max| post.length <= max), "{} is too long", channel.slug);
                    assert!(post.media.iter().all(|m| m.kind == MediaKind::Picture));
                    nothing_unseen(&post);
                    // VK shows the name of a mention, not whom it mentions.
                    nothing_lost(&content, if channel.platform == "vk" { &post.body } else { &post.plain });
                    valid(channel.platform, &content, &post);
                }
                Err(misfits) => {
                    assert!(!misfits.is_empty());
                    for misfit in misfits {
                        let told = [&misfit.field, &misfit.problem, &misfit.todo];
                        assert!(told.iter().all(|text| !text.trim().is_empty()), "{misfit:?}");
                    }
                }
            }
        }
    });
}

/// What the platform's limit counts: MAX its markup too, sites what is read.
fn counted<'a>(platform: &str, post: &'a Rendered) -> &'a str {
    match platform {
        "max" | "vk" | "ok" => &post.body,
        _ => &post.plain,
    }
}

fn valid(platform: &str, content: &Content, post: &Rendered) {
    match platform {
        "max" => assert_eq!(html::text_of(&post.body, MAX), post.plain, "MAX shows something else"),
        "wordpress" | "webhook" => {
            html::text_of(&post.body, SITE);
        }
        _ => assert_eq!(post.markup, Markup::Plain),
    }
    match platform {
        "wordpress" => {
            let title = post.title.as_deref().unwrap_or_default();
            assert_eq!(html::text_of(title, &[]), content.title, "the headline");
            // A word in brackets is run as a shortcode of the site.
            assert!(!post.body.contains(['[', ']']), "{}", post.body);
        }
        "webhook" | "manual" => assert_eq!(post.title.as_ref(), Some(&content.title)),
        _ => assert!(post.plain.contains(content.title.trim()) || platform == "vk", "the headline is the first line"),
    }
}

/// What nobody can see may steer what shows it.
fn nothing_unseen(post: &Rendered) {
    for text in [Some(&post.body), Some(&post.plain), post.title.as_ref()].into_iter().flatten() {
        let unseen = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t'));
        assert_eq!(unseen, None, "in {text:?}");
    }
}

/// Every letter that was typed is read, in its order.
fn nothing_lost(content: &Content, shown: &str) {
    let mut left = shown.chars();
    let mut text = String::new();
    for event in Parser::new_ext(&content.body, Options::ENABLE_STRIKETHROUGH) {
        if let Event::Text(part) | Event::Code(part) | Event::Html(part) | Event::InlineHtml(part) = event {
            text.push_str(&part);
        }
    }
    for letter in text.chars().filter(|c| c.is_alphabetic()) {
        assert!(left.any(|c| c == letter), "{letter:?} of {text:?} is not in {shown:?}");
    }
}
