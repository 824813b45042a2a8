//! What needs a person, each with one sentence and the button that settles it.

use std::collections::HashMap;

use crate::domain::content::PostContent;
use crate::domain::draft::DraftState;
use crate::domain::people::Deed;
use crate::domain::week::{IsoWeek, Verdict};
use crate::domain::{PostId, State, StopKind};
use crate::jobs;
use crate::journal::VESTNIK;
use crate::office::{PostWay, Standing};
use crate::store::{Attention, AttentionKind as Kind, ChannelView, DecidedDraft, PostSummary};
use crate::web::locale::Phrase;
use crate::web::page::Page;
use crate::web::post::by_hand::ByHand;
use crate::web::post::forms::{Back, Carried, ChannelForms, PostForms};
use crate::web::post::stop_key;
use crate::web::visitor::SignedIn;
use crate::web::{Desk, WebError, words};

/// More at once would hide what is urgent.
const TASKS_MAX: usize = 50;

/// Drafts that an editor decided about: the page of drafts has the rest.
const DECIDED_MAX: u32 = 20;

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
    /// Why it is so, channel by channel, where that is known.
    pub reasons: Vec<String>,
    /// What the program itself says: the channel, the reason, the way out.
    pub raw: Vec<(String, String, String)>,
    pub post_forms: Option<PostForms>,
    /// What a person is to put up, channel by channel.
    pub by_hand: Vec<ByHand>,
    pub channel_forms: Vec<ChannelForms>,
    /// The channel to be resumed by whoever may.
    pub resume: Option<String>,
    /// A page that settles it: its address and the key of its name.
    pub link: Option<(String, &'static str)>,
    /// The key of who decides it, where that is not this person: then nothing is asked of them.
    pub decided_by: Option<&'static str>,
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
    let contents = contents(desk, visitor, shown).await?;
    let maker = Maker { desk, visitor, posts: &posts, contents: &contents, channels: &paused };
    let mut tasks: Vec<Task> = shown.iter().map(|group| maker.task(group)).collect();
    let nothing_moves = groups.iter().flatten().any(|item| {
        let post = item.post.and_then(|id| posts.get(&id));
        let delivery = post.and_then(|post| post.deliveries.iter().find(|d| d.channel == item.channel));
        item.kind == Kind::Late && delivery.is_some_and(|d| d.last_reason.is_none())
    });
    tasks.extend(drafts(desk, visitor).await?);
    tasks.extend(decided_drafts(desk, visitor).await?);
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

/// What the posts say that this person is to put up by hand.
async fn contents(
    desk: &Desk,
    visitor: &SignedIn,
    shown: &[Vec<Attention>],
) -> Result<HashMap<PostId, PostContent>, WebError> {
    let mut contents = HashMap::new();
    for item in shown.iter().flatten().filter(|item| item.stop_kind == Some(StopKind::ByHand)) {
        if visitor.person.rights.may(Deed::Settle, &item.organisation)
            && let Some(id) = item.post
            && !contents.contains_key(&id)
        {
            contents.insert(id, desk.office.store.post_view(id).await?.content);
        }
    }
    Ok(contents)
}

/// What an item is about: a post, or a channel.
fn matter_of(item: &Attention) -> String {
    item.post.map_or_else(|| item.channel.clone(), |id| id.to_string())
}

struct Maker<'a> {
    desk: &'a Desk,
    visitor: &'a SignedIn,
    posts: &'a HashMap<PostId, PostSummary>,
    /// Of what is put up by hand.
    contents: &'a HashMap<PostId, PostContent>,
    channels: &'a [ChannelView],
}

