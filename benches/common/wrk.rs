//! wrk, the load generator of Debian's package of that name.

use std::error::Error;
use std::process::Command;
use std::time::Duration;

type Failure = Box<dyn Error + Send + Sync>;

/// Browsers at a time.
const CONNECTIONS: &str = "8";

/// What wrk saw.
pub struct Asked {
    /// Answers a second.
    pub rate: f64,
    /// Milliseconds that half of the answers did not exceed.
    pub half: f64,
    /// Milliseconds that 99 of 100 answers did not exceed.
    pub nearly_all: f64,
}

/// An error where wrk is missing.
pub fn is_here() -> Result<(), Failure> {
    match Command::new("wrk").arg("--version").output() {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("wrk cannot be run ({error}); apt-get install wrk").into()),
    }
}

/// Asks for an address again and again with this header.
pub async fn ask(url: &str, header: &str, lasts: Duration) -> Result<Asked, Failure> {
    let seconds = format!("{}s", lasts.as_secs());
    let mut wrk = Command::new("wrk");
    wrk.args(["--latency", "--threads", "1", "--connections", CONNECTIONS, "--timeout", "10s", "--duration", &seconds]);
    wrk.args(["--header", header, url]);
    let run = tokio::task::spawn_blocking(move || wrk.output()).await??;
    let text = String::from_utf8(run.stdout)?;
    if !run.status.success() || text.contains("Non-2xx") || text.contains("Socket errors") {
        return Err(format!("{url} was not answered well:\n{text}").into());
    }
    let after = |label: &str| {
        let line = text.lines().find_map(|line| line.trim().strip_prefix(label));
        line.map(str::trim).ok_or_else(|| format!("wrk told no {label}:\n{text}"))
    };
    Ok(Asked {
        rate: after("Requests/sec:")?.parse()?,
        half: milliseconds(after("50%")?)?,
        nearly_all: milliseconds(after("99%")?)?,
    })
}

/// wrk writes times with their unit.
fn milliseconds(text: &str) -> Result<f64, Failure> {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match &text[number.len()..] {
        "us" => 0.001,
        "ms" => 1.0,
        "s" => 1_000.0,
        unit => return Err(format!("wrk tells time in {unit}").into()),
    };
    Ok(number.parse::<f64>()? * factor)
}
