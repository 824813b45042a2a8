//! `vestnik post edit`.

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use crate::cli::output::Output;
use crate::cli::{Common, Done};
use crate::domain::PostId;
use crate::office::Office;

pub(in crate::cli) async fn run(id: PostId, file: &Path, office: &Office, common: &Common, output: Output) -> Done {
    let by = common.actor()?;
    let revision = office.edit(id, file, &by).await?;
    output.print(&json!({"id": id, "revision": revision}), || {
        format!("revision {revision}; where the post is out in MAX it is edited there and the hold begins again")
    });
    Ok(ExitCode::SUCCESS)
}
