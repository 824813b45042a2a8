//! A platform of few words on loopback: it gives the answers it was told to, whatever it is asked.

use std::cell::Cell;
use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Where the next answer begins.
const BETWEEN: &str = "\n====\n";
/// What the answers say where the platform names an address of its own.
const HERE: &str = "{here}";
/// Nobody asks more often for one thing.
const ASKED_MAX: usize = 300;
/// Nobody works longer on one thing, when every answer comes at once.
const LONGEST: Duration = Duration::from_secs(20);

/// The server, and the runtime that it shares with whoever asks.
pub(crate) struct Wire {
    runtime: tokio::runtime::Runtime,
    listener: TcpListener,
}

impl Wire {
    pub(crate) fn open() -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        Ok(Self { runtime, listener })
    }

    /// Its address: scheme, host and port.
    pub(crate) fn here(&self) -> String {
        self.listener.local_addr().map(|address| format!("http://{address}")).unwrap_or_default()
    }

    /// What comes of `asking` while these answers are given, the last one for ever. An empty answer is none: the
    /// connection is closed.
    pub(crate) fn answering<T>(&self, answers: &[u8], asking: impl Future<Output = T>) -> T {
        let answers = String::from_utf8_lossy(answers).replace(HERE, &self.here());
        // Whether connections are kept is not what is looked at here, and would make runs differ.
        let closing = |answer: &str| answer.replacen('\n', "\nconnection: close\n", 1);
        let answers: Vec<String> = answers.split(BETWEEN).map(closing).collect();
        let asked = Cell::new(0);
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                () = self.serve(&answers, &asked) => unreachable!("it serves for ever"),
                outcome = asking => outcome,
                () = tokio::time::sleep(LONGEST) => panic!("asked {} times and came to no end", asked.get()),
            }
        })
    }

    async fn serve(&self, answers: &[String], asked: &Cell<usize>) {
        loop {
            let Ok((mut caller, _)) = self.listener.accept().await else { continue };
            // Who goes away has not asked.
            if read_request(&mut caller).await.is_err() {
                continue;
            }
            let answer = &answers[asked.get().min(answers.len() - 1)];
            asked.set(asked.get() + 1);
            assert!(asked.get() <= ASKED_MAX, "asked {ASKED_MAX} times");
            let _ = caller.write_all(answer.as_bytes()).await;
            let _ = caller.shutdown().await;
        }
    }
}

/// Takes a request in to its end.
async fn read_request(caller: &mut TcpStream) -> io::Result<()> {
    let mut seen = Vec::new();
    loop {
        if caller.read_buf(&mut seen).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let Some(end) = seen.windows(4).position(|w| w == b"\r\n\r\n").map(|at| at + 4) else { continue };
        let head = String::from_utf8_lossy(&seen[..end]).to_ascii_lowercase();
        let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name).map(|v| v.trim().to_owned()));
        let whole = match field("content-length:") {
            Some(length) => seen.len() - end >= length.parse().unwrap_or(0),
            None => field("transfer-encoding:").is_none() || seen.ends_with(b"\r\n0\r\n\r\n"),
        };
        if whole {
            return Ok(());
        }
    }
}
