//! What needs a person, each with one sentence and the button that settles it.

use std::collections::HashMap;

use crate::domain::people::Deed;
use crate::domain::week::{IsoWeek, Verdict};
use crate::domain::{PostId, State, StopKind};
use crate::jobs;
use crate::journal::VESTNIK;
use crate::office::{PostWay, Standing};
use crate::store::{Attention, AttentionKind as Kind, ChannelView, PostSummary};
use crate::web::locale::Phrase;
use crate::web::page::Page;
use crate::web::post::forms::{Back, Carried, ChannelForms, PostForms};
use crate::web::post::stop_key;
use crate::web::visitor::SignedIn;
use crate::web::{Desk, WebError};

/// More at once would hide what is urgent.
const TASKS_MAX: usize = 50;

/// Everything that needs a person.
pub(super) struct Tasks {
    pub shown: Vec<Task>,
    /// How many more there are.
    pub more: usize,
    /// Something is due for long, and nothing tells why: nobody works.
    pub nothing_moves: bool,
}

/// One thing that needs a person.
pub(super) struct Task {
    /// What it is, for style and tests.
    pub kind: &'static str,
    /// Its name in the page.
    pub anchor: String,
    /// The organisation's name, where the visitor reads several.
    pub organisation: String,
    /// What it is about: a headline, or the name of a channel.
    pub about: String,
    /// The post.
    pub post: Option<PostId>,
    /// What is the matter, in one sentence.
    pub sentence: Phrase,
    /// What the program itself says: the channel, the reason, the way out.
    pub raw: Vec<(String, String, String)>,
    pub post_forms: Option<PostForms>,
    pub channel_forms: Vec<ChannelForms>,
    /// The channel to be resumed by whoever may.
    pub resume: Option<String>,
    /// A page that settles it: its address and the key of its name.
    pub link: Option<(&'static str, &'static str)>,
}

/// Reads what needs this person, the most urgent first.
pub(super) async fn tasks(desk: &Desk, visitor: &SignedIn) -> Result<Tasks, WebError> {
    let now = desk.office.clock.now();
    // Whoever reads everything is told of organisations, too, that are not in the configuration any more.
    let attention = if visitor.person.rights.may_everywhere(Deed::Read) {
        desk.office.store.attention(now).await?
    } else {
        let readable: Vec<_> = visitor.page.organisations.iter().map(|(slug, _)| slug.as_str()).collect();
        desk.office.store.attention_of(&readable, now).await?
    };
    let groups = grouped(attention);
    let shown = &groups[..groups.len().min(TASKS_MAX)];
    let ids: Vec<PostId> = shown.iter().filter_map(|group| group[0].post).collect();
    let posts: HashMap<PostId, PostSummary> =
        desk.office.store.post_summaries(&ids).await?.into_iter().map(|post| (post.id, post)).collect();
    let is_paused = shown.iter().any(|group| group[0].kind == Kind::ChannelPaused);
    let paused = if is_paused { desk.office.store.channel_views().await? } else { Vec::new() };
    let maker = Maker { desk, visitor, posts: &posts, channels: &paused };
    let mut tasks: Vec<Task> = shown.iter().map(|group| maker.task(group)).collect();
    let nothing_moves = groups.iter().flatten().any(|item| {
        let post = item.post.and_then(|id| posts.get(&id));
        let delivery = post.and_then(|post| post.deliveries.iter().find(|d| d.channel == item.channel));
        item.kind == Kind::Late && delivery.is_some_and(|d| d.last_reason.is_none())
    });
    tasks.extend(drafts(desk, visitor).await?);
    tasks.extend(weeks(desk, visitor).await?);
    Ok(Tasks { more: groups.len() - shown.len(), shown: tasks, nothing_moves })
}

