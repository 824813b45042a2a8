//! `vestnik attention`.

use std::process::ExitCode;

use super::output::Output;
use super::{Common, Done};

pub(super) async fn run(common: &Common, output: Output) -> Done {
    let list = common.in_office(async |office| Ok(office.store.attention(office.clock.now()).await?)).await?;
    output.print(&list, || {
        if list.is_empty() {
            return "nothing waits for a person".into();
        }
        let item = |a: &crate::store::Attention| {
            let post = a.post.as_ref().map(|id| format!(", post {id}")).unwrap_or_default();
            format!("{} — {}{post}\n  {}\n  → {}", a.kind, a.channel, a.what, a.todo)
        };
        list.iter().map(item).collect::<Vec<_>>().join("\n\n")
    });
    Ok(ExitCode::SUCCESS)
}
