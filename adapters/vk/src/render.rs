//! From content to a VK post. VK has no markup in posts: the text is plain, links are written out.

use url::Url;
use vestnik_contract::markdown::{Document, LinkStyle};
use vestnik_contract::{Content, Drawn, LengthUnit, Limits, Markup, Media, MediaKind, Misfit, MisfitCode, Rendered};

use crate::readable::readable;

/// dev.vk.com, wall.post: at most ten photos.
const PICTURES_MAX: usize = 10;
/// dev.vk.com, wall.post: one file.
const DOCUMENTS_MAX: usize = 1;
/// dev.vk.com, uploading photos to a wall: 50 MB.
const PICTURE_BYTES_MAX: u64 = 50 * 1024 * 1024;
/// The smaller of two figures that VK names for documents: 200 MB.
const DOCUMENT_BYTES_MAX: u64 = 200 * 1024 * 1024;
/// dev.vk.com, uploading photos to a wall: width and height together, in pixels; there is no limit for one side.
const PICTURE_SIDES_MAX: u32 = 14_000;
/// dev.vk.com, uploading photos to a wall: the longer side at most this many times the shorter.
const PICTURE_RATIO_MAX: u32 = 20;
const PICTURE_TYPES: [&str; 3] = ["image/jpeg", "image/png", "image/gif"];
/// dev.vk.com, uploading documents: programs and music are refused.
const DOCUMENT_ENDINGS_REFUSED: [&str; 9] = ["exe", "msi", "bat", "cmd", "com", "scr", "apk", "sh", "mp3"];

/// What this channel's settings say about content.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    pub(crate) text_max: usize,
    pub(crate) refuse_second_link: bool,
    /// A user token is there: pictures can be uploaded.
    pub(crate) takes_pictures: bool,
    /// A community or user token is there: documents can be uploaded.
    pub(crate) takes_documents: bool,
}

impl Rules {
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            text_max: Some(self.text_max),
            unit: LengthUnit::Chars,
            pictures_max: if self.takes_pictures { PICTURES_MAX } else { 0 },
            documents_max: if self.takes_documents { DOCUMENTS_MAX } else { 0 },
            documents_with_pictures: true,
            picture_bytes_max: PICTURE_BYTES_MAX,
            document_bytes_max: DOCUMENT_BYTES_MAX,
            picture_side_max: None,
            picture_types: PICTURE_TYPES.to_vec(),
        }
    }

    pub(crate) fn draw(&self, content: &Content) -> Drawn {
        let text = Document::parse(&content.body);
        let body = message(content, &text);
        let length = LengthUnit::Chars.measure(&body);
        let mut misfits = Vec::new();
        let max = self.text_max;
        if length > max {
            let problem = format!("it has {length} characters with title, tags and footer, VK takes {max}");
            let todo = format!("shorten it by {}, or give VK a text of its own", length - max);
            misfits.push(Misfit::new(MisfitCode::TextTooLong, "text", problem, todo).over("length", length, max));
        }
        self.number_of_files(&content.media, &mut misfits);
        content.media.iter().enumerate().for_each(|(n, file)| one_file(n, file, &mut misfits));
        self.links(content, &text, &mut misfits);
        let rendered = Rendered {
            title: None,
            plain: readable(&body),
            body,
            markup: Markup::Plain,
            link: content.link.clone(),
            tags: Vec::new(),
            media: content.media.clone(),
            length,
        };
        Drawn { rendered, misfits }
    }

    fn number_of_files(&self, media: &[Media], misfits: &mut Vec<Misfit>) {
        let count = |kind| media.iter().filter(|m| m.kind == kind).count();
        let (pictures, documents) = (count(MediaKind::Picture), count(MediaKind::Document));
        let mut add = |code, problem, todo: &str| misfits.push(Misfit::new(code, "media", problem, todo));
        if pictures > 0 && !self.takes_pictures {
            add(
                MisfitCode::PicturesNeedToken,
                format!("the post has {pictures} pictures, and VK lets only a user token upload them"),
                "ask the administrator to add user_token to this channel, or take the pictures out for VK",
            );
        }
        if documents > 0 && !self.takes_documents {
            add(
                MisfitCode::DocumentsNeedToken,
                "the post has a document, and this channel has no token that may upload one".into(),
                "ask the administrator to add community_token to this channel",
            );
        }
        if pictures > PICTURES_MAX {
            let problem = format!("the post has {pictures} pictures, VK takes {PICTURES_MAX}");
            let misfit = Misfit::new(
                MisfitCode::TooManyPictures,
                "media",
                problem,
                format!("take out {}", pictures - PICTURES_MAX),
            );
            misfits.push(misfit.over("count", pictures, PICTURES_MAX));
        }
        if documents > DOCUMENTS_MAX {
            let problem = format!("the post has {documents} documents, VK takes {DOCUMENTS_MAX}");
            let todo = "leave one and put links to the others into the text";
            let misfit = Misfit::new(MisfitCode::TooManyDocuments, "media", problem, todo);
            misfits.push(misfit.over("count", documents, DOCUMENTS_MAX));
        }
    }

    /// VK shows one link beside a post. The footer is left out: it names the MAX post in nearly every post.
    fn links(&self, content: &Content, text: &Document, misfits: &mut Vec<Misfit>) {
        let Some(link) = &content.link else { return };
        if !matches!(link.scheme(), "http" | "https") {
            let problem = format!("`{link}` is not a web address");
            let todo = "give an address that begins with https://";
            misfits.push(Misfit::new(MisfitCode::LinkNotWeb, "link", problem, todo).with("link", link.as_str()));
        }
        if !self.refuse_second_link {
            return;
        }
        let bare = text.plain(LinkStyle::LabelOnly);
        let written = text.links().into_iter().chain(bare_addresses(&bare));
        let mut others = written.filter_map(web_address).filter(|other| !same_page(other, link));
        if let Some(other) = others.next() {
            let problem =
                format!("the post has the link {link} and another one in its text, {other}; VK takes one link");
            let todo = "leave one of them, or give VK a text of its own without the second";
            let misfit = Misfit::new(MisfitCode::SecondLink, "link", problem, todo);
            misfits.push(misfit.with("link", link.as_str()).with("other", other.as_str()));
        }
    }
}

