//! The person whom vestnik asks what it cannot know: looks at the channel and says what stands there.

use serde_json::Value;

use crate::press::{Press, name_of, wait_until};

#[derive(Default)]
pub struct Officer {
    /// How often the person was needed.
    pub settled: usize,
}

impl Officer {
    /// Settles whatever waits for a person and is settled by a look at the channel; gives what is not.
    pub fn settles_what_waits(&mut self, press: &Press) -> Vec<Value> {
        let mut left = Vec::new();
        for item in press.json(["attention"]).as_array().unwrap() {
            let text = |key: &str| item[key].as_str().unwrap_or_default().to_owned();
            let (kind, id, channel) = (text("kind"), text("post"), text("channel"));
            // It goes on by itself. On a fast clock a question takes so long that a hold may begin after it was asked.
            if ["late", "outstanding", "held_ahead"].contains(&&*kind) {
                continue;
            }
            if !text("todo").contains(&format!("vestnik post resolve {id} {channel} --published")) {
                left.push(item.clone());
                continue;
            }
            let headline = press.json(["post", "show", &id])["title"].as_str().unwrap().to_owned();
            let standing = press.town.channel(&channel).unwrap().posts();
            let found: Vec<_> = standing.iter().filter(|post| name_of(post.title()) == name_of(&headline)).collect();
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
        left
    }

    /// Works until so many posts are published on all their channels.
    pub fn waits_until_all_is_out(&mut self, press: &Press, posts: usize) {
        wait_until("every post is out everywhere", || {
            assert_eq!(self.settles_what_waits(press), [Value::Null; 0], "a look does not settle it");
            let list = press.json(["post", "list", "--most", "1000"]);
            let published = |post: &&Value| {
                post["deliveries"].as_array().unwrap().iter().all(|delivery| delivery["state"] == "published")
            };
            list.as_array().unwrap().iter().filter(published).count() == posts
        });
    }
}
