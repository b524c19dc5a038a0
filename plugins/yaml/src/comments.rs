//! Comments between tokens, found and placed as go-yaml v3 does.
//!
//! go-yaml hangs comments on tokens while it scans, two tokens ahead of its parser. So the scan is repeated here over
//! the gaps between the tokens, in the same order and just as far ahead (`scannerc.go` of v3.0.4: the functions
//! `scan_to_next_token`, `scan_comments`, `scan_line_comment`, `unroll_indent`, `fetch_more_tokens`).

mod gap;
mod step;

use std::collections::VecDeque;

use granit_parser::TokenType;

use crate::tokens::Token;
use gap::Gap;
use step::{Step, Steps};

/// A block of comment lines and where it goes. Places count bytes; the one before the first byte is -1.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// It belongs to the first token from here on.
    owner: isize,
    /// Where the search for it began.
    scan: isize,
    /// Its first `#`.
    start: isize,
    /// The column of that, from 1 for a comment on a line of its own.
    column: isize,
    /// The line of that, from 0.
    row: isize,
    /// Where it ended; 0 for a comment behind a token.
    end: isize,
    /// Its text as the head of what follows.
    pub(crate) head: String,
    /// Its text as a comment on the same line.
    pub(crate) line: String,
    /// Its text as the foot of what stands before.
    pub(crate) foot: String,
}

/// Finds the comments of a text, in step with its tokens.
pub(crate) struct Finder<'t> {
    gap: Gap<'t>,
    steps: Steps,
    /// Found and not yet handed over.
    found: VecDeque<Found>,
    /// Columns of the blocks around the current one.
    outer: Vec<isize>,
    /// Column of the current block; -1 outside of any.
    indent: isize,
}

impl<'t> Finder<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self {
            gap: Gap::new(text),
            steps: Steps::default(),
            found: VecDeque::new(),
            outer: Vec::new(),
            indent: -1,
        }
    }

    /// Notes a token that was read.
    pub(crate) fn announce(&mut self, token: &Token<'_>) {
        self.steps.announce(token);
    }

    /// Notes that the first token was taken.
    pub(crate) fn taken(&mut self) {
        self.steps.taken();
    }

    /// Whether go-yaml would have scanned as far as it does before it looks at the first token.
    pub(crate) fn is_far_enough(&self) -> bool {
        self.steps.three_wait()
    }

    /// Hands over what belongs to `token`, the first one, or stands before it.
    pub(crate) fn hand_over(&mut self, token: &Token<'_>, hang: &mut impl FnMut(Found)) {
        let start = self.steps.front_start();
        while let Some(first) = self.found.front() {
            let kept = !first.head.is_empty() && matches!(token.kind, TokenType::BlockEnd);
            if first.owner > start || kept {
                return;
            }
            if let Some(found) = self.found.pop_front() {
                hang(found);
            }
        }
    }

    /// Scans up to the next real token of `queue` and over it; false when that one is not read yet.
    pub(crate) fn advance(&mut self, queue: &VecDeque<Token<'_>>) -> bool {
        let Some(step) = self.steps.next() else { return false };
        let Some(token) = queue.get(self.steps.offset(step.real)) else { return false };
        let scan = self.gap.advance(self.indent, &mut self.found);
        self.close_blocks(&step, scan, resets_indentation(&token.kind));
        for column in &step.opens {
            self.outer.push(self.indent);
            self.indent = *column;
        }
        self.gap.pass(token, step.opens_sequence, &mut self.found);
        self.steps.done();
        true
    }

    /// Places the ends of blocks before the comments that belong to the blocks around them.
    fn close_blocks(&mut self, step: &Step, scan: isize, resets: bool) {
        let mut mark = scan - 1;
        let mut reset = false;
        for end in &step.ends {
            if resets && !reset && self.indent <= self.gap.column() {
                reset = true;
                mark = self.gap.index() - 1;
            }
            let mut joined = mark;
            for found in self.found.iter().rev() {
                if found.end < joined {
                    break;
                }
                if found.column == self.indent + 1 {
                    mark = found.start;
                }
                joined = found.scan;
            }
            self.steps.place(*end, mark);
            self.indent = self.outer.pop().unwrap_or(-1);
        }
    }
}

/// Tokens that close every block.
fn resets_indentation(kind: &TokenType<'_>) -> bool {
    matches!(kind, TokenType::StreamEnd) || stands_between_documents(kind)
}

fn stands_between_documents(kind: &TokenType<'_>) -> bool {
    matches!(
        kind,
        TokenType::DocumentStart
            | TokenType::DocumentEnd
            | TokenType::VersionDirective(..)
            | TokenType::TagDirective(..)
            | TokenType::ReservedDirective(..)
    )
}
