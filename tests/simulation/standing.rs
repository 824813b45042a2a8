//! What stands on the platforms at the end, and whether the program knows: from the worlds to the rows and the journal.

use std::collections::BTreeMap;

use vestnik::domain::State;
use vestnik::journal::Event;
use vestnik::store::{Delivery, PostView};

use crate::story::Story;
use crate::world::{Queued, Standing};

impl Story {
    /// Every post of vestnik that stands is named by a delivery that is published, and every delivery that is published
    /// names a post of its own that stood.
    pub async fn what_stands_is_known(&mut self, views: &[(usize, Queued, PostView)]) {
        let posts = self.world().look().posts.clone();
        let mut named: BTreeMap<(String, String), (usize, &Delivery)> = BTreeMap::new();
        for (n, _, view) in views {
            for d in view.deliveries.iter().map(|v| &v.delivery) {
                let Some(id) = d.remote_id.clone() else { continue };
                named.insert((d.channel.clone(), id), (*n, d));
            }
        }
        let standing: Vec<(String, Standing)> = {
            let world = self.world().look();
            let of = |(slug, p): (&String, &crate::world::Platform)| {
                p.posts.iter().map(|s| (slug.clone(), s.clone())).collect::<Vec<_>>()
            };
            world.platforms.iter().flat_map(of).collect()
        };
        for (slug, s) in standing.iter().filter(|(_, s)| s.delivery.is_some() && s.gone.is_none()) {
            let Some(n) = s.post else { continue };
            let queued = &posts[n];
            let place = format!("{} (post {n})", s.id);
            let wrong = match named.get(&(slug.clone(), s.id.clone())) {
                Some((_, d)) if d.state == State::Published => None,
                Some((_, d)) => Some(format!("stands, and its delivery is {}", d.state)),
                None if queued.forgotten => self.lost_without_a_word(n).await,
                // Only the platforms know what became of it.
                None if queued.past_lost() => None,
                None if queued.left_as_it_stands => None,
                None => Some("stands, and no delivery names it".to_owned()),
            };
            if let Some(wrong) = wrong {
                self.world().look().complain(format!("{place} {wrong}"));
            }
        }
        for ((slug, id), (n, d)) in named.iter().filter(|(_, (_, d))| d.state == State::Published) {
            let found = standing.iter().find(|(channel, s)| channel == slug && s.id == *id);
            if found.and_then(|(_, s)| s.post) != Some(*n) {
                let place = format!("post {n} on {slug}");
                self.world().look().complain(format!("{place}: {}, and no such post was ever there: {id}", d.state));
            }
        }
    }

    /// A post that a copy does not know is told of as lost, where the history beside the copy knew it.
    async fn lost_without_a_word(&self, n: usize) -> Option<String> {
        let queued = self.world().look().posts[n].clone();
        let rows = self.desk.store.journal_of_post(queued.id).await.unwrap();
        let lost = |e: Event| matches!(e, Event::PostLost { .. });
        let told = rows.iter().any(|row| row.entry().ok().and_then(|e| e.event().ok().flatten()).is_some_and(lost));
        (queued.mirrored && !told).then(|| "stands, and nobody is told that the copy does not know it".to_owned())
    }
}
