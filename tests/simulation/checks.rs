//! What must never happen, seen from the platforms.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;
use vestnik_contract::Rendered;

use crate::world::{Inner, Queued, Standing, post_of};

const HOLD: TimeDelta = TimeDelta::hours(4);
/// A primary was seen live within a minute before a release, and each of the calls between may have been slow.
const SEEN_WITHIN: TimeDelta = TimeDelta::seconds(120);

/// A channel is called to publish.
pub fn published(world: &mut Inner, slug: &str, announced: &Rendered) {
    let text = &announced.plain;
    let Some(post) = post_of(text) else { return world.complain(format!("{slug}: a post of nobody: {text}")) };
    if world.posts[post].forgotten {
        return world.complain(format!("{slug}: post {post} goes out, and no database knows it any more"));
    }
    world.hangs(post);
    let now = world.now;
    world.platforms.get_mut(slug).unwrap().called.insert(post, now);
    as_people_ordered(world, slug, post);
    as_people_said(world, slug, post);
    in_order(world, slug, post);
    released(world, slug, post, announced);
}

/// A channel is called to show another text.
pub fn edited(world: &mut Inner, slug: &str, id: &str, announced: &Rendered) {
    let text = &announced.plain;
    let Some(post) = post_of(text) else { return world.complain(format!("{slug}: a text of nobody: {text}")) };
    world.hangs(post);
    let (moment, queued) = (world.moment, &world.posts[post]);
    let unheard = queued.words_lost && queued.past_lost();
    if !unheard && queued.withdrawn.is_some_and(|m| m < moment) {
        world.complain(format!("{slug}: post {post} was edited after it was withdrawn"));
    }
    if world.text(slug, id).and_then(|(_, s)| s.post).is_some_and(|other| other != post) {
        world.complain(format!("{slug}: {id} is not post {post}"));
    }
    released(world, slug, post, announced);
}

/// What was planned first goes out first, unless something was in its way when it was taken.
fn in_order(world: &mut Inner, slug: &str, post: usize) {
    let (ours, mine) = (world.ours(), &world.posts[post]);
    let calm = |q: &Queued| {
        let ordered = q.cancelled.is_some() || q.withdrawn.is_some();
        q.touched == q.known_since && !ordered && q.not_before.is_empty() && !q.restored
    };
    // What was taken before our clock moved was taken by another time.
    let moved = world.steps.last().is_some_and(|at| world.now - *at < TimeDelta::hours(1));
    if world.rivals || moved || !world.platforms[slug].primary || !calm(mine) {
        return;
    }
    let earlier = world.posts.iter().enumerate().find(|(n, q)| {
        let waits = q.known_since < world.moment && q.at < mine.at && q.at <= ours && q.expires_at.is_none();
        waits && calm(q) && !q.forgotten && !world.platforms[slug].tried.contains(n)
    });
    if let Some((other, _)) = earlier {
        world.complain(format!("{slug}: post {post} goes out before post {other}, which was planned earlier"));
    }
}

/// I2: nothing stands twice, and what a platform confirmed is not made again unless a person says so.
pub fn once(world: &mut Inner, slug: &str, delivery: Uuid, text: &str) {
    let Some(post) = post_of(text) else { return };
    let (lost, primary) = (world.posts[post].past_lost(), world.platforms[slug].primary);
    let before: Vec<_> = world.platforms[slug].posts.iter().filter(|s| s.post == Some(post)).collect();
    // What a copy has forgotten without a history beside it, only the platforms know: by its text, or by its key.
    let known = |s: &Standing| {
        !lost || if primary { s.now().reads == text && s.texts.len() == 1 } else { s.delivery == Some(delivery) }
    };
    let ordered = if primary { world.posts[post].republished } else { 0 };
    let twice = before.iter().any(|s| s.gone.is_none() && known(s)) && !(lost && ordered > 0);
    let again = !lost && before.iter().filter(|s| s.answered.is_some()).count() > ordered;
    if twice {
        world.complain(format!("I2: {slug}: post {post} stands there already"));
    } else if again {
        world.complain(format!("I2: {slug}: post {post} was confirmed there, was deleted, and comes again by itself"));
    }
}

/// Cancelled, withdrawn.
fn as_people_ordered(world: &mut Inner, slug: &str, post: usize) {
    let (queued, moment) = (&world.posts[post], world.moment);
    let unheard = queued.words_lost && queued.past_lost();
    if !unheard && [queued.cancelled, queued.withdrawn].into_iter().flatten().any(|m| m < moment) {
        world.complain(format!("{slug}: post {post} went out after a person had said that it must not"));
    }
}