/// What is the same matter: one post, one kind.
fn grouped(attention: Vec<Attention>) -> Vec<Vec<Attention>> {
    let mut groups: Vec<Vec<Attention>> = Vec::new();
    let mut places: HashMap<(Kind, String), usize> = HashMap::new();
    for item in attention {
        let matter = matter_of(&item);
        let place = *places.entry((item.kind, matter)).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[place].push(item);
    }
    groups
}

/// What an item is about: a post, or a channel.
fn matter_of(item: &Attention) -> String {
    item.post.map_or_else(|| item.channel.clone(), |id| id.to_string())
}

struct Maker<'a> {
    desk: &'a Desk,
    visitor: &'a SignedIn,
    posts: &'a HashMap<PostId, PostSummary>,
    channels: &'a [ChannelView],
}

impl Maker<'_> {
    fn task(&self, group: &[Attention]) -> Task {
        let (page, first) = (&self.visitor.page, &group[0]);
        let names: Vec<_> = group.iter().map(|item| self.desk.channel_name(&item.channel)).collect();
        let post = first.post.and_then(|id| self.posts.get(&id));
        let sentence = self.sentence(first, post).with("channels", names.join(", ")).with("n", names.len());
        let mut task = Task {
            kind: first.kind.name(),
            anchor: format!("{}-{}", first.kind, matter_of(first)),
            organisation: organisation_name(self.desk, page, &first.organisation),
            about: post.map_or_else(|| names.join(", "), |post| post.title.clone()),
            post: post.map(|post| post.id),
            sentence,
            raw: group.iter().zip(&names).map(|(i, name)| (name.clone(), i.what.clone(), i.todo.clone())).collect(),
            post_forms: None,
            channel_forms: Vec::new(),
            resume: None,
            link: None,
        };
        let may = |deed| self.visitor.person.rights.may(deed, &first.organisation);
        match (first.kind, post) {
            (Kind::ChannelPaused, _) => {
                task.resume = may(Deed::RunChannels).then(|| first.channel.clone());
                task.link = Some(("/channels", "today-to-channels"));
            }
            (Kind::Lost, _) => task.link = may(Deed::Write).then_some(("/drafts", "today-to-drafts")),
            (kind, Some(post)) if may(Deed::Settle) => self.add_forms(&mut task, kind, group, post),
            _ => {}
        }
        task
    }

    fn sentence(&self, item: &Attention, post: Option<&PostSummary>) -> Phrase {
        let page = &self.visitor.page;
        match item.kind {
            Kind::ChannelPaused => {
                let channel = self.channels.iter().find(|channel| channel.slug == item.channel);
                let by = channel.and_then(|channel| channel.paused_by.clone()).unwrap_or_default();
                let why = channel.and_then(|channel| channel.paused_reason.clone()).unwrap_or_default();
                if by == VESTNIK {
                    page.t("today-task-channel-refused")
                } else {
                    page.t("today-task-channel-paused").with("by", by).with("why", why)
                }
            }
            Kind::Stopped => page.t(stop_key(item.stop_kind.unwrap_or(StopKind::RowBroken))),
            Kind::Handed => page.t("today-task-handed"),
            Kind::Failed => {
                let is_out = post.is_some_and(|post| post.deliveries.iter().any(|d| d.state == State::Published));
                if is_out { page.t("today-task-failed-here") } else { page.t("today-task-failed") }
            }
            other => page.t(format!("today-task-{}", other.name().replace('_', "-"))),
        }
    }

    fn add_forms(&self, task: &mut Task, kind: Kind, group: &[Attention], post: &PostSummary) {
        let (standing, now) = (Standing::of_summary(post), self.desk.office.clock.now());
        let carried = Carried::new(post.id, &standing, now, Back::Today);
        let wanted: &[PostWay] = match kind {
            Kind::InDoubt | Kind::Handed | Kind::Late => &[],
            Kind::HeldAhead => &[PostWay::Withdraw],
            Kind::Retired => &[PostWay::Cancel],
            _ => &[PostWay::Republish, PostWay::Edit, PostWay::Cancel],
        };
        let forms = PostForms::new(carried.clone(), &standing).only(wanted);
        task.post_forms = forms.any().then_some(forms);
        // The word on a primary that nobody can see is given on the primary.
        let primary = standing.primary().map(|d| d.channel.as_str()).filter(|_| kind == Kind::Stopped);
        let mut slugs: Vec<_> = group.iter().map(|item| item.channel.as_str()).chain(primary).collect();
        slugs.dedup();
        for delivery in slugs.into_iter().filter_map(|slug| standing.on(slug)) {
            let name = self.desk.channel_name(&delivery.channel);
            let forms = ChannelForms::new(carried.clone(), &standing, delivery, name, now);
            let is_new = task.channel_forms.iter().all(|other| other.channel != forms.channel);
            if forms.any() && is_new {
                task.channel_forms.push(forms);
            }
        }
        if kind == Kind::Late {
            task.link = Some(("/channels", "today-to-channels"));
        }
    }
}

