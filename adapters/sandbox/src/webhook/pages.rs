//! The public pages.

use vestnik_contract::markdown::escape_html;

use super::world::{Item, State, World};

/// Plain text as an editor of the site would set it.
pub(crate) fn paragraphs(text: &str) -> String {
    let mut html = String::new();
    for paragraph in text.split("\n\n") {
        html.extend(["<p>", &escape_html(paragraph).replace('\n', "<br>"), "</p>"]);
    }
    html
}

/// The list of news, newest first.
pub(crate) fn list(world: &World) -> String {
    let mut html = String::from("<ul>");
    for item in world.items.iter().rev().filter(|item| item.state == State::Live) {
        html.extend(["<li><a href=\"/news/", &item.id, "\">", &escape_html(&item.title), "</a></li>"]);
    }
    html += "</ul>";
    page("Новости города", &html)
}

/// One item.
pub(crate) fn item(item: &Item) -> String {
    let mut body = format!("<time datetime=\"{}\"></time>{}", item.published_at.to_rfc3339(), item.html);
    for file in &item.files {
        let (name, alt, sha256) = (escape_html(&file.name), escape_html(&file.alt), &file.sha256);
        if file.picture {
            body.extend(["<figure><img src=\"/files/", sha256, "\" alt=\"", &alt, "\"></figure>"]);
        } else {
            body.extend(["<p><a href=\"/files/", sha256, "\" download=\"", &name, "\">", &name, "</a></p>"]);
        }
    }
    page(&item.title, &body)
}

fn page(title: &str, body: &str) -> String {
    let title = escape_html(title);
    format!(
        "<!doctype html><html lang=\"ru\"><head><meta charset=\"utf-8\"><title>{title}</title></head><body><main>\
         <h1>{title}</h1>{body}</main></body></html>"
    )
}
