//! The page.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use vestnik_contract::markdown::escape_html;

use super::{Look, Shown, Wall};

/// Readers see so many posts of a channel.
const LISTED: usize = 50;
/// The same for all; each platform's colours are classes of their own.
const STYLE: &str = include_str!("reader.css");

/// Pictures of this server, the style of this page, forms to this server, nothing else.
pub(super) fn policy() -> String {
    let style = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; img-src 'self' data:; style-src 'sha256-{style}'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )
}

pub(super) fn page(look: &Look, walls: &[Wall], form: &str) -> String {
    let mut html = format!(
        "<!doctype html><html lang=\"ru\"><head><meta charset=\"utf-8\"><title>{name}: глазами читателя</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><link rel=\"icon\" href=\"data:,\"><style>{STYLE}</style></head>\
         <body class=\"{ground}\"><header class=\"{band}\"><p>{name}</p><p>Песочница на этой машине, не настоящая площадка</p></header><main>",
        name = escape_html(look.name),
        band = look.band,
        ground = look.ground,
    );
    html.push_str(form);
    for wall in walls {
        let _ = write!(html, "<section><h1>{}</h1>", escape_html(&wall.name));
        if wall.posts.is_empty() {
            html.push_str("<p class=\"none\">Здесь ещё ничего не вышло.</p>");
        }
        for post in wall.posts.iter().take(LISTED) {
            article(&mut html, post);
        }
        html.push_str("</section>");
    }
    html.push_str("</main></body></html>");
    html
}

fn article(html: &mut String, post: &Shown) {
    html.push_str(if post.deleted.is_some() { "<article class=\"gone\">" } else { "<article>" });
    let _ = write!(html, "<p class=\"when\">{}", time(post.at));
    for (mark, at) in [("изменено", post.edited), ("удалено", post.deleted)] {
        if let Some(at) = at {
            let _ = write!(html, " <b class=\"mark\">{mark} {}</b>", at.map(time).unwrap_or_default());
        }
    }
    html.push_str("</p>");
    if let Some(title) = &post.title {
        let _ = write!(html, "<h2>{}</h2>", escape_html(title));
    }
    let _ = write!(html, "<div class=\"text\">{}</div>", post.html);
    if !post.pictures.is_empty() {
        html.push_str("<div class=\"pictures\">");
        for (address, alt) in &post.pictures {
            let _ =
                write!(html, "<img src=\"{}\" alt=\"{}\" loading=\"lazy\">", escape_html(address), escape_html(alt));
        }
        html.push_str("</div>");
    }
    for file in &post.files {
        let _ = write!(html, "<p class=\"file\">📎 {}</p>", escape_html(file));
    }
    if let Some(link) = &post.link {
        let _ = write!(html, "<p class=\"link\">{}</p>", anchor(link));
    }
    html.push_str("</article>");
}

/// A link where the address is one of the web or a path of this server; its text otherwise.
pub(super) fn anchor(address: &str) -> String {
    let text = escape_html(address);
    let is_path = address.starts_with('/') && !address.starts_with("//");
    if is_path || address.starts_with("https://") || address.starts_with("http://") {
        format!("<a href=\"{text}\" rel=\"noreferrer\">{text}</a>")
    } else {
        text
    }
}

fn time(at: DateTime<Utc>) -> String {
    let moscow = at.with_timezone(&chrono_tz::Europe::Moscow);
    format!("<time datetime=\"{}\">{}</time>", at.to_rfc3339(), moscow.format("%d.%m.%Y, %H:%M:%S МСК"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVIL: &str = "\"><script>alert(1)</script>";

    #[test]
    fn nothing_of_a_post_becomes_markup() {
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let post = Shown {
            title: Some(EVIL.into()),
            html: super::super::plain(EVIL),
            pictures: vec![(EVIL.into(), EVIL.into())],
            files: vec![EVIL.into()],
            link: Some("javascript:alert(1)".into()),
            at,
            edited: Some(Some(at)),
            deleted: Some(Some(at)),
        };
        let look = Look { name: "X", band: "max", ground: "max-ground" };
        let html = page(&look, &[Wall { name: EVIL.into(), posts: vec![post] }], "");
        assert!(!html.contains("<script"), "{html}");
        assert!(!html.contains("href=\"javascript"), "{html}");
        assert!(html.contains("изменено") && html.contains("удалено"), "{html}");
    }
}
