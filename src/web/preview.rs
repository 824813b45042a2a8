//! How a post will look on every channel while it is being written, what does not fit, and when it goes out.
//!
//! What is drawn is what will be sent: the adapters' own form of the post. It is cleaned once more before a page shows
//! it, so that nothing a person typed can become more than text here.

use std::sync::LazyLock;

use ammonia::Builder;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Html;
use axum::routing::post;
use vestnik_contract::markdown::escape_html;
use vestnik_contract::{LengthUnit, Markup, Media, MediaKind, Misfit, Rendered};

use super::drafts::DraftForm;
use super::page::Page;
use super::posted::Posted;
use super::visitor::SignedIn;
use super::words::{self, Told};
use super::{Desk, WebError, drafts, plan};
use crate::domain::Deed;
use crate::domain::content::PRIMARY_URL_RESERVE;
use crate::domain::draft::DraftContent;
use crate::office::{ChannelPreview, Plan, Start, aside};

pub(super) fn routes() -> Router<Desk> {
    Router::new().route("/preview", post(preview))
}

/// What platforms show of HTML; everything else becomes text. Headings become paragraphs first: those of the page around
/// go on in their own order.
static SHOWN: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    let tags =
        ["a", "b", "strong", "i", "em", "u", "s", "del", "code", "pre", "p", "br", "ul", "ol", "li", "blockquote"];
    builder
        .add_tags(tags)
        .add_tag_attributes("a", ["href"])
        .url_schemes(["http", "https", "mailto", "tel"].into_iter().collect())
        .link_rel(Some("noopener noreferrer nofollow"))
        .set_tag_attribute_value("a", "target", "_blank");
    builder
});

/// What stands for the address of the MAX post until there is one, as people read it.
const ADDRESS_TO_COME: &str = "https://max.ru/…";

#[derive(Template)]
#[template(path = "preview/cards.html")]
struct Cards<'a> {
    page: &'a Page,
    preview: &'a Shown,
}

#[derive(Template)]
#[template(path = "preview/page.html")]
struct Whole {
    page: Page,
    preview: Shown,
}

struct Shown {
    /// Whether it goes into a page that has a place for the plan already.
    is_part: bool,
    is_begun: bool,
    /// Whether nothing but what a channel says of itself keeps it from going out.
    may_go: bool,
    /// «MAX 10:00 → VK, сайт не раньше 14:01».
    plan: String,
    problems: Vec<FieldTold>,
    cards: Vec<Card>,
}

/// What is wrong in one field.
struct FieldTold {
    field: String,
    /// The `id` of the composer's field.
    place: String,
    told: Told,
}

struct Card {
    name: String,
    platform: &'static str,
    when: String,
    title: Option<String>,
    /// Clean HTML.
    body: String,
    media: Vec<Media>,
    link: Option<String>,
    tags: Vec<String>,
    length: usize,
    max: Option<usize>,
    counts_utf16: bool,
    /// What does not fit, each with the `id` of the composer's field.
    misfits: Vec<(String, Told)>,
}

impl Card {
    fn over(&self) -> usize {
        self.max.map_or(0, |max| self.length.saturating_sub(max))
    }

    /// From here on the limit is near.
    fn near(&self) -> usize {
        self.max.map_or(0, |max| max / 10 * 9)
    }

    fn pictures(&self) -> impl Iterator<Item = &Media> {
        self.media.iter().filter(|file| file.kind == MediaKind::Picture)
    }

    fn documents(&self) -> impl Iterator<Item = &Media> {
        self.media.iter().filter(|file| file.kind != MediaKind::Picture)
    }
}

async fn preview(
    State(desk): State<Desk>,
    visitor: SignedIn,
    headers: HeaderMap,
    Posted(form): Posted<DraftForm>,
) -> Result<Html<String>, WebError> {
    visitor.must(Deed::Read, &form.organisation)?;
    let organisation = desk.office.config.organisation(&form.organisation).ok_or(WebError::NotFound)?;
    let page = visitor.page;
    let preview = desk.office.preview(organisation, form.edits, &form.content).await?;
    let name = |slug: &str| desk.channel_name(slug);
    let channels = preview.channels;
    let cleaned = move || channels.into_iter().map(|channel| (body(&channel.drawn.rendered), channel)).collect();
    let channels: Vec<(String, ChannelPreview)> = aside(cleaned).await?;
    let card = |(body, channel): (String, ChannelPreview)| {
        let when = when(&page, &preview.plan, &channel.slug, organisation.zone, form.edits.is_some());
        card(&page, channel, body, when, name, &form.content)
    };
    let problems = preview.problems.iter().map(|problem| FieldTold {
        field: words::field(&desk, page.locale, &problem.key),
        place: drafts::place(&problem.key, &form.content).unwrap_or_default(),
        told: words::problem(page.locale, problem),
    });
    let is_part = headers.contains_key("hx-request");
    let shown = Shown {
        is_part,
        is_begun: preview.is_begun,
        may_go: preview.problems.is_empty() && preview.plan.start != Start::Passed,
        plan: plan::in_words(&page, &preview.plan, organisation.zone, name),
        problems: problems.collect(),
        cards: channels.into_iter().map(card).collect(),
    };
    let html =
        if is_part { Cards { page: &page, preview: &shown }.render() } else { Whole { page, preview: shown }.render() };
    Ok(Html(html?))
}

