//! `vestnik backup` and `vestnik restore`.

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use super::output::{Output, rfc3339};
use super::{Common, Done};
use crate::backup;

#[derive(Debug, clap::Args)]
pub(super) struct BackupArgs {
    /// The new archive: the database and the files of all posts.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(super) struct RestoreArgs {
    /// The archive.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Move the database that is there aside.
    #[arg(long)]
    replace: bool,
}

pub(super) async fn save(args: BackupArgs, common: &Common, output: Output) -> Done {
    let config = common.load()?;
    let saved = backup::save(&config, &args.file, &*config.clock()).await?;
    let value = json!({
        "file": args.file, "bytes": saved.bytes, "database_bytes": saved.database_bytes, "files": saved.files,
    });
    output.print(&value, || {
        format!(
            "{}: {} bytes, the database and {} files of posts.\nThe configuration and the secrets are not in it.",
            args.file.display(),
            saved.bytes,
            saved.files
        )
    });
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn restore(args: RestoreArgs, common: &Common, output: Output) -> Done {
    let config = common.load()?;
    let by = common.actor()?;
    let restored = backup::restore(&config, &args.file, args.replace, &by, &*config.clock()).await?;
    let value = json!({
        "made_at": rfc3339(restored.made_at), "files": restored.files, "moved_aside": restored.moved_aside,
        "sessions_ended": restored.keys.sessions, "addresses_voided": restored.keys.invitations,
        "tokens_revoked": restored.keys.tokens,
    });
    output.print(&value, || {
        let aside = restored.moved_aside.as_ref();
        let aside =
            aside.map_or_else(String::new, |place| format!("\nThe database before lies at {}.", place.display()));
        format!(
            "The copy of {} is in its place; {} files of posts were missing and are there again.{aside}\n\
             What opened the desk that day opens it no more: people sign in anew, who was invited needs another one-time \
             address (`vestnik user reset LOGIN`), and programs need new tokens ({} are revoked).\n\
             Start `vestnik serve`: it looks on the platforms before it sends anything, keeps out who was disabled since, \
             and `vestnik attention` tells what the copy does not know.",
            rfc3339(restored.made_at),
            restored.files,
            restored.keys.tokens
        )
    });
    Ok(ExitCode::SUCCESS)
}
