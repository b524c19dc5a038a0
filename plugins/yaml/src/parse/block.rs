//! Block collections.

use granit_parser::TokenType;

use super::Parser;
use super::keys::{KeyText, Keys};
use crate::Error;
use crate::error::syntax;
use crate::sink::{Around, Sink, lines};
use crate::tokens::Mark;

impl<S: Sink> Parser<'_, '_, S> {
    pub(super) fn block_sequence(&mut self, start: Mark) -> Result<S::Node, Error> {
        self.is_key(|| KeyText::Sequence);
        let head = self.pending.stem();
        self.take()?;
        let mut items = Vec::new();
        loop {
            match self.peek()?.kind {
                TokenType::BlockEntry => {}
                TokenType::BlockEnd => break,
                _ => return Err(syntax(self.peek()?.start.position(), "a '-' is expected here")),
            }
            let mark = self.entry()?;
            let item = match self.peek()?.kind {
                TokenType::BlockEntry | TokenType::BlockEnd => self.empty(mark)?,
                _ => self.node(true, false)?,
            };
            items.push(item);
        }
        self.take()?;
        // The end of a block sequence takes no comments.
        Ok(self.sink.sequence(start.position(), items, Around { head, ..Around::default() }))
    }

    /// A list below a key, its dashes in the column of the key.
    pub(super) fn indentless_sequence(&mut self, start: Mark) -> Result<S::Node, Error> {
        self.is_key(|| KeyText::Sequence);
        let mut items = Vec::new();
        while matches!(self.peek()?.kind, TokenType::BlockEntry) {
            let mark = self.entry()?;
            let item = match self.peek()?.kind {
                TokenType::BlockEntry | TokenType::Key | TokenType::Value | TokenType::BlockEnd => {
                    self.empty(mark)?
                }
                _ => self.node(true, false)?,
            };
            items.push(item);
        }
        Ok(self.sink.sequence(start.position(), items, Around::default()))
    }

    /// Takes the dash, and sets its head comment aside if a block collection follows.
    fn entry(&mut self) -> Result<Mark, Error> {
        let head = self.pending.head_length();
        let mark = self.take()?.end;
        if head > 0
            && matches!(
                self.peek()?.kind,
                TokenType::BlockSequenceStart | TokenType::BlockMappingStart
            )
        {
            self.pending.split_stem(head);
        }
        Ok(mark)
    }

    pub(super) fn block_mapping(&mut self, start: Mark) -> Result<S::Node, Error> {
        self.is_key(|| KeyText::Mapping);
        let head = self.pending.stem();
        self.take()?;
        let mut entries: Vec<(S::Node, S::Node)> = Vec::new();
        let mut keys = Keys::default();
        loop {
            match self.peek()?.kind {
                TokenType::Key => {}
                TokenType::BlockEnd => break,
                _ => return Err(syntax(self.peek()?.start.position(), "a key is expected here")),
            }
            let mark = self.take()?.end;
            let outer = self.key.replace(KeyText::Unknown);
            let mut key = match self.peek()?.kind {
                TokenType::Key | TokenType::Value | TokenType::BlockEnd => self.empty(mark)?,
                _ => self.node(true, true)?,
            };
            keys.add(std::mem::replace(&mut self.key, outer), mark)?;
            if let Some((before, _)) = entries.last_mut() {
                move_foot::<S>(&mut key, before, true);
            }
            let mut value = self.block_value()?;
            move_foot::<S>(&mut value, &mut key, false);
            entries.push((key, value));
        }
        let mut end = self.pending.settle();
        self.take()?;
        if !end.foot.is_empty()
            && let Some(foot) = entries.last_mut().and_then(|(key, _)| S::foot(key))
        {
            *foot = lines(&std::mem::take(&mut end.foot));
        }
        self.sink.mapping(start.position(), entries, Around { head, ..end })
    }

    fn block_value(&mut self) -> Result<S::Node, Error> {
        let token = self.peek()?;
        let start = token.start;
        if !matches!(token.kind, TokenType::Value) {
            return self.empty(start);
        }
        let mark = self.take()?.end;
        match self.peek()?.kind {
            TokenType::Key | TokenType::Value | TokenType::BlockEnd => self.empty(mark),
            _ => self.node(true, true),
        }
    }
}

/// Moves the foot of one node to another: over what that one has, or only if it has none.
pub(super) fn move_foot<S: Sink>(from: &mut S::Node, to: &mut S::Node, over: bool) {
    if let (Some(from), Some(to)) = (S::foot(from), S::foot(to))
        && !from.is_empty()
        && (over || to.is_empty())
    {
        *to = std::mem::take(from);
    }
}
