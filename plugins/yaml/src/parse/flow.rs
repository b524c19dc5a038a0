//! Flow collections.

use granit_parser::TokenType;

use super::Parser;
use super::block::move_foot;
use super::keys::{KeyText, Keys};
use crate::Error;
use crate::error::syntax;
use crate::sink::{Around, Sink};
use crate::tokens::Mark;

impl<S: Sink> Parser<'_, '_, S> {
    pub(super) fn flow_sequence(&mut self, start: Mark) -> Result<S::Node, Error> {
        self.is_key(|| KeyText::Sequence);
        let head = self.pending.settle().head;
        self.take()?;
        let mut items = Vec::new();
        while self.more(items.is_empty(), &TokenType::FlowSequenceEnd)? {
            let item = if matches!(self.peek()?.kind, TokenType::Key) {
                let start = self.peek()?.start;
                self.nodes += 1;
                self.nested(start, Self::pair)?
            } else {
                self.node(false, false)?
            };
            items.push(item);
        }
        let end = self.pending.settle();
        self.take()?;
        Ok(self.sink.sequence(start.position(), items, Around { head, ..end }))
    }

    /// Whether another entry follows; takes the comma between two.
    fn more(&mut self, first: bool, end: &TokenType<'static>) -> Result<bool, Error> {
        if same(&self.peek()?.kind, end) {
            return Ok(false);
        }
        if first {
            return Ok(true);
        }
        if !matches!(self.peek()?.kind, TokenType::FlowEntry) {
            return Err(syntax(self.peek()?.start.position(), "a ',' or the end is expected here"));
        }
        self.take()?;
        Ok(!same(&self.peek()?.kind, end))
    }

    /// A map of one entry, written without braces inside a flow sequence.
    fn pair(&mut self, start: Mark) -> Result<S::Node, Error> {
        let mark = self.take()?.end;
        let outer = self.key.replace(KeyText::Unknown);
        let mut key = match self.peek()?.kind {
            TokenType::Value | TokenType::FlowEntry | TokenType::FlowSequenceEnd => {
                self.empty(mark)?
            }
            _ => self.node(false, false)?,
        };
        self.key = outer;
        let mut value = self.flow_value(&TokenType::FlowSequenceEnd)?;
        move_foot::<S>(&mut value, &mut key, false);
        self.sink.mapping(start.position(), vec![(key, value)], Around::default())
    }

    pub(super) fn flow_mapping(&mut self, start: Mark) -> Result<S::Node, Error> {
        self.is_key(|| KeyText::Mapping);
        let head = self.pending.settle().head;
        self.take()?;
        let mut entries = Vec::new();
        let mut keys = Keys::default();
        while self.more(entries.is_empty(), &TokenType::FlowMappingEnd)? {
            let outer = self.key.replace(KeyText::Unknown);
            let mark = self.peek()?.start;
            let paired = matches!(self.peek()?.kind, TokenType::Key);
            let mut key = if paired { self.flow_key()? } else { self.node(false, false)? };
            keys.add(std::mem::replace(&mut self.key, outer), mark)?;
            let mut value = if paired {
                self.flow_value(&TokenType::FlowMappingEnd)?
            } else {
                let mark = self.peek()?.start;
                self.empty(mark)?
            };
            move_foot::<S>(&mut value, &mut key, false);
            entries.push((key, value));
        }
        let end = self.pending.settle();
        self.take()?;
        self.sink.mapping(start.position(), entries, Around { head, ..end })
    }

    fn flow_key(&mut self) -> Result<S::Node, Error> {
        self.take()?;
        let token = self.peek()?;
        let start = token.start;
        match token.kind {
            TokenType::Value | TokenType::FlowEntry | TokenType::FlowMappingEnd => {
                self.empty(start)
            }
            _ => self.node(false, false),
        }
    }

    fn flow_value(&mut self, end: &TokenType<'static>) -> Result<S::Node, Error> {
        if matches!(self.peek()?.kind, TokenType::Value) {
            self.take()?;
            let kind = &self.peek()?.kind;
            if !matches!(kind, TokenType::FlowEntry) && !same(kind, end) {
                return self.node(false, false);
            }
        }
        let mark = self.peek()?.start;
        self.empty(mark)
    }
}

/// Whether both are the same bracket.
fn same(kind: &TokenType<'_>, other: &TokenType<'static>) -> bool {
    matches!(
        (kind, other),
        (TokenType::FlowSequenceEnd, TokenType::FlowSequenceEnd)
            | (TokenType::FlowMappingEnd, TokenType::FlowMappingEnd)
    )
}
