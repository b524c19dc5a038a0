//! Tokens with the place where each really starts.

use std::collections::VecDeque;

use granit_parser::{ScalarStyle, Scanner, StrInput, TokenType};

use crate::comments::{Finder, Found};
use crate::error::syntax;
use crate::{Error, Limits, Position, Problem};

/// A place in the text: the byte, the line from 0, the character in the line from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Mark {
    pub(crate) index: usize,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Mark {
    pub(crate) fn position(self) -> Position {
        let count = |number: usize| u32::try_from(number + 1).unwrap_or(u32::MAX);
        Position { line: count(self.line), column: count(self.column) }
    }

    fn of(marker: granit_parser::Marker) -> Self {
        Self {
            index: marker.byte_offset().unwrap_or_default(),
            line: marker.line().saturating_sub(1),
            column: marker.col(),
        }
    }
}

/// A token of the text, or one that the scanner adds (`virtual`): the start and end of a block, an implicit key.
#[derive(Debug)]
pub(crate) struct Token<'t> {
    pub(crate) kind: TokenType<'t>,
    pub(crate) start: Mark,
    pub(crate) end: Mark,
}

impl Token<'_> {
    /// Whether characters of the text stand for it.
    pub(crate) fn is_real(&self) -> bool {
        match self.kind {
            TokenType::BlockSequenceStart
            | TokenType::BlockMappingStart
            | TokenType::BlockEnd
            | TokenType::StreamStart => false,
            TokenType::Key => self.end.index > self.start.index,
            _ => true,
        }
    }

    pub(crate) fn is_block_scalar(&self) -> bool {
        matches!(self.kind, TokenType::Scalar(ScalarStyle::Literal | ScalarStyle::Folded, _))
    }
}

/// The tokens of a text, and the comments between them when there are any.
pub(crate) struct Tokens<'t> {
    scanner: Scanner<'t, StrInput<'t>>,
    text: &'t str,
    /// Read and not yet taken.
    queue: VecDeque<Token<'t>>,
    /// Where the last real token ended.
    last_end: Mark,
    /// Whether that was a plain scalar.
    after_plain: bool,
    /// How many brackets are open.
    flow: usize,
    /// Only for a sink that wants comments, over a text that may hold some.
    finder: Option<Finder<'t>>,
}

impl<'t> Tokens<'t> {
    pub(crate) fn new(text: &'t str, comments: bool, limits: &Limits) -> Self {
        let mut options = granit_parser::options! {
            // The parser above counts both kinds together.
            flow_nesting_limit: limits.depth + 1,
            block_nesting_limit: limits.depth + 1,
        };
        options.set_emit_comments(false);
        Self {
            scanner: Scanner::with_options(StrInput::new(text), options),
            text,
            queue: VecDeque::new(),
            last_end: Mark::default(),
            after_plain: false,
            flow: 0,
            finder: (comments && text.contains('#')).then(|| Finder::new(text)),
        }
    }