fn card(
    page: &Page,
    channel: ChannelPreview,
    body: String,
    when: String,
    name: impl Fn(&str) -> String,
    content: &DraftContent,
) -> Card {
    let ChannelPreview { slug, platform, limits, drawn } = channel;
    let Rendered { title, link, tags, media, length, plain, .. } = drawn.rendered;
    // A site's page has the link in its text; a network sets it beside the text, also where that names it.
    let link = link.map(|link| link.to_string()).filter(|link| title.is_none() || !plain.contains(link));
    let misfit = |misfit: &Misfit| {
        let place = drafts::place(&words::misfit_key(&slug, misfit), content);
        (place.unwrap_or_default(), words::misfit(page.locale, misfit))
    };
    Card {
        name: name(&slug),
        platform,
        when,
        // A site's headline is HTML there and text here.
        title: title.map(|title| title.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")),
        body,
        media,
        link,
        tags,
        length,
        max: limits.text_max,
        counts_utf16: limits.unit == LengthUnit::Utf16,
        misfits: drawn.misfits.iter().map(misfit).collect(),
    }
}

/// The text as it will be read, as HTML that is safe to show.
fn body(rendered: &Rendered) -> String {
    let text = rendered.body.replace(PRIMARY_URL_RESERVE, ADDRESS_TO_COME);
    match rendered.markup {
        Markup::Plain => escape_html(&text),
        Markup::Html => SHOWN.clean(&without_headings(text)).to_string(),
    }
}

fn without_headings(mut html: String) -> String {
    for level in 1..=6 {
        html = html.replace(&format!("<h{level}>"), "<p><strong>").replace(&format!("</h{level}>"), "</strong></p>");
    }
    html
}

fn when(page: &Page, plan: &Plan, slug: &str, zone: chrono_tz::Tz, is_edit: bool) -> String {
    if plan.primary.slug == slug {
        let key = match plan.start {
            Start::Now if is_edit => "preview-now-edit",
            Start::Now => "preview-now",
            Start::At => "preview-at",
            Start::Passed => "plan-passed",
        };
        return page.t(key).with("at", page.time(&plan.primary.at, &zone)).to_string();
    }
    let follower = plan.followers.iter().find(|channel| channel.slug == slug);
    follower.map_or_else(String::new, |channel| {
        page.t("preview-not-before").with("at", page.time(&plan::whole_minute(channel.at), &zone)).to_string()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(markup: Markup, body: &str) -> String {
        body_of(markup, body)
    }

    fn body_of(markup: Markup, text: &str) -> String {
        body(&Rendered {
            title: None,
            body: text.into(),
            markup,
            plain: String::new(),
            link: None,
            tags: Vec::new(),
            media: Vec::new(),
            length: 0,
        })
    }

    #[test]
    fn what_was_typed_is_never_more_than_text() {
        for typed in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<a href=\"javascript:alert(1)\">a</a>",
            "<p style=\"position:fixed\" onclick=\"alert(1)\">a</p>",
            "<iframe src=\"https://example.ru\"></iframe>",
            "<svg><script>alert(1)</script></svg>",
            "<form action=\"https://example.ru\"><button>a</button></form>",
        ] {
            for markup in [Markup::Plain, Markup::Html] {
                let html = shown(markup, typed).to_lowercase();
                for evil in ["<script", "<img", "javascript:\"", "onclick=\"", "<iframe", "<svg", "<form", "style=\""] {
                    assert!(!html.contains(evil), "{typed}: {html}");
                }
                assert!(!html.contains("href=\"javascript"), "{html}");
            }
        }
    }

    #[test]
    fn headings_of_a_post_are_no_headings_of_the_page() {
        assert_eq!(shown(Markup::Html, "<h2>Где</h2><p>Там</p>"), "<p><strong>Где</strong></p><p>Там</p>");
    }

    #[test]
    fn links_open_elsewhere_and_tell_nothing() {
        let html = shown(Markup::Html, "<a href=\"https://gorod.ru/\">тут</a>");
        assert!(html.contains("target=\"_blank\"") && html.contains("noopener"), "{html}");
    }

    #[test]
    fn the_address_to_come_is_short_to_read() {
        let html = shown(Markup::Plain, &format!("Мы в MAX: {PRIMARY_URL_RESERVE}"));
        assert!(!html.contains("xxxx") && html.contains('…'), "{html}");
    }
}
