//! Where the composer has what a mistake names.

use crate::domain::draft::DraftContent;
use crate::web::files::is_picture;

/// Where files are added.
const FILES: &str = "files-input";

/// The `id` of the composer's field for a key as post files have it (`title`, `media[0].alt`, `not_before.gorod-vk`);
/// `None`: there is none.
pub(in crate::web) fn place(key: &str, content: &DraftContent) -> Option<String> {
    let name = key.split(['[', '.']).next().unwrap_or(key);
    Some(match name {
        "title" | "link" | "tags" | "at" | "expires_at" | "channels" => name.to_owned(),
        "text" => "body".to_owned(),
        "media" => {
            let file = nth(key).and_then(|n| content.media.get(n)).filter(|file| is_picture(file));
            file.map_or_else(|| FILES.to_owned(), |file| alt_place(&file.sha256))
        }
        "not_before" => key.to_owned(),
        // A channel without a text of its own has everybody's.
        "overrides" => match key.split_once('.') {
            Some((_, slug)) if !content.overrides.contains_key(slug) => "body".to_owned(),
            _ => key.to_owned(),
        },
        _ => return None,
    })
}

/// The `id` of the field that says what a picture shows.
pub(in crate::web) fn alt_place(sha256: &str) -> String {
    format!("alt-{sha256}")
}

fn nth(key: &str) -> Option<usize> {
    key.split_once('[')?.1.split_once(']')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use vestnik_contract::MediaKind;

    use super::*;
    use crate::domain::draft::DraftMedia;
    use crate::post_file::Problem;

    fn file(sha256: &str, kind: MediaKind) -> DraftMedia {
        let (name, mime, alt) = Default::default();
        DraftMedia { sha256: sha256.into(), kind, name, mime, bytes: 0, size: None, alt }
    }

    #[test]
    fn what_is_wrong_leads_to_the_field_where_it_is_mended() {
        let content = DraftContent {
            media: vec![file("aa", MediaKind::Document), file("bb", MediaKind::Picture)],
            overrides: [("gorod-vk".to_owned(), "Коротко".to_owned())].into(),
            ..DraftContent::default()
        };
        for (key, id) in [
            ("title", "title"),
            ("text", "body"),
            ("tags[3]", "tags"),
            ("channels[0]", "channels"),
            ("media", "files-input"),
            ("media[0]", "files-input"),
            ("media[1].alt", "alt-bb"),
            ("media[7]", "files-input"),
            ("not_before.gorod-site", "not_before.gorod-site"),
            ("overrides.gorod-vk", "overrides.gorod-vk"),
            ("overrides.gorod-site", "body"),
        ] {
            assert_eq!(place(key, &content).as_deref(), Some(id), "{key}");
        }
        assert_eq!(place("line 3", &content), None);
        assert_eq!(place(&Problem::new("post-file", "", "").key, &content), None);
    }

    #[test]
    fn the_composer_has_a_field_for_every_place() {
        let page = concat!(
            include_str!("../templates/drafts/composer.html"),
            include_str!("../templates/files/fieldset.html"),
            include_str!("../templates/files/item.html"),
        );
        let fields = ["title", "body", "link", "tags", "at", "expires_at", "channels", FILES, "{{ alt }}"];
        let of_channels =
            ["not_before.{{ channel.slug }}", "overrides.{{ channel.slug }}", "overrides.{{ primary.slug }}"];
        for id in fields.into_iter().chain(of_channels) {
            assert!(page.contains(&format!("id=\"{id}\"")), "the composer has no {id}");
        }
    }
}