/// Title, text, tags, footer, parted by empty lines.
fn message(content: &Content, text: &Document) -> String {
    let footer = content.footer.as_deref().map(|f| Document::parse(f).plain(LinkStyle::WithAddress));
    let tags = content.tags.iter().filter_map(|t| hashtag(t)).collect::<Vec<_>>().join(" ");
    let parts = [content.title.clone(), text.plain(LinkStyle::WithAddress), tags, footer.unwrap_or_default()];
    parts.into_iter().filter(|p| !p.trim().is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// A hashtag ends at the first character that is neither letter, digit nor `_`.
fn hashtag(tag: &str) -> Option<String> {
    let words = tag.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|w| !w.is_empty());
    let name = words.collect::<Vec<_>>().join("_");
    (!name.is_empty()).then(|| format!("#{name}"))
}

fn one_file(n: usize, file: &Media, misfits: &mut Vec<Misfit>) {
    let name = &file.name;
    let misfit = |code, problem: String, todo: &str| {
        Misfit::new(code, format!("media[{n}]"), problem, todo).with("name", name.as_str())
    };
    match file.kind {
        MediaKind::Video => misfits.push(misfit(
            MisfitCode::Film,
            format!("{name} is a film, which vestnik does not publish on VK yet"),
            "put the film on VK by hand and its address into the text",
        )),
        MediaKind::Picture => {
            if !PICTURE_TYPES.contains(&file.mime.as_str()) {
                let problem = format!("{name} is {}, VK takes JPEG, PNG and GIF", file.mime);
                let misfit = misfit(MisfitCode::PictureType, problem, "save it as JPEG or PNG");
                misfits.push(misfit.with("mime", file.mime.as_str()).with("types", "JPEG, PNG, GIF"));
            }
            if file.bytes > PICTURE_BYTES_MAX {
                let problem = format!("{name} has {} bytes, VK takes {PICTURE_BYTES_MAX}", file.bytes);
                let misfit = misfit(MisfitCode::FileTooLarge, problem, "make it smaller");
                misfits.push(misfit.heavy(file.bytes, PICTURE_BYTES_MAX));
            }
            let Some((width, height)) = file.size else { return };
            if width.saturating_add(height) > PICTURE_SIDES_MAX {
                let problem =
                    format!("{name} is {width} x {height} pixels, VK takes {PICTURE_SIDES_MAX} for both together");
                let misfit = misfit(MisfitCode::PictureSides, problem, "make it smaller");
                misfits.push(misfit.wide((width, height), PICTURE_SIDES_MAX));
            }
            if width.max(height) > width.min(height).saturating_mul(PICTURE_RATIO_MAX) {
                let problem = format!("{name} is {width} x {height} pixels, VK takes at most {PICTURE_RATIO_MAX} to 1");
                let misfit = misfit(MisfitCode::PictureRatio, problem, "crop it");
                misfits.push(misfit.wide((width, height), PICTURE_RATIO_MAX));
            }
        }
        MediaKind::Document => {
            if file.bytes > DOCUMENT_BYTES_MAX {
                let problem = format!("{name} has {} bytes, VK takes {DOCUMENT_BYTES_MAX}", file.bytes);
                let todo = "make it smaller or put a link to it into the text";
                misfits.push(misfit(MisfitCode::FileTooLarge, problem, todo).heavy(file.bytes, DOCUMENT_BYTES_MAX));
            }
            let ending = name.rsplit_once('.').map(|(_, e)| e.to_lowercase()).unwrap_or_default();
            if DOCUMENT_ENDINGS_REFUSED.contains(&ending.as_str()) {
                let problem = format!("{name} ends in .{ending}, and VK takes no programs and no music");
                let misfit = misfit(MisfitCode::DocumentType, problem, "add a PDF instead");
                misfits.push(misfit.with("ending", ending));
            }
        }
    }
}

/// Addresses that were typed without markup.
fn bare_addresses(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '«' | '»'));
    words.filter_map(|word| {
        let start = word.find("https://").or_else(|| word.find("http://"))?;
        let address = word[start..].trim_end_matches(['.', ',', ';', ':', '!', '?', '…']);
        let unopened = address.matches(')').count() > address.matches('(').count();
        Some(if unopened { address.trim_end_matches(')') } else { address })
    })
}

