//! Drafts of the demo: one being written, one that waits for an editor, one that came back, one that is approved.

use super::super::told;
use super::Stage;
use super::people::{EDITOR, OFFICER};
use crate::domain::DraftId;
use crate::domain::draft::DraftContent;
use crate::domain::wall_time::local;
use crate::store::NewDraft;

/// How far a draft has come.
#[derive(Debug, Clone, Copy)]
enum Stands {
    Written,
    Submitted,
    Returned,
    Approved,
}

/// Organisation, day from Monday, time, headline, text, how far it is.
const DRAFTS: [(usize, i64, &str, &str, &str, Stands); 5] = [
    (
        0,
        4,
        "16:00",
        "Каток на стадионе откроется в декабре",
        "Лёд начнут заливать, как только **три ночи подряд** будет ниже −5 °C.\n\n- прокат коньков: 120 ₽ в час\n- вход свободный",
        Stands::Written,
    ),
    (0, 7, "12:00", "Новогодняя ёлка: что изменится", "Программа ещё уточняется.", Stands::Written),
    (
        1,
        3,
        "17:00",
        "Дорогу на Северный расширят",
        "Подрядчик выходит на объект **в понедельник**. Движение сохранят по одной полосе в каждую сторону.",
        Stands::Submitted,
    ),
    (
        1,
        4,
        "10:00",
        "Конкурс на лучший двор",
        "Заявки принимают до 15 декабря.\n\n1. Фотографии двора до и после\n2. Рассказ жителей",
        Stands::Returned,
    ),
    (
        1,
        4,
        "18:00",
        "Выплаты семьям перечислят раньше",
        "Деньги придут до **28 ноября**. Ничего делать не нужно.",
        Stands::Approved,
    ),
];

/// Lays the drafts on the desk.
pub(super) async fn lay_out(stage: &Stage<'_>) -> Result<(), String> {
    for (organisation, day, time, title, body, stands) in DRAFTS {
        let slug = stage.organisation(organisation)?;
        let config = stage.office.organisation(Some(slug)).map_err(told)?;
        let at = local(stage.moment(day, time)?, config.zone);
        let content = DraftContent {
            title: title.to_owned(),
            body: body.to_owned(),
            tags: "город".to_owned(),
            at: at.format("%Y-%m-%dT%H:%M").to_string(),
            channels: config.followers().map(|channel| channel.slug.clone()).collect(),
            ..DraftContent::default()
        };
        let id = stage.office.store.draft_id(slug, stage.clock_now());
        let new = NewDraft { id, organisation: slug.to_owned(), edits: None, content, by: OFFICER.to_owned() };
        stage.office.make_draft(new).await.map_err(told)?;
        bring(stage, id, stands).await?;
    }
    Ok(())
}

/// Brings the first version of a draft as far as it is to be.
async fn bring(stage: &Stage<'_>, id: DraftId, stands: Stands) -> Result<(), String> {
    let office = stage.office;
    if matches!(stands, Stands::Written) {
        return Ok(());
    }
    office.submit_draft(id, 1, OFFICER).await.map_err(told)?;
    match stands {
        Stands::Returned => office.return_draft(id, 1, "Добавьте, куда приносить заявки", EDITOR).await.map_err(told),
        Stands::Approved => office.approve_draft(id, 1, None, EDITOR).await.map_err(told),
        Stands::Written | Stands::Submitted => Ok(()),
    }
}
