//! Changes inputs the way libFuzzer does, without a compiler's help: for machines that have no nightly one.

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

/// Most changes to one input.
const CHANGES_MAX: usize = 6;
/// What parsers trip over.
const WORDS: [&str; 24] = [
    "\"",
    "null",
    "-1",
    "9223372036854775807",
    "262143",
    "1e400",
    "true",
    "[]",
    "{}",
    "\\u001b",
    "&#27;",
    "\u{202e}",
    "\r\n",
    "---\n",
    "<script>",
    "](javascript:x)",
    "https://gorod.example.ru",
    "😀",
    "\n\n",
    "[[",
    "\\",
    "\u{0}",
    "HTTP/1.1 200 OK",
    "```",
];

/// Makes inputs out of a corpus, the same ones for the same seed.
pub(crate) struct Mutator<'a> {
    corpus: &'a [Vec<u8>],
    chance: StdRng,
}

impl<'a> Mutator<'a> {
    pub(crate) fn new(corpus: &'a [Vec<u8>], seed: u64) -> Self {
        Self { corpus, chance: StdRng::seed_from_u64(seed) }
    }

    pub(crate) fn next(&mut self) -> Vec<u8> {
        let mut input = self.one().to_vec();
        for _ in 0..self.chance.random_range(1..=CHANGES_MAX) {
            self.change(&mut input);
        }
        input
    }

    fn one(&mut self) -> &'a [u8] {
        &self.corpus[self.chance.random_range(0..self.corpus.len())]
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let (from, to) = self.span(input.len());
        match self.chance.random_range(0..6) {
            0 if from < input.len() => input[from] ^= 1 << self.chance.random_range(0..8),
            1 => drop(input.drain(from..to)),
            2 => {
                let again = input[from..to].to_vec();
                input.splice(to..to, again);
            }
            3 => {
                let word = WORDS[self.chance.random_range(0..WORDS.len())];
                input.splice(from..to.min(from + 8), word.bytes());
            }
            4 => {
                let word = WORDS[self.chance.random_range(0..WORDS.len())];
                input.splice(from..from, word.bytes());
            }
            _ => {
                let other = self.one();
                let (start, end) = self.span(other.len());
                input.splice(from..to, other[start..end].iter().copied());
            }
        }
    }

    /// A part of an input: short ones more often.
    fn span(&mut self, length: usize) -> (usize, usize) {
        let from = self.chance.random_range(0..=length);
        let most = 1 << self.chance.random_range(0..8);
        (from, length.min(from + self.chance.random_range(0..=most)))
    }
}
