//! The `attachment` of a topic (OK API, `mediatopic.post`).

use serde::Serialize;
use vestnik_contract::Rendered;

use crate::notes::Uploaded;

#[derive(Serialize)]
struct Attachment<'a> {
    media: Vec<Block<'a>>,
    // A string, not a boolean; without it the topic stands under the user's name.
    #[serde(rename = "onBehalfOfGroup")]
    on_behalf_of_group: &'static str,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Block<'a> {
    Text { text: &'a str },
    Photo { list: Vec<Photo<'a>> },
    Link { url: &'a str },
}

#[derive(Serialize)]
struct Photo<'a> {
    id: &'a str,
}

/// The attachment as the text that is both signed and sent.
pub(crate) fn of_topic(post: &Rendered, pictures: &[Uploaded]) -> String {
    let mut media = vec![Block::Text { text: &post.body }];
    if !pictures.is_empty() {
        media.push(Block::Photo { list: pictures.iter().map(|p| Photo { id: &p.token }).collect() });
    }
    if let Some(link) = &post.link {
        media.push(Block::Link { url: link.as_str() });
    }
    let attachment = Attachment { media, on_behalf_of_group: "true" };
    serde_json::to_string(&attachment).unwrap_or_else(|_| unreachable!("texts and lists are JSON"))
}

/// How many blocks the attachment of such a post has.
pub(crate) fn blocks(has_pictures: bool, has_link: bool) -> usize {
    1 + usize::from(has_pictures) + usize::from(has_link)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use vestnik_contract::Markup;

    use super::*;

    #[test]
    fn text_pictures_and_link_stand_in_this_order() {
        let mut post = Rendered {
            title: None,
            body: "Привет".into(),
            markup: Markup::Plain,
            plain: "Привет".into(),
            link: None,
            tags: Vec::new(),
            media: Vec::new(),
            length: 6,
        };
        assert_eq!(of_topic(&post, &[]), r#"{"media":[{"type":"text","text":"Привет"}],"onBehalfOfGroup":"true"}"#);
        post.link = Some("https://example.ru/a".parse().unwrap());
        let picture = Uploaded { sha256: String::new(), token: "t+/=".into(), expires: DateTime::UNIX_EPOCH };
        assert_eq!(
            of_topic(&post, &[picture]),
            r#"{"media":[{"type":"text","text":"Привет"},{"type":"photo","list":[{"id":"t+/="}]},{"type":"link","url":"https://example.ru/a"}],"onBehalfOfGroup":"true"}"#
        );
    }
}
