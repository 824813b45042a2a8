//! `vestnik post cancel`, `withdraw`, `republish` and `again`.

use std::process::ExitCode;

use serde_json::json;

use crate::cli::output::{Output, table};
use crate::cli::{Common, Done};
use crate::domain::PostId;
use crate::office::Office;
use crate::store::Withdrawal;

pub(in crate::cli) async fn cancel(id: PostId, reason: &str, office: &Office, common: &Common, output: Output) -> Done {
    let by = common.actor()?;
    let results = office.cancel(id, &by, reason).await?;
    print(id, &results, output);
    Ok(ExitCode::SUCCESS)
}

pub(in crate::cli) async fn withdraw(
    id: PostId,
    reason: &str,
    office: &Office,
    common: &Common,
    output: Output,
) -> Done {
    let by = common.actor()?;
    let results = office.withdraw(id, &by, reason).await?;
    print(id, &results, output);
    Ok(ExitCode::SUCCESS)
}

pub(in crate::cli) async fn republish(id: PostId, office: &Office, common: &Common, output: Output) -> Done {
    let by = common.actor()?;
    office.republish(id, &by).await?;
    output.print(&json!({"id": id, "state": "queued"}), || {
        format!("{id} goes out in the primary channel anew; the others wait for the new hold")
    });
    Ok(ExitCode::SUCCESS)
}

pub(in crate::cli) async fn try_again(
    id: PostId,
    channel: &str,
    office: &Office,
    common: &Common,
    output: Output,
) -> Done {
    let by = common.actor()?;
    office.try_again(id, channel, &by).await?;
    output.print(&json!({"id": id, "channel": channel}), || format!("{id} is tried on {channel} at once"));
    Ok(ExitCode::SUCCESS)
}

fn print(id: PostId, results: &[Withdrawal], output: Output) {
    let value = json!({
        "id": id,
        "channels": results.iter().map(|r| json!({"channel": r.channel, "result": r.result})).collect::<Vec<_>>(),
    });
    output.print(&value, || table(["channel", "result"], results.iter().map(|r| [r.channel.clone(), r.result.into()])));
}
