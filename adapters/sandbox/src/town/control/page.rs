//! The control face's page.

use std::fmt::Write as _;

use vestnik_contract::markdown::escape_html;

use super::Standing;

/// Everything that stands on every channel.
pub(super) fn page(channels: &[Standing]) -> String {
    let mut html = String::from(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>The sandbox</title>\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <style>body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
         article{border-left:3px solid;padding-left:1rem;margin:1rem 0;white-space:pre-line;overflow-wrap:anywhere}\
         small{opacity:.75}</style></head><body><main><h1>What stands in the sandbox</h1>\
         <p>How to play with faults, clocks and colleagues: <code>docs/sandbox.md</code>.</p>",
    );
    for channel in channels {
        let _ = write!(html, "<section><h2>{} ({})</h2>", escape_html(&channel.channel), channel.platform);
        if channel.posts.is_empty() {
            html.push_str("<p>Nothing.</p>");
        }
        for post in &channel.posts {
            let at = post.published_at.format("%Y-%m-%d %H:%M:%S UTC");
            let address = post.url.as_ref().map(ToString::to_string).unwrap_or_default();
            let _ = write!(
                html,
                "<article lang=\"ru\">{}<br><small lang=\"en\">{at} · id {} · media: {} · {}</small></article>",
                escape_html(&post.text),
                escape_html(&post.id),
                post.media,
                escape_html(&address),
            );
        }
        html.push_str("</section>");
    }
    html.push_str("</main></body></html>");
    html
}
