//! The person whom vestnik asks what it cannot know: looks at the channel and says what stands there.

use serde_json::Value;

use crate::press::{Press, wait_until};

#[derive(Default)]
pub struct Officer {
    /// How often the person was needed.
    pub settled: usize,
}

impl Officer {
    /// Settles everything that waits for a person.
    pub fn settles_what_waits(&mut self, press: &Press) {
        for item in press.json(["attention"]).as_array().unwrap() {
            let text = |key: &str| item[key].as_str().unwrap_or_default().to_owned();
            let (kind, id, channel) = (text("kind"), text("post"), text("channel"));
            // What is late goes on by itself; everything else must be something that a look at the channel settles.
            if kind == "late" {
                continue;
            }
            assert!(text("todo").contains("vestnik post resolve"), "{item}");
            let title = press.json(["post", "show", &id])["title"].as_str().unwrap().to_owned();
            let standing = press.town.channel(&channel).unwrap().posts();
            let found: Vec<_> = standing.iter().filter(|post| post.title() == title).collect();
            let word = match found[..] {
                [] => vec!["--not-published".to_owned()],
                [post] => vec!["--published".to_owned(), post.url.as_ref().unwrap().to_string()],
                _ => panic!("doubled: {found:?}"),
            };
            let mut args = vec!["post".to_owned(), "resolve".into(), id, channel];
            args.extend(word);
            println!("{}: {}", text("what"), args.join(" "));
            press.vestnik(args).done();
            self.settled += 1;
        }
    }

    /// Works until so many posts are published on all their channels.
    pub fn waits_until_all_is_out(&mut self, press: &Press, posts: usize) {
        wait_until("every post is out everywhere", || {
            self.settles_what_waits(press);
            let list = press.json(["post", "list", "--most", "1000"]);
            let published = |post: &&Value| {
                post["deliveries"].as_array().unwrap().iter().all(|delivery| delivery["state"] == "published")
            };
            list.as_array().unwrap().iter().filter(published).count() == posts
        });
    }
}
