//! What the figures were taken on.

use std::fs;

/// Prints the command and the machine, which every figure needs beside it.
pub fn introduce(command: &str) {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find(|l| l.starts_with("model name")).and_then(|l| l.split_once(": "));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("command   {command}");
    println!("machine   {cores} cores, {}", model.map_or("of an unknown model", |(_, model)| model));
    println!("load      {} before the start", load.split(' ').next().unwrap_or_default());
}
