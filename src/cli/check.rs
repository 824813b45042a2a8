//! `vestnik check`.

use std::process::ExitCode;

use super::output::Output;
use super::{Common, Done};
use crate::office::{ChannelCheck, check};

pub(super) async fn run(common: &Common, output: Output) -> Done {
    let config = common.load()?;
    let answers = check(&config, config.clock()).await?;
    output.print(&answers, || answers.iter().map(text).collect::<Vec<_>>().join("\n"));
    Ok(if answers.iter().all(|a| a.may_publish) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn text(answer: &ChannelCheck) -> String {
    let verdict = if answer.may_publish { "may publish" } else { "CANNOT PUBLISH" };
    let identity = answer.identity.as_deref().map(|who| format!(", {who}")).unwrap_or_default();
    let findings: String = answer.findings.iter().map(|f| format!("\n  {}\n  → {}", f.what, f.todo)).collect();
    format!("{} ({}): {verdict}{identity}{findings}", answer.channel, answer.platform)
}
