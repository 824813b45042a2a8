//! From content to a MAX post: title, text, link, tags, footer, and every reason why it may not fit.

mod fit;
mod html;

use vestnik_contract::markdown::Document;
use vestnik_contract::{Content, Drawn, LengthUnit, Markup, Rendered};

pub(crate) use fit::limits;

use crate::settings::Settings;
use html::Html;

/// A post as MAX will show it, and every reason why it may not.
pub(crate) fn draw(settings: &Settings, content: &Content) -> Drawn {
    let Html { markup: body, plain } = compose(content);
    let length = LengthUnit::Utf16.measure(&body);
    let misfits = fit::misfits(settings, content, length);
    let rendered = Rendered {
        title: None,
        body,
        markup: Markup::Html,
        plain,
        link: None,
        tags: Vec::new(),
        media: content.media.clone(),
        length,
    };
    Drawn { rendered, misfits }
}

fn compose(content: &Content) -> Html {
    let mut parts = vec![Html::wrapped("b", |html| html.text(&content.title))];
    parts.extend(html::blocks(&Document::parse(&content.body).blocks));
    if let Some(link) = &content.link {
        let mut part = Html::default();
        part.link(link.as_str(), |html| html.text(link.as_str()));
        parts.push(part);
    }
    let tags: Vec<String> = content.tags.iter().filter_map(|tag| hashtag(tag)).collect();
    let mut part = Html::default();
    part.text(&tags.join(" "));
    parts.push(part);
    if let Some(footer) = &content.footer {
        parts.extend(html::blocks(&Document::parse(footer).blocks));
    }
    Html::joined(&parts, "\n\n")
}

/// A tag as readers can tap it: one word.
fn hashtag(tag: &str) -> Option<String> {
    let word = tag.trim().trim_start_matches('#').split_whitespace().collect::<Vec<_>>().join("_");
    (!word.is_empty()).then(|| format!("#{word}"))
}

#[cfg(test)]
mod tests {
    use vestnik_contract::{Misfit, SecretSource};

    use super::*;

    fn render(settings: &Settings, content: &Content) -> Result<Rendered, Vec<Misfit>> {
        draw(settings, content).fitting()
    }

    fn settings() -> Settings {
        Settings {
            chat_id: -1,
            token: SecretSource::Env("T".into()),
            base_url: vestnik_contract::BaseUrl::parse("http://127.0.0.1:1").unwrap(),
            root_certificate: None,
            text_max: 4000,
            attachments_max: 10,
            disable_link_preview: false,
        }
    }

    fn content(body: &str) -> Content {
        Content {
            title: "Вода & <свет>".into(),
            body: body.into(),
            link: Some("https://example.ru/a?b=1&c=2".parse().unwrap()),
            tags: vec!["новости".into(), "#горячая вода".into()],
            media: Vec::new(),
            footer: Some("Мы в [MAX](https://max.ru/gorod)".into()),
        }
    }

    #[test]
    fn a_post_has_its_parts_in_order_and_only_known_markup() {
        let post = render(
            &settings(),
            &content(
                "# Главное\n\n## Где\n\nна *Мира*\n1. раз\n2. два\n   - внутри\n\n> # цитата\n\n---\n\n`код` ~~нет~~",
            ),
        )
        .unwrap();
        assert_eq!(
            post.body,
            "<b>Вода &amp; &lt;свет&gt;</b>\n\n<h1>Главное</h1>\n\n<b>Где</b>\n\nна <i>Мира</i>\n\n1. раз\n2. два\n◦ внутри\n\n\
             <blockquote><b>цитата</b></blockquote>\n\n***\n\n<code>код</code> <s>нет</s>\n\n\
             <a href=\"https://example.ru/a?b=1&amp;c=2\">https://example.ru/a?b=1&amp;c=2</a>\n\n\
             #новости #горячая_вода\n\nМы в <a href=\"https://max.ru/gorod\">MAX</a>"
        );
        assert_eq!(
            post.plain,
            "Вода & <свет>\n\nГлавное\n\nГде\n\nна Мира\n\n1. раз\n2. два\n◦ внутри\n\nцитата\n\n***\n\nкод нет\n\n\
             https://example.ru/a?b=1&c=2\n\n#новости #горячая_вода\n\nМы в MAX"
        );
    }

    #[test]
    fn addresses_that_max_may_not_link_stay_readable() {
        let post = render(&settings(), &content("[диспетчер](tel:+78630000000), [почта](mailto:a@b.ru)")).unwrap();
        assert!(post.plain.contains("диспетчер (+78630000000), почта (a@b.ru)"), "{}", post.plain);
        assert!(!post.body.contains("tel:"), "{}", post.body);
    }

    #[test]
    fn the_text_limit_counts_markup_in_utf16_units() {
        let settings = Settings { text_max: 20, ..settings() };
        let bare = |title: &str| Content { title: title.into(), link: None, tags: vec![], footer: None, ..content("") };
        assert_eq!(render(&settings, &bare("😀😀😀123456 ")).unwrap().length, 20);
        let misfits = render(&settings, &bare("😀😀😀1234567 ")).unwrap_err();
        assert_eq!(misfits[0].field, "text");
        assert!(misfits[0].problem.contains("21") && misfits[0].problem.contains("20"), "{}", misfits[0]);
    }
}