/// Drafts that wait for an editor, for those who are one.
async fn drafts(desk: &Desk, visitor: &SignedIn) -> Result<Vec<Task>, WebError> {
    let waiting = desk.office.store.submitted_drafts().await?;
    let own = waiting.into_iter().filter(|(slug, _)| visitor.person.rights.may(Deed::Approve, slug));
    let task = |(slug, n): (String, u32)| {
        let page = &visitor.page;
        let link = Some(("/drafts", "today-to-drafts"));
        Task { link, ..plain("drafts", desk, page, &slug, page.t("today-task-drafts").with("n", n)) }
    };
    Ok(own.map(task).collect())
}

/// Channels that will not get their posts this week.
async fn weeks(desk: &Desk, visitor: &SignedIn) -> Result<Vec<Task>, WebError> {
    let jobs = desk.office.jobs();
    let may_read = |o: &jobs::Organisation| visitor.person.rights.may(Deed::Read, &o.slug);
    let organisations: Vec<_> = jobs.organisations.into_iter().filter(may_read).collect();
    let week: Option<IsoWeek> = None;
    let now = desk.office.clock.now();
    let reports = jobs::weeks(&jobs.store, &organisations, jobs.week_minimum, week, now).await?;
    let page = &visitor.page;
    let mut tasks: Vec<Task> = Vec::new();
    for organisation in &organisations {
        let at_risk = reports
            .iter()
            .filter(|report| report.organisation == organisation.slug && report.count.verdict == Verdict::AtRisk);
        let said: Vec<_> = at_risk
            .map(|report| {
                let missing = report.count.minimum.saturating_sub(report.count.published + report.count.planned);
                format!("{} (−{missing})", desk.channel_name(&report.channel))
            })
            .collect();
        if said.is_empty() {
            continue;
        }
        let sentence = page
            .t("today-task-week")
            .with("channels", said.join(", "))
            .with("minimum", desk.office.config.week_minimum);
        let link = Some(("/weeks", "today-to-weeks"));
        tasks.push(Task { link, ..plain("week", desk, page, &organisation.slug, sentence) });
    }
    Ok(tasks)
}

fn plain(kind: &'static str, desk: &Desk, page: &Page, organisation: &str, sentence: Phrase) -> Task {
    Task {
        kind,
        anchor: format!("{kind}-{organisation}"),
        organisation: organisation_name(desk, page, organisation),
        about: page.t(format!("today-about-{kind}")).to_string(),
        post: None,
        sentence,
        raw: Vec::new(),
        post_forms: None,
        channel_forms: Vec::new(),
        resume: None,
        link: None,
    }
}

/// Where the visitor reads several organisations, each matter names its own.
fn organisation_name(desk: &Desk, page: &Page, slug: &str) -> String {
    if page.organisations.len() < 2 {
        return String::new();
    }
    desk.office.config.organisation(slug).map_or_else(|| slug.to_owned(), |o| o.name.clone())
}
