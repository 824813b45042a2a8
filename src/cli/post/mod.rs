//! `vestnik post`: one file a verb.

mod add;
mod edit;
mod list;
mod move_post;
mod order;
mod resolve;
mod show;

use std::path::PathBuf;

use clap::Subcommand;

use super::output::Output;
use super::{Common, Done};
use crate::domain::PostId;
use crate::office::{Office, reason};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Queue a post.
    Add(add::Args),
    /// The newest posts.
    List(list::Args),
    /// One post with its whole life.
    Show {
        /// The post.
        id: PostId,
    },
    /// Give a post new content. Where it is out in MAX, the hold begins again.
    Edit {
        /// The post.
        id: PostId,
        /// The new post file.
        #[arg(value_name = "FILE.md")]
        file: PathBuf,
    },
    /// Give a post that is not out yet another time; its followers move with it.
    Move(move_post::Args),
    /// Cancel what is not out yet.
    Cancel {
        /// The post.
        id: PostId,
        /// Why, for the journal.
        #[arg(long, value_parser = reason)]
        reason: String,
    },
    /// Cancel what is not out yet and take down what is.
    Withdraw {
        /// The post.
        id: PostId,
        /// Why, for the journal.
        #[arg(long, value_parser = reason)]
        reason: String,
    },
    /// Publish anew a post that was deleted in MAX; the others wait for the new hold.
    Republish {
        /// The post.
        id: PostId,
    },
    /// Call the platform at once instead of waiting for the next try.
    Again {
        /// The post.
        id: PostId,
        /// The channel.
        channel: String,
    },
    /// Settle what vestnik could not: it stands at this address, or it does not stand.
    Resolve(resolve::Args),
}

pub(super) async fn run(command: Command, common: &Common, output: Output) -> Done {
    let obey = async |office: &Office| match command {
        Command::Add(args) => add::run(args, office, common, output).await,
        Command::List(args) => list::run(args, office, output).await,
        Command::Show { id } => show::run(id, office, output).await,
        Command::Edit { id, file } => edit::run(id, &file, office, common, output).await,
        Command::Move(args) => move_post::run(args, office, common, output).await,
        Command::Cancel { id, reason } => order::cancel(id, &reason, office, common, output).await,
        Command::Withdraw { id, reason } => order::withdraw(id, &reason, office, common, output).await,
        Command::Republish { id } => order::republish(id, office, common, output).await,
        Command::Again { id, channel } => order::try_again(id, &channel, office, common, output).await,
        Command::Resolve(args) => resolve::run(args, office, common, output).await,
    };
    common.in_office(obey).await
}
