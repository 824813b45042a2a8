//! Everything that keeps a draft from being queued, one sentence each.

use super::super::page::Page;
use super::super::{Desk, WebError};
use crate::office::OfficeError;
use crate::store::StoreError;

/// What has to be mended, for the composer. What is no fault of the draft stays an error.
pub(super) fn reasons(desk: &Desk, page: &Page, error: OfficeError) -> Result<Vec<String>, WebError> {
    Ok(match error {
        OfficeError::Problems(problems) => problems.iter().map(ToString::to_string).collect(),
        OfficeError::Misfits(misfits) => {
            let told = |m: &crate::office::ChannelMisfit| format!("{}: {}", desk.channel_name(&m.channel), m.misfit);
            misfits.iter().map(told).collect()
        }
        OfficeError::Store(StoreError::Draft(why)) => vec![page.t(format!("draft-refused-{}", why.code())).to_string()],
        OfficeError::Store(StoreError::Refused(why)) | OfficeError::Refused(why) => vec![why],
        other => return Err(other.into()),
    })
}