/// Paused, expired, planned for later.
fn as_people_said(world: &mut Inner, slug: &str, post: usize) {
    let (queued, ours, moment) = (world.posts[post].clone(), world.ours(), world.moment);
    let before = |said: Option<u64>| said.is_some_and(|m| m < moment);
    let paused = before(world.platforms[slug].paused) || before(world.primary().1.paused);
    if paused && queued.touched < moment {
        world.complain(format!("{slug}: post {post} went out although the channel (or the primary) is paused"));
    }
    // Taken by the clock as it was.
    if world.was_stepped_near(world.now) {
        return;
    }
    if queued.expires_at.is_some_and(|t| t <= ours) {
        world.complain(format!("{slug}: post {post} went out after it expired"));
    }
    let unheard = queued.moved && (queued.past_lost() || queued.touched >= moment);
    // A new primary goes out at once, whatever a wrong clock had planned. Followers keep their distance to the primary.
    let planned = world.platforms[slug].primary && queued.republished == 0 && !unheard;
    if planned && queued.at > ours || !unheard && queued.not_before.get(slug).is_some_and(|t| *t > ours) {
        world.complain(format!("{slug}: post {post} went out before its time"));
    }
}

/// I1 and I4: the primary has shown this text for the whole hold, by every time that can be known.
fn released(world: &mut Inner, slug: &str, post: usize, announced: &Rendered) {
    let text = &announced.plain;
    if world.platforms[slug].primary {
        return;
    }
    let (now, ours, stamp, moment) = (world.now, world.ours(), world.stamp(slug), world.moment);
    let (name, primary) = world.primary();
    let (name, silent, steady) = (name.clone(), primary.silent, !world.platform_stepped);
    let Some(standing) = world.newest(&name, post).cloned() else {
        return world.complain(format!("I1: {slug}: post {post} is not out on the primary"));
    };
    if standing.gone.is_some_and(|gone| now - gone > SEEN_WITHIN) {
        world.complain(format!("I4: {slug}: post {post} was deleted on the primary long ago"));
    }
    let shows = standing.texts.iter().rposition(|t| t.reads == *text);
    let Some(place) = shows else {
        return world.complain(format!("I4: {slug}: the primary never showed this text of post {post}"));
    };
    if standing.texts[place].pictures != announced.media.len() {
        world.complain(format!("I4: {slug}: the primary shows other pictures of post {post}"));
    }
    let announced = standing.texts[place].clone();
    if standing.texts.get(place + 1).is_some_and(|next| now - next.since > SEEN_WITHIN) {
        world.complain(format!("I4: {slug}: the primary shows another text of post {post} for long"));
    }
    let right = world.platforms.values().all(|p| p.ahead == TimeDelta::zero() && !p.silent);
    let follower = &world.platforms[slug];
    // Hidden, or moved after it was asked.
    let moved_since = follower.moved_at.is_some_and(|at| now - at < SEEN_WITHIN);
    let hidden = follower.silent || follower.clock_hidden == Some(moment) || moved_since;
    let went_back = world.went_back.is_some_and(|back| back >= announced.since);
    let lost = world.posts[post].past_lost();
    let moved = [now, announced.since].iter().any(|at| world.was_stepped_near(*at));
    let mut early = |whose: &str, from: DateTime<Utc>, to: DateTime<Utc>| {
        if to - from < HOLD {
            world.complain(format!(
                "I1: {slug}: post {post} comes {} s after the primary by {whose}",
                (to - from).num_seconds()
            ));
        }
    };
    // Our clock's word for an edit is gone when it goes back, and for everything that only the platforms remember.
    let forgotten = lost || moved || announced.edit && went_back;
    if !forgotten {
        early("our clock", announced.ours, ours);
    }
    // Platforms tell no time of an edit, so a clock that is silent then or moved says nothing of it.
    // A time that is a day ahead of all clocks that are seen is not believed.
    let believed = !silent || announced.stamp - announced.ours <= TimeDelta::days(1);
    if !hidden && believed && (!announced.edit || (!silent && steady && announced.timed != Some(false))) {
        early("the platforms' stamps", announced.stamp, stamp);
    }
    if right && steady {
        early("the time as it is", announced.since, now);
    }
    // Nobody could see that step; who compares the two platforms' times afterwards finds them too near all the same.
    if moved_since && stamp - announced.stamp < HOLD {
        world.stepped_under_a_call = Some(now);
    }
}

/// A delivery that was asked to wait is not tried before. A second daemon may be preparing it when the first one is asked.
pub fn asked_to_wait(world: &mut Inner, (slug, program): (&str, u64), delivery: Uuid, text: &str) {
    let ours = world.ours();
    let Some((until, since, moment, asked)) = world.platforms[slug].waits.get(&delivery).copied() else { return };
    if world.rivals && asked != program {
        return;
    }
    let touched = post_of(text).is_some_and(|post| {
        let post = &world.posts[post];
        post.touched >= moment || post.restored
    });
    if ours < until && !touched && world.steps.last().is_none_or(|at| *at < since) {
        let missing = (until - ours).num_seconds();
        world.complain(format!("{slug}: {missing} s before the platform's or the usual wait had passed"));
    }
}
