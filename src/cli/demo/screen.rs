//! Where the demo is shown: bars under a running account on a terminal, plain lines anywhere else.

use std::io::{IsTerminal as _, Write};
use std::sync::{Mutex, PoisonError};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The screen.
pub(super) struct Screen(Kind);

enum Kind {
    Terminal(MultiProgress),
    Plain(Mutex<Box<dyn Write + Send>>),
}

impl Screen {
    /// The terminal, or plain lines when the output goes elsewhere.
    pub(super) fn of_stdout() -> Self {
        if std::io::stdout().is_terminal() {
            Self(Kind::Terminal(MultiProgress::with_draw_target(ProgressDrawTarget::stdout_with_hz(15))))
        } else {
            Self::plain(Box::new(std::io::stdout()))
        }
    }

    /// Plain lines.
    pub(super) fn plain(out: Box<dyn Write + Send>) -> Self {
        Self(Kind::Plain(Mutex::new(out)))
    }

    /// Says something, above the bars. A reader that went away is no error.
    pub(super) fn say(&self, text: &str) {
        match &self.0 {
            Kind::Terminal(bars) => drop(bars.println(text)),
            Kind::Plain(out) => {
                let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
                drop(writeln!(out, "{text}"));
            }
        }
    }

    /// A bar for one hold, `length` seconds long; nothing where there are no bars.
    pub(super) fn bar(&self, title: &str, length: u64) -> Option<ProgressBar> {
        let Kind::Terminal(bars) = &self.0 else { return None };
        let style = ProgressStyle::with_template("{prefix:26!} {bar:24.green/black.bright} {wide_msg}");
        let bar = ProgressBar::new(length);
        if let Ok(style) = style {
            bar.set_style(style.progress_chars("━━─"));
        }
        bar.set_prefix(title.to_owned());
        Some(bars.add(bar))
    }
}