impl Maker<'_> {
    fn task(&self, group: &[Attention]) -> Task {
        let (page, first) = (&self.visitor.page, &group[0]);
        let names: Vec<_> = group.iter().map(|item| self.desk.channel_name(&item.channel)).collect();
        let post = first.post.and_then(|id| self.posts.get(&id));
        let may = |deed| self.visitor.person.rights.may(deed, &first.organisation);
        let decided_by = decided_by(first.kind, may);
        let sentence = match decided_by {
            None => self.sentence(first, post),
            Some(_) => self.seen(first),
        };
        let sentence = sentence.with("channels", names.join(", ")).with("n", names.len());
        let mut task = Task {
            kind: first.kind.name(),
            anchor: format!("{}-{}", first.kind, matter_of(first)),
            organisation: organisation_name(self.desk, page, &first.organisation),
            about: post.map_or_else(|| names.join(", "), |post| post.title.clone()),
            post: post.map(|post| post.id),
            sentence,
            reasons: group.iter().zip(&names).filter_map(|(i, name)| why(page, i, name)).collect(),
            raw: group.iter().zip(&names).map(|(i, name)| (name.clone(), i.what.clone(), i.todo.clone())).collect(),
            post_forms: None,
            by_hand: Vec::new(),
            channel_forms: Vec::new(),
            resume: None,
            link: None,
            decided_by,
        };
        match (first.kind, post) {
            (Kind::ChannelPaused, _) => {
                task.resume = may(Deed::RunChannels).then(|| first.channel.clone());
                task.link = Some(("/channels".into(), "today-to-channels"));
            }
            (Kind::Lost, _) => task.link = may(Deed::Write).then(|| ("/drafts".into(), "today-to-drafts")),
            (kind, Some(post)) if may(Deed::Settle) => self.add_forms(&mut task, kind, group, post),
            _ => {}
        }
        task
    }

    /// What is the matter, for who can do nothing about it: nothing is asked of them.
    fn seen(&self, item: &Attention) -> Phrase {
        let page = &self.visitor.page;
        match item.kind {
            Kind::ChannelPaused => self.paused(item).unwrap_or_else(|| page.t("today-seen-channel-refused")),
            other => page.t(format!("today-seen-{}", other.name().replace('_', "-"))),
        }
    }

    /// By whom a channel was paused, and why; `None`: by vestnik, because the platform refused.
    fn paused(&self, item: &Attention) -> Option<Phrase> {
        let channel = self.channels.iter().find(|channel| channel.slug == item.channel);
        let by = channel.and_then(|channel| channel.paused_by.clone()).unwrap_or_default();
        let why = channel.and_then(|channel| channel.paused_reason.clone()).unwrap_or_default();
        let told = || self.visitor.page.t("today-task-channel-paused").with("by", by.clone()).with("why", why);
        (by != VESTNIK).then(told)
    }

    fn sentence(&self, item: &Attention, post: Option<&PostSummary>) -> Phrase {
        let page = &self.visitor.page;
        match item.kind {
            Kind::ChannelPaused => self.paused(item).unwrap_or_else(|| page.t("today-task-channel-refused")),
            Kind::Stopped => {
                let kind = item.stop_kind.unwrap_or(StopKind::RowBroken);
                let is_withdrawn = post.is_some_and(|post| post.is_withdrawn);
                page.t(stop_key(kind) + if kind == StopKind::ByHand && is_withdrawn { "-withdraw" } else { "" })
            }
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
            Kind::InDoubt | Kind::Handed | Kind::Late | Kind::Outstanding => &[],
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
                let content = self.contents.get(&post.id);
                task.by_hand.extend(content.and_then(|text| ByHand::of(self.desk, delivery, text, &standing)));
                task.channel_forms.push(forms);
            }
        }
        if matches!(kind, Kind::Late | Kind::Outstanding) {
            task.link = Some(("/channels".into(), "today-to-channels"));
        }
    }
}

fn why(page: &Page, item: &Attention, channel: &str) -> Option<String> {
    item.last_kind.map(|kind| words::reason(page.locale, kind, channel))
}

/// The key of who decides a matter, where the person may not.
fn decided_by(kind: Kind, may: impl Fn(Deed) -> bool) -> Option<&'static str> {
    let (deed, by) = match kind {
        Kind::ChannelPaused => (Deed::RunChannels, "today-decides-channels"),
        _ => (Deed::Settle, "today-decides-settle"),
    };
    (!may(deed)).then_some(by)
}

/// Drafts that an editor decided about: their authors are asked, others who write may see it.
async fn decided_drafts(desk: &Desk, visitor: &SignedIn) -> Result<Vec<Task>, WebError> {
    let page = &visitor.page;
    let may_write = |slug: &&str| visitor.person.rights.may(Deed::Write, slug);
    let slugs: Vec<_> = page.organisations.iter().map(|(slug, _)| slug.as_str()).filter(may_write).collect();
    let decided = desk.office.store.decided_drafts(&slugs, &visitor.person.name, DECIDED_MAX).await?;
    let task = |draft: DecidedDraft| {
        let (kind, sentence) = match (draft.state, draft.is_own) {
            (DraftState::Approved, _) => ("approved", page.t("today-task-approved")),
            (_, true) => ("returned", page.t("today-task-returned")),
            (_, false) => ("returned", page.t("today-seen-returned")),
        };
        let title = draft.title.trim();
        Task {
            anchor: format!("{kind}-{}", draft.id),
            about: if title.is_empty() { page.t("draft-untitled").to_string() } else { title.to_owned() },
            link: Some((format!("/drafts/{}", draft.id), "today-to-draft")),
            decided_by: (!draft.is_own).then_some("today-decides-author"),
            ..plain(kind, desk, page, &draft.organisation, sentence)
        }
    };
    Ok(decided.into_iter().map(task).collect())
}

/// Drafts that wait for an editor, for those who are one.
async fn drafts(desk: &Desk, visitor: &SignedIn) -> Result<Vec<Task>, WebError> {
    let waiting = desk.office.store.submitted_drafts().await?;
    let own = waiting.into_iter().filter(|(slug, _)| visitor.person.rights.may(Deed::Approve, slug));
    let task = |(slug, n): (String, u32)| {
        let page = &visitor.page;
        let link = Some((format!("/drafts?organisation={slug}&which=submitted"), "today-to-drafts"));
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
        let is_theirs = visitor.person.rights.may(Deed::Write, &organisation.slug);
        let sentence = page
            .t(if is_theirs { "today-task-week" } else { "today-seen-week" })
            .with("channels", said.join(", "))
            .with("minimum", desk.office.config.week_minimum);
        let link = Some(("/weeks".into(), "today-to-weeks"));
        let decided_by = (!is_theirs).then_some("today-decides-settle");
        tasks.push(Task { link, decided_by, ..plain("week", desk, page, &organisation.slug, sentence) });
    }
    Ok(tasks)
}

fn plain(kind: &'static str, desk: &Desk, page: &Page, organisation: &str, sentence: Phrase) -> Task {
    Task {
        kind,
        anchor: format!("{kind}-{organisation}"),
        organisation: organisation_name(desk, page, organisation),
        about: page.t(format!("today-about-{kind}")).to_string(),
        decided_by: None,
        post: None,
        sentence,
        reasons: Vec::new(),
        raw: Vec::new(),
        post_forms: None,
        by_hand: Vec::new(),
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
