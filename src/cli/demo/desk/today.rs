//! What lies before the desk when it opens: posts for the days to come.

use super::super::told;
use super::Stage;
use super::people::{EDITOR, OFFICER};
use super::posts::Post;
use crate::office::QueueOptions;

/// Organisation, day from Monday, time, the number of the post, who queued it.
const TO_COME: [(usize, i64, &str, usize, &str); 11] = [
    (0, 2, "11:00", 1, OFFICER),
    (0, 2, "13:30", 2, OFFICER),
    (1, 2, "15:00", 8, EDITOR),
    (0, 2, "17:00", 3, OFFICER),
    (0, 3, "10:00", 8, OFFICER),
    (1, 3, "12:30", 9, EDITOR),
    (0, 3, "15:30", 4, OFFICER),
    (0, 4, "11:00", 9, OFFICER),
    (1, 4, "14:00", 11, EDITOR),
    (0, 7, "10:00", 10, OFFICER),
    (0, 9, "12:00", 12, OFFICER),
];

/// Queues what is to come.
pub(super) async fn lay_out(stage: &Stage<'_>) -> Result<(), String> {
    for (organisation, day, time, nth, by) in TO_COME {
        let file = Post::nth(nth).write(stage.folder, "").map_err(told)?;
        let options = QueueOptions {
            organisation: Some(stage.organisation(organisation)?.to_owned()),
            at: Some(stage.moment(day, time)?.to_rfc3339()),
            by: by.into(),
            ..QueueOptions::default()
        };
        stage.office.queue(&file, options).await.map_err(told)?;
    }
    Ok(())
}