    /// The token that comes next. Comments that go-yaml has scanned by then, and that stand at or before the token,
    /// are handed to `hang`.
    pub(crate) fn peek(&mut self, hang: &mut impl FnMut(Found)) -> Result<&Token<'t>, Error> {
        if self.finder.is_some() {
            self.look_ahead()?;
        } else if self.queue.is_empty() {
            self.read()?;
        }
        let Some(token) = self.queue.front() else {
            return Err(syntax(self.last_end.position(), "unexpected end"));
        };
        if let Some(finder) = &mut self.finder {
            finder.hand_over(token, hang);
        }
        Ok(token)
    }

    /// Takes the token that was peeked at.
    pub(crate) fn take(&mut self) -> Option<Token<'t>> {
        if let Some(finder) = &mut self.finder {
            finder.taken();
        }
        self.queue.pop_front()
    }

    /// Scans comments as far ahead as go-yaml would: until three tokens wait.
    fn look_ahead(&mut self) -> Result<(), Error> {
        loop {
            let Some(finder) = &mut self.finder else { return Ok(()) };
            if finder.is_far_enough() {
                return Ok(());
            }
            if !finder.advance(&self.queue) && !self.read()? {
                return Ok(());
            }
        }
    }

    /// Reads one more token into the queue; false at the end of the stream.
    fn read(&mut self) -> Result<bool, Error> {
        let (span, kind) = match self.scanner.next() {
            None => return Ok(false),
            Some(Ok(token)) => token.into_parts(),
            Some(Err(error)) => return Err(crate::error::scan(&error)),
        };
        let mut token = Token { kind, start: Mark::of(span.start), end: Mark::of(span.end) };
        match token.kind {
            // The scanner places these two where their content starts.
            TokenType::BlockEntry => {
                token.start = self.next_visible();
                token.end = token.start;
                token.end.index += 1;
                token.end.column += 1;
                // A block sequence starts with its first dash.
                if let Some(before) = self.queue.back_mut()
                    && matches!(before.kind, TokenType::BlockSequenceStart)
                {
                    before.start = token.start;
                    before.end = token.start;
                }
            }
            TokenType::Value => {
                token.end.index = token.start.index + 1;
                token.end.column = token.start.column + 1;
                self.refuse_glued(&token)?;
            }
            // Around a pair in a flow sequence; go-yaml has no token for that.
            TokenType::FlowMappingStart | TokenType::FlowMappingEnd if span.is_empty() => {
                return self.read();
            }
            TokenType::FlowSequenceStart | TokenType::FlowMappingStart => self.flow += 1,
            TokenType::FlowSequenceEnd | TokenType::FlowMappingEnd => {
                self.flow = self.flow.saturating_sub(1);
            }
            TokenType::Scalar(ScalarStyle::Plain, _) if self.flow > 0 => {
                self.refuse_question(&token)?;
            }
            TokenType::Tag(..) => self.refuse_glued_tag(&token)?,
            _ if token.is_block_scalar() => {
                token.start = self.next_visible();
                if token.end.index >= self.text.len() {
                    self.drop_added_break(&mut token)?;
                }
            }
            // go-yaml ends the last line before it ends the stream.
            TokenType::StreamEnd | TokenType::BlockEnd
                if token.start.index == self.text.len() && token.start.column > 0 =>
            {
                token.start.line += 1;
                token.start.column = 0;
            }
            _ => {}
        }
        if token.is_real() {
            self.last_end = token.end;
            self.after_plain = matches!(token.kind, TokenType::Scalar(ScalarStyle::Plain, _));
        }
        let incomplete = matches!(token.kind, TokenType::BlockSequenceStart);
        if let Some(finder) = &mut self.finder {
            finder.announce(&token);
        }
        self.queue.push_back(token);
        if incomplete { self.read() } else { Ok(true) }
    }

    /// Inside brackets `a:,` and `a:]` are a key to YAML 1.2, and the text `a:` to go-yaml.
    fn refuse_glued(&self, token: &Token<'_>) -> Result<(), Error> {
        let glued = self.after_plain && self.last_end.index == token.start.index;
        match self.text.as_bytes().get(token.end.index) {
            Some(b',' | b'[' | b']' | b'{' | b'}') if glued => {
                let problem =
                    Problem::Ambiguous("a ':' between a plain key and a bracket or comma");
                Err(Error::at(token.start.position(), problem))
            }
            _ => Ok(()),
        }
    }

    /// Inside brackets go-yaml takes every `?` at the start of a text, or with a blank behind it, for a key indicator.
    fn refuse_question(&self, token: &Token<'_>) -> Result<(), Error> {
        let text = &self.text[token.start.index..token.end.index];
        let behind = self.text.as_bytes().get(token.end.index).copied().unwrap_or(b'\n');
        let bytes = text.bytes().chain([behind]);
        let ends = bytes
            .clone()
            .skip(1)
            .zip(bytes)
            .any(|(next, byte)| byte == b'?' && matches!(next, b' ' | b'\t' | b'\n' | b'\r'));
        if ends || text.starts_with('?') {
            let problem = Problem::Ambiguous("a '?' in a plain text between brackets");
            return Err(Error::at(token.start.position(), problem));
        }
        Ok(())
    }

    /// go-yaml takes commas and brackets behind a tag as part of it.
    fn refuse_glued_tag(&self, token: &Token<'_>) -> Result<(), Error> {
        match self.text.as_bytes().get(token.end.index) {
            None | Some(b' ' | b'\t' | b'\n' | b'\r') => Ok(()),
            Some(_) => {
                let problem = Problem::Ambiguous("a tag without a blank behind it");
                Err(Error::at(token.start.position(), problem))
            }
        }
    }

    /// The scanner ends the last line of the text with a break of its own; go-yaml does not.
    fn drop_added_break(&self, token: &mut Token<'t>) -> Result<(), Error> {
        let last_line = self.text.rsplit(['\n', '\r']).next().unwrap_or_default();
        let TokenType::Scalar(_, value) = &mut token.kind else { return Ok(()) };
        let Some(content) = value.strip_suffix('\n') else { return Ok(()) };
        let last_content = content.rsplit('\n').next().unwrap_or_default();
        if !last_line.trim().is_empty() {
            value.to_mut().pop();
        } else if !last_line.is_empty()
            && !last_content.is_empty()
            && last_content.trim().is_empty()
        {
            let problem =
                Problem::Ambiguous("a block scalar that ends in blanks and in no line break");
            return Err(Error::at(token.start.position(), problem));
        }
        Ok(())
    }

    /// The next character behind the last token that is neither blank, break nor comment.
    fn next_visible(&self) -> Mark {
        let bytes = self.text.as_bytes();
        let mut mark = self.last_end;
        while let Some(&byte) = bytes.get(mark.index) {
            match byte {
                b' ' | b'\t' => mark.column += 1,
                b'\r' if bytes.get(mark.index + 1) == Some(&b'\n') => {}
                b'\n' | b'\r' => {
                    mark.line += 1;
                    mark.column = 0;
                }
                b'#' => {
                    let comment = &bytes[mark.index..];
                    let length = comment.iter().take_while(|byte| !matches!(byte, b'\n' | b'\r'));
                    mark.index += length.count();
                    continue;
                }
                _ => break,
            }
            mark.index += 1;
        }
        mark
    }
}