fn web_address(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|u| matches!(u.scheme(), "http" | "https"))
}

fn same_page(one: &Url, other: &Url) -> bool {
    let bare = |url: &Url| {
        let mut url = url.clone();
        url.set_fragment(None);
        url.as_str().trim_end_matches('/').to_owned()
    };
    bare(one) == bare(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Rules {
        fn render(&self, content: &Content) -> Result<Rendered, Vec<Misfit>> {
            self.draw(content).fitting()
        }
    }

    fn rules() -> Rules {
        Rules { text_max: 100, refuse_second_link: true, takes_pictures: true, takes_documents: true }
    }

    fn content(body: &str) -> Content {
        Content {
            title: "Вода".into(),
            body: body.into(),
            link: None,
            tags: vec!["ЖКХ города".into(), "#вода".into(), "!".into()],
            media: Vec::new(),
            footer: Some("[Мы в MAX](https://max.ru/gorod)".into()),
        }
    }

    #[test]
    fn everything_stands_in_plain_text() {
        let post = rules().render(&content("**Нет** [воды](https://a.ru)\n\n- Мира")).unwrap();
        assert_eq!(
            post.body,
            "Вода\n\nНет воды (https://a.ru)\n\n• Мира\n\n#ЖКХ_города #вода\n\nМы в MAX (https://max.ru/gorod)"
        );
    }

    #[test]
    fn a_second_link_is_told_when_queued_and_the_footer_does_not_count() {
        let link = Some("https://a.ru/b".parse().unwrap());
        for (body, fits) in [
            ("Без ссылок", true),
            ("Та же <https://a.ru/b/>", true),
            ("Та же (https://a.ru/b).", true),
            ("[Другая](https://c.ru)", false),
            ("Другая https://c.ru.", false),
            ("[Почта](mailto:press@a.ru)", true),
        ] {
            let content = Content { link: link.clone(), ..content(body) };
            let rendered = rules().render(&content);
            assert_eq!(rendered.is_ok(), fits, "{body}: {rendered:?}");
            assert!(Rules { refuse_second_link: false, ..rules() }.render(&content).is_ok());
        }
        assert!(rules().render(&content("[a](https://a.ru) [b](https://b.ru)")).is_ok(), "no link beside the text");
    }

    #[test]
    fn a_misfit_names_limit_and_figure() {
        let misfits = rules().render(&content(&"я".repeat(101))).unwrap_err();
        assert!(misfits[0].problem.contains("100") && misfits[0].todo.contains("shorten it by "), "{misfits:?}");
    }
}
