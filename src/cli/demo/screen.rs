//! Where the demo is shown: bars under a running account on a terminal, plain lines anywhere else.

use std::io::{IsTerminal as _, Write};
use std::sync::{Mutex, PoisonError};

use console::{Term, measure_text_width};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Where the words of a line of the account begin, behind time and platform.
pub(super) const INDENT: usize = 25;
/// Narrower terminals are written over rather than cut into crumbs.
const WIDTH_MIN: usize = 60;

/// The screen.
pub(super) struct Screen(Kind);

enum Kind {
    Terminal { term: Term, bars: MultiProgress },
    Plain(Mutex<Box<dyn Write + Send>>),
}

impl Screen {
    /// The terminal, or plain lines when the output goes elsewhere.
    pub(super) fn of_stdout() -> Self {
        if !std::io::stdout().is_terminal() {
            return Self::plain(Box::new(std::io::stdout()));
        }
        let (term, target) = (Term::stdout(), ProgressDrawTarget::stdout_with_hz(15));
        Self(Kind::Terminal { term, bars: MultiProgress::with_draw_target(target) })
    }

    /// Plain lines.
    pub(super) fn plain(out: Box<dyn Write + Send>) -> Self {
        Self(Kind::Plain(Mutex::new(out)))
    }

    /// A line of the account, above the bars; folded on a terminal that is too narrow for it.
    pub(super) fn tell(&self, line: &str) {
        match &self.0 {
            Kind::Terminal { term, .. } => self.say(&folded(line, usize::from(term.size().1).max(WIDTH_MIN))),
            Kind::Plain(_) => self.say(line),
        }
    }

    /// Says something as it stands. A reader that went away is no error.
    pub(super) fn say(&self, text: &str) {
        match &self.0 {
            Kind::Terminal { term, bars } => bars.suspend(|| drop(term.write_line(text))),
            Kind::Plain(out) => {
                let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
                drop(writeln!(out, "{text}"));
            }
        }
    }

    /// A bar for one hold, `length` seconds long; nothing where there are no bars.
    pub(super) fn bar(&self, title: &str, length: u64) -> Option<ProgressBar> {
        let bar = self.add("  {prefix:24!}  {bar:24.green/black.bright}  {wide_msg}", length)?;
        bar.set_prefix(title.to_owned());
        Some(bar)
    }

    /// A line for the time of day; nothing where there are no bars.
    pub(super) fn clock(&self) -> Option<ProgressBar> {
        self.add("{wide_msg}", 1)
    }

    /// Takes the bars away: what they showed is told in full now.
    pub(super) fn end_bars(&self) {
        if let Kind::Terminal { bars, .. } = &self.0 {
            drop(bars.clear());
        }
    }

    fn add(&self, template: &str, length: u64) -> Option<ProgressBar> {
        let Kind::Terminal { bars, .. } = &self.0 else { return None };
        let bar = ProgressBar::new(length);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━━─"));
        }
        Some(bars.add(bar))
    }
}

/// Breaks a line at blanks so that it fits; what follows stands under the first words.
fn folded(line: &str, width: usize) -> String {
    let mut folded = String::with_capacity(line.len());
    let mut used = 0;
    for word in line.split_inclusive(' ') {
        let long = measure_text_width(word.trim_end());
        if used > INDENT && used + long >= width {
            folded.truncate(folded.trim_end().len());
            folded.push('\n');
            folded.push_str(&" ".repeat(INDENT));
            used = INDENT;
        }
        folded.push_str(word);
        used += measure_text_width(word);
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_under_their_first_words() {
        let line = format!("{:<INDENT$}{}", "Mon 09:00:00  MAX", "слово ".repeat(12).trim_end());
        let told = folded(&line, 60);
        assert!(told.lines().all(|l| measure_text_width(l) < 60), "{told}");
        assert!(told.lines().skip(1).all(|l| l.starts_with(&" ".repeat(INDENT))), "{told}");
        assert_eq!(told.split_whitespace().count(), line.split_whitespace().count());
    }
}
