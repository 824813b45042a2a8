//! What a process costs, as Linux tells it under `/proc`.

use std::fs;
use std::io;

/// Ticks a second in `/proc/PID/stat` (proc(5): 100 on every Linux of today).
const TICKS_PER_SECOND: f64 = 100.0;

/// A field of `/proc/PID/status`, in MiB: `VmRSS` (resident now) or `VmHWM` (resident at most so far).
#[allow(dead_code, reason = "only one of the two benchmarks reads memory")]
pub fn mebibytes(pid: u32, field: &str) -> io::Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let kib: Option<f64> = status
        .lines()
        .find_map(|line| line.strip_prefix(field)?.strip_prefix(':')?.split_whitespace().next()?.parse().ok());
    kib.map(|kib| kib / 1024.0).ok_or_else(|| io::Error::other(format!("/proc/{pid}/status has no {field}")))
}

/// Seconds of CPU time that a process has used.
pub fn cpu_seconds(pid: u32) -> io::Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The second field, the name, may hold blanks; user and system time are the 14th and 15th.
    let after_name = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let ticks: f64 = after_name.split(' ').skip(11).take(2).filter_map(|t| t.parse::<f64>().ok()).sum();
    Ok(ticks / TICKS_PER_SECOND)
}
