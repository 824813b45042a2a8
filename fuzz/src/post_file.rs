//! Post files: whatever an officer saves, vestnik reads it or says where and what is wrong.

use vestnik::post_file::{PostFile, PostFileError, resolve};

use super::office::{Office, now, post_path};

thread_local! {
    static OFFICE: Office = Office::open();
}

/// Reads a post file for the office.
pub fn check(file: &[u8]) {
    let read = PostFile::parse(file, &post_path());
    assert_eq!(read, PostFile::parse(file, &post_path()), "the same file is read twice alike");
    match read {
        Err(PostFileError::Unreadable { cause, .. }) => assert!(std::str::from_utf8(file).is_err(), "{cause}"),
        Err(PostFileError::Malformed { problem, .. }) => is_told(&problem.key, &problem.problem),
        Ok(post) => {
            line_ends_do_not_matter(file, &post);
            OFFICE.with(|office| means_something(post, office));
        }
    }
}

/// Windows writes other line ends; the post is the same.
fn line_ends_do_not_matter(file: &[u8], post: &PostFile) {
    let text = String::from_utf8_lossy(file);
    if !text.contains('\r') {
        let windows = PostFile::parse(text.replace('\n', "\r\n").as_bytes(), &post_path());
        assert_eq!(windows.as_ref(), Ok(post), "line ends matter");
    }
}

fn means_something(post: PostFile, office: &Office) {
    let (title, body) = (post.title.clone(), post.body.clone());
    match resolve(post, &office.view(), now()) {
        Err(problems) => {
            assert!(!problems.is_empty());
            problems.iter().for_each(|found| is_told(&found.key, &found.problem));
        }
        Ok(post) => {
            assert_eq!((post.title.as_str(), post.body.as_str()), (title.as_str(), body.as_str()));
            assert!(!post.title.contains(|c: char| c.is_control() && c != '\t'), "{:?}", post.title);
            let turns =
                |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}');
            assert!(!post.title.contains(turns), "{:?}", post.title);
            let seen: String = post.body.chars().filter(|c| c.is_control()).collect();
            assert!(seen.chars().all(|c| matches!(c, '\n' | '\r' | '\t')), "{seen:?} in the text");
            assert!(post.link.as_ref().is_none_or(|link| matches!(link.scheme(), "http" | "https")));
            let followers: Vec<_> = office.organisation().followers().map(|c| c.slug.as_str()).collect();
            assert!(post.followers.iter().all(|slug| followers.contains(&slug.as_str())));
            assert!(post.not_before.keys().all(|slug| post.followers.contains(slug)));
            let start = post.at.unwrap_or(now());
            assert!(post.expires_at.is_none_or(|end| end > start), "over before it begins");
            assert!(post.at.is_none_or(|at| at >= now()), "published in the past");
        }
    }
}

/// An officer reads the key or the line, and what is wrong with it.
pub(crate) fn is_told(key: &str, problem: &str) {
    assert!(!key.trim().is_empty(), "nothing named: {problem}");
    assert!(!problem.trim().is_empty(), "{key}: nothing told");
}
