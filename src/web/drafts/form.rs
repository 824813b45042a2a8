//! The composer's form: its fields in the order in which the page has them.

use serde::Deserialize;
use vestnik_contract::MediaKind;

use crate::domain::draft::{DraftContent, DraftMedia};
use crate::domain::{GivenTimes, PostId};

/// What the composer sends. Fields of one channel bear its slug: `not_before.gorod-vk`, `overrides.gorod-vk`. Each
/// `media.sha256` begins a file, and the `media.…` fields after it are that file's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
pub struct DraftForm {
    /// The organisation that the post is for.
    pub organisation: String,
    /// The version that the page was made of; 0: the draft is not kept yet.
    pub version: u32,
    /// The queued post that a new draft edits.
    pub edits: Option<PostId>,
    /// The revision that editing begins from.
    pub began_from: Option<u32>,
    /// The times that the post had then.
    pub began_times: Option<GivenTimes>,
    /// What was typed.
    pub content: DraftContent,
}

impl From<Vec<(String, String)>> for DraftForm {
    fn from(fields: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        let mut pressed = None;
        for (name, value) in fields {
            match name.as_str() {
                "media.up" | "media.down" | "media.remove" => pressed = Some((name, value)),
                _ => form.take(&name, value),
            }
        }
        form.content.media.retain(|file| is_hash(&file.sha256));
        if let Some((button, sha256)) = pressed {
            arrange(&mut form.content.media, &button, &sha256);
        }
        form.content = form.content.tidied();
        form
    }
}

impl DraftForm {
    fn take(&mut self, name: &str, value: String) {
        let content = &mut self.content;
        match name.split_once('.') {
            Some(("not_before", channel)) => drop(content.not_before.insert(channel.to_owned(), value)),
            Some(("overrides", channel)) => drop(content.overrides.insert(channel.to_owned(), value)),
            Some(("media", field)) => take_media(&mut content.media, field, value),
            Some(_) => {}
            None => match name {
                "organisation" => self.organisation = value,
                "version" => self.version = value.parse().unwrap_or_default(),
                "edits" => self.edits = value.parse().ok(),
                "began_from" => self.began_from = value.parse().ok(),
                "began_times" => self.began_times = serde_json::from_str(&value).ok(),
                "title" => content.title = value,
                "body" => content.body = value,
                "link" => content.link = value,
                "tags" => content.tags = value,
                "at" => content.at = value,
                "expires_at" => content.expires_at = value,
                "channels" => content.channels.push(value),
                _ => {}
            },
        }
    }
}

/// What a file is stands in the form for those who only look (the preview); who keeps it asks the media folder.
fn take_media(media: &mut Vec<DraftMedia>, field: &str, value: String) {
    if field == "sha256" {
        media.push(DraftMedia {
            sha256: value,
            kind: MediaKind::Document,
            name: String::new(),
            mime: String::new(),
            bytes: 0,
            size: None,
            alt: String::new(),
        });
        return;
    }
    let Some(file) = media.last_mut() else { return };
    match field {
        "kind" => file.kind = if value == "picture" { MediaKind::Picture } else { MediaKind::Document },
        "name" => file.name = value,
        "mime" => file.mime = value,
        "bytes" => file.bytes = value.parse().unwrap_or_default(),
        "width" => file.size = value.parse().ok().map(|width| (width, file.size.map_or(0, |size| size.1))),
        "height" => file.size = value.parse().ok().map(|height| (file.size.map_or(0, |size| size.0), height)),
        "alt" => file.alt = value,
        _ => {}
    }
}

/// What a button beside a file asks for, where no script does it.
fn arrange(media: &mut Vec<DraftMedia>, button: &str, sha256: &str) {
    let Some(place) = media.iter().position(|file| file.sha256 == sha256) else { return };
    match button {
        "media.remove" => drop(media.remove(place)),
        "media.up" if place > 0 => media.swap(place, place - 1),
        "media.down" if place + 1 < media.len() => media.swap(place, place + 1),
        _ => {}
    }
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> DraftForm {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>().into()
    }

    #[test]
    fn fields_of_channels_and_files_find_their_place() {
        let (first, second) = ("a".repeat(64), "b".repeat(64));
        let form = form(&[
            ("organisation", "gorod"),
            ("version", "7"),
            ("title", "Школа"),
            ("channels", "gorod-vk"),
            ("channels", "gorod-site"),
            ("not_before.gorod-vk", "2026-11-23T18:00"),
            ("overrides.gorod-site", "Подробно"),
            ("overrides.gorod-vk", ""),
            ("media.alt", "лишнее"),
            ("media.sha256", &first),
            ("media.kind", "picture"),
            ("media.width", "800"),
            ("media.height", "600"),
            ("media.alt", "Здание школы"),
            ("media.sha256", "../../etc/passwd"),
            ("media.alt", "чужое"),
            ("media.sha256", &second),
            ("media.name", "план.pdf"),
        ]);
        assert_eq!((form.organisation.as_str(), form.version), ("gorod", 7));
        assert_eq!(form.content.channels, ["gorod-site", "gorod-vk"]);
        assert_eq!(form.content.not_before["gorod-vk"], "2026-11-23T18:00");
        assert_eq!(form.content.overrides.keys().collect::<Vec<_>>(), ["gorod-site"]);
        let [school, plan] = form.content.media.as_slice() else { panic!("{:?}", form.content.media) };
        assert_eq!((school.alt.as_str(), school.size), ("Здание школы", Some((800, 600))));
        assert_eq!((plan.name.as_str(), plan.kind), ("план.pdf", MediaKind::Document));
    }

    #[test]
    fn files_are_arranged_by_buttons() {
        let files = ["a", "b", "c"].map(|letter| letter.repeat(64));
        let order = |button: &str, place: usize| {
            let mut fields: Vec<_> = files.iter().map(|sha256| ("media.sha256", sha256.as_str())).collect();
            fields.push((button, &files[place]));
            form(&fields).content.media.iter().map(|file| file.sha256[..1].to_owned()).collect::<String>()
        };
        assert_eq!([order("media.up", 1), order("media.up", 0)], ["bac", "abc"]);
        assert_eq!([order("media.down", 1), order("media.down", 2)], ["acb", "abc"]);
        assert_eq!(order("media.remove", 1), "ac");
    }

    #[test]
    fn a_version_that_is_none_knows_nothing() {
        for rubbish in ["", "-1", "4294967296", "seven"] {
            assert_eq!(form(&[("version", rubbish)]).version, 0);
        }
    }
}
