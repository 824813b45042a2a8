//! The site's theme.

use vestnik_contract::markdown::escape_html;

use super::Page;

/// The list of pages.
pub(super) fn list<'a>(pages: impl Iterator<Item = &'a Page>) -> String {
    let mut html = String::from("<ul>");
    for page in pages {
        html.extend(["<li><a href=\"", &escape_html(&page.path), "\">", &escape_html(&page.title), "</a></li>"]);
    }
    html.push_str("</ul>");
    themed("Новости", &html)
}

/// One page.
pub(super) fn post(page: &Page) -> String {
    let date = page.published_at.format("%d.%m.%Y %H:%M").to_string();
    themed(&page.title, &format!("<p><time>{date}</time></p>{}", page.html))
}

/// What stands where nothing was put up.
pub(super) fn nothing() -> String {
    themed("Страница не найдена", "<div id=\"app\"></div>")
}

fn themed(title: &str, html: &str) -> String {
    let title = escape_html(title);
    format!(
        "<!doctype html><html lang=\"ru\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <script>window.app = {{}}</script></head><body><nav><a href=\"/\">Главная</a></nav><main><h1>{title}</h1>\
         {html}</main><footer>Администрация города</footer></body></html>"
    )
}
