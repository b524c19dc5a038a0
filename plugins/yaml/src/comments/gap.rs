//! The text between two tokens.

use std::collections::VecDeque;

use granit_parser::{ScalarStyle, TokenType};

use super::{Found, stands_between_documents};
use crate::tokens::Token;

/// go-yaml looks no further than this for the next comment.
const REACH: isize = 512;

/// The last token, as far as comments care.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Value,
    FlowEntry,
    FirstBlockEntry,
    Other,
}

/// A cursor over what stands between tokens. Lines and columns count from 0.
pub(super) struct Gap<'t> {
    text: &'t str,
    index: isize,
    line: isize,
    column: isize,
    /// Line breaks since the last visible character.
    newlines: isize,
    flow: usize,
    last: Last,
    /// Where the last token started, and the one before.
    last_start: isize,
    before_start: isize,
}

impl<'t> Gap<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            index: 0,
            line: 0,
            column: 0,
            newlines: 0,
            flow: 0,
            last: Last::Other,
            last_start: 0,
            before_start: 0,
        }
    }

    pub(super) fn index(&self) -> isize {
        self.index
    }

    pub(super) fn column(&self) -> isize {
        self.column
    }

    /// The byte `ahead` of the cursor; 0 behind the end.
    fn byte(&self, ahead: isize) -> u8 {
        let at = usize::try_from(self.index + ahead).unwrap_or(usize::MAX);
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    /// Takes one blank.
    fn skip(&mut self) {
        self.index += 1;
        self.column += 1;
    }

    /// Takes one line break.
    fn skip_line(&mut self) {
        let crlf = self.byte(0) == b'\r' && self.byte(1) == b'\n';
        self.index += if crlf { 2 } else { 1 };
        self.line += 1;
        self.column = 0;
        self.newlines += 1;
    }

    /// Takes the rest of the line.
    fn rest_of_line(&mut self) -> &'t str {
        let from = usize::try_from(self.index).unwrap_or(usize::MAX);
        let rest = self.text.get(from..).unwrap_or_default();
        let rest = &rest[..rest.find(['\r', '\n']).unwrap_or(rest.len())];
        self.index += isize::try_from(rest.len()).unwrap_or(isize::MAX);
        self.column += isize::try_from(rest.chars().count()).unwrap_or(isize::MAX);
        self.newlines = 0;
        rest
    }

    /// Takes blanks and breaks up to `ahead` of the cursor.
    fn skip_to(&mut self, ahead: isize) {
        let target = self.index + ahead;
        while self.index < target {
            if is_break(self.byte(0)) { self.skip_line() } else { self.skip() }
        }
    }

    /// Moves to the next token, collecting the comments before it. Returns where the search began.
    pub(super) fn advance(&mut self, indent: isize, found: &mut VecDeque<Found>) -> isize {
        let (scan, scan_line) = (self.index, self.line);
        loop {
            while is_blank(self.byte(0)) {
                self.skip();
            }
            self.turn_into_head(found);
            if self.byte(0) == b'#' {
                self.own_lines(scan, scan_line, indent, found);
            }
            if !is_break(self.byte(0)) {
                return scan;
            }
            self.skip_line();
        }
    }

    /// A comment behind `key:` whose value is a sequence becomes the head of the first entry, if it still waits.
    fn turn_into_head(&self, found: &mut VecDeque<Found>) {
        if self.last != Last::FirstBlockEntry || is_break(self.byte(0)) {
            return;
        }
        if let Some(comment) = found.back_mut()
            && !comment.line.is_empty()
        {
            comment.head = std::mem::take(&mut comment.line);
            if comment.row == self.line - 1 {
                comment.owner = self.index;
            }
        }
    }

    /// Comments on lines of their own, with the first `#` under the cursor.
    fn own_lines(
        &mut self,
        mut scan: isize,
        scan_line: isize,
        indent: isize,
        found: &mut VecDeque<Found>,
    ) {
        let mut owner =
            if self.last == Last::FlowEntry { self.before_start } else { self.last_start };
        let follows_value = self.last == Last::Value;
        let next_indent = indent.max(0);
        // A foot starts on the line below what it belongs to.
        let foot_line = if scan_line > 0 {
            let behind = isize::from(self.newlines == 0 && self.column > 1);
            self.line - self.newlines + 1 + behind
        } else {
            -1
        };
        let mut first_empty = self.newlines <= 1;
        let mut recent_empty = false;
        let (mut line, mut column) = (self.line, self.column);
        let mut block = Found::default();
        let mut text = String::new();
        let mut ahead = 0;
        while ahead < REACH {
            column += 1;
            let byte = self.byte(ahead);
            if is_blank(byte) {
                ahead += 1;
                continue;
            }
            let closes = self.flow > 0 && matches!(byte, b']' | b'}');
            let dedented = block.column - 1 < next_indent;
            if closes || is_break(byte) || byte == 0 {
                if closes || !recent_empty {
                    let below = block.row == foot_line && !follows_value;
                    if closes || first_empty && (below || dedented) {
                        if !text.is_empty() {
                            // A dedented one has nothing to do with the token before.
                            let owner_here = if dedented { block.start } else { owner };
                            let end = self.index + ahead;
                            found.push_back(Found {
                                scan,
                                owner: owner_here,
                                end,
                                foot: std::mem::take(&mut text),
                                ..block
                            });
                            scan = end;
                            owner = end;
                            block =
                                Found { column: block.column, row: block.row, ..Found::default() };
                        }
                    } else if !text.is_empty() && byte != 0 {
                        text.push('\n');
                    }
                }
                if !is_break(byte) {
                    break;
                }
                first_empty = false;
                recent_empty = true;
                column = 0;
                line += 1;
                ahead += 1;
                continue;
            }
            let moved = column - 1 < next_indent && column != block.column;
            if !text.is_empty() && moved {
                let end = self.index + ahead;
                found.push_back(Found {
                    scan,
                    owner,
                    end,
                    foot: std::mem::take(&mut text),
                    ..block
                });
                scan = end;
                owner = end;
                block = Found { column: block.column, row: block.row, ..Found::default() };
            }
            if byte != b'#' {
                break;
            }
            if text.is_empty() {
                block = Found { start: self.index + ahead, column, row: line, ..Found::default() };
            } else {
                text.push('\n');
            }
            recent_empty = false;
            self.skip_to(ahead);
            text.push_str(self.rest_of_line());
            // The break behind the comment is passed without being looked at.
            ahead = 1;
            column = 0;
            line = self.line;
        }
        if !text.is_empty() {
            let end = self.index + ahead - 1;
            found.push_back(Found { scan, owner: block.start, end, head: text, ..block });
        }
    }

    /// Moves over a token, and takes the comment behind it.
    pub(super) fn pass(
        &mut self,
        token: &Token<'_>,
        first_entry: bool,
        found: &mut VecDeque<Found>,
    ) {
        let start = signed(token.start.index);
        // go-yaml looks at the character: a plain scalar may start with the colon as well.
        let behind_last = match self.text.as_bytes().get(token.start.index) {
            Some(b':') => self.flow == 0,
            Some(b',') => self.flow > 0,
            _ => false,
        };
        let owner = if behind_last { self.last_start } else { start };
        if token.is_block_scalar() {
            let header = |byte: u8| matches!(byte, b'|' | b'>' | b'+' | b'-' | b'0'..=b'9');
            while header(self.byte(0)) {
                self.skip();
            }
            self.behind(start, found);
        }
        self.move_to_end(token);
        if stands_between_documents(&token.kind) {
            if !matches!(token.kind, TokenType::DocumentStart | TokenType::DocumentEnd) {
                self.rest_of_line();
                self.skip_line();
            }
        } else if !matches!(token.kind, TokenType::BlockEntry) && self.newlines == 0 {
            self.behind(owner, found);
        }
        self.before_start = self.last_start;
        self.last_start = start;
        self.last = match token.kind {
            TokenType::Value => Last::Value,
            TokenType::FlowEntry => Last::FlowEntry,
            TokenType::BlockEntry if first_entry => Last::FirstBlockEntry,
            _ => Last::Other,
        };
        match token.kind {
            TokenType::FlowSequenceStart | TokenType::FlowMappingStart => self.flow += 1,
            TokenType::FlowSequenceEnd | TokenType::FlowMappingEnd => {
                self.flow = self.flow.saturating_sub(1);
            }
            _ => {}
        }
    }

    /// Where go-yaml stands after the token: behind the blanks and breaks that follow a plain or a block scalar.
    fn move_to_end(&mut self, token: &Token<'_>) {
        self.index = signed(token.end.index);
        self.line = signed(token.end.line);
        self.column = signed(token.end.column);
        self.newlines = 0;
        if token.is_block_scalar() {
            let before = &self.text[token.start.index..token.end.index];
            let blank = before.trim_end_matches([' ', '\t', '\n', '\r']).len();
            let breaks = before[blank..].replace("\r\n", "\n");
            self.newlines = signed(breaks.matches(['\n', '\r']).count());
        } else if !matches!(token.kind, TokenType::Scalar(ScalarStyle::Plain, _)) {
            return;
        }
        loop {
            match self.byte(0) {
                byte if is_blank(byte) => self.skip(),
                byte if is_break(byte) => self.skip_line(),
                _ => return,
            }
        }
    }

    /// A comment on the rest of this line. In a block scalar it stands behind the header.
    fn behind(&mut self, owner: isize, found: &mut VecDeque<Found>) {
        let mut ahead = 0;
        while ahead < REACH && is_blank(self.byte(ahead)) {
            ahead += 1;
        }
        if ahead < REACH && self.byte(ahead) == b'#' {
            self.skip_to(ahead);
            let (start, column, row) = (self.index, self.column, self.line);
            let line = self.rest_of_line().to_owned();
            found.push_back(Found { owner, start, column, row, line, ..Found::default() });
        }
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn is_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

fn signed(number: usize) -> isize {
    isize::try_from(number).unwrap_or(isize::MAX)
}
