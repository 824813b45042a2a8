//! MAX in a process of its own: what the sandbox costs is not counted as vestnik's, though it shares the cores.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use vestnik_contract::SystemClock;
use vestnik_sandbox::max::{Channel, MaxSandbox};

type Failure = Box<dyn Error + Send + Sync>;

/// The bot's token.
pub const TOKEN: &str = "bench-token";
/// What publishes, as the sandbox names it.
const PUBLISH: &str = "POST /messages";
/// The first argument of a benchmark that is to be MAX.
const ROLE: &str = "max";

/// The channel of the nth organisation.
pub fn chat_id(nth: usize) -> i64 {
    -1_000_000 - i64::try_from(nth).unwrap_or_default()
}

/// A running MAX; it ends when dropped.
pub struct MaxProcess {
    /// Scheme, host and port.
    pub base_url: String,
    child: Child,
    ask: ChildStdin,
    told: BufReader<ChildStdout>,
}

impl MaxProcess {
    /// Starts this same program again as a MAX with so many channels.
    pub fn start(channels: usize) -> Result<Self, Failure> {
        let mut child = Command::new(std::env::current_exe()?)
            .args([ROLE, &channels.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(ask), Some(told)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("the sandbox process has no pipes".into());
        };
        let mut told = BufReader::new(told);
        let mut base_url = String::new();
        told.read_line(&mut base_url)?;
        Ok(Self { base_url: base_url.trim().trim_end_matches('/').to_owned(), child, ask, told })
    }

    /// When each call that publishes arrived, in microseconds since 1970.
    pub fn arrivals(&mut self) -> Result<Vec<i64>, Failure> {
        writeln!(self.ask, "arrivals")?;
        let mut line = String::new();
        self.told.read_line(&mut line)?;
        Ok(line.split_whitespace().map(str::parse).collect::<Result<_, _>>()?)
    }
}

impl Drop for MaxProcess {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Is MAX until its input ends, when this process was started as one.
pub fn serve_if_asked() -> Result<bool, Failure> {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() != Some(ROLE) {
        return Ok(false);
    }
    let channels: usize = arguments.next().unwrap_or_default().parse()?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(serve(channels))?;
    Ok(true)
}

async fn serve(channels: usize) -> Result<(), Failure> {
    let max = MaxSandbox::start("127.0.0.1:0".parse()?, Arc::new(SystemClock), TOKEN).await?;
    for nth in 0..channels {
        let link_name = Some(format!("city{nth}"));
        max.add_channel(Channel { chat_id: chat_id(nth), link_name, ..Channel::default() });
    }
    println!("{}", max.server.url());
    loop {
        let asked = tokio::task::spawn_blocking(|| std::io::stdin().lines().next()).await?;
        if asked.transpose()?.is_none() {
            return Ok(());
        }
        let log = max.server.log();
        let arrivals = log.iter().filter(|l| l.call == PUBLISH).map(|l| l.at.timestamp_micros().to_string());
        println!("{}", arrivals.collect::<Vec<_>>().join(" "));
    }
}
