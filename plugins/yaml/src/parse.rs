//! The grammar: tokens in, nodes of a sink out. It follows go-yaml v3's `parserc.go` and `decode.go` (v3.0.4), which
//! decide where a comment goes by the order in which they look at tokens.

mod anchors;
mod block;
mod check;
mod document;
mod flow;
mod keys;
mod state;
mod tags;

use std::borrow::Cow;

use granit_parser::{ScalarStyle, TokenType};

pub(crate) use document::Parsed;

use crate::error::syntax;
use crate::scalar::Notation;
use crate::sink::{Around, Leaf, Sink};
use crate::tokens::{Mark, Token, Tokens};
use crate::{Error, Limits, Problem};
use anchors::Anchors;
use keys::KeyText;
use state::Pending;
use tags::Tags;

/// Whether the text has no characters that are refused.
pub(crate) fn is_readable(text: &str) -> bool {
    check::characters(text).is_ok()
}

/// Reads a text into the nodes of `sink`.
pub(crate) fn parse<S: Sink>(
    text: &str,
    sink: S,
    limits: &Limits,
) -> Result<Vec<Parsed<S::Node>>, Error> {
    check::characters(text)?;
    let mut parser = Parser {
        tokens: Tokens::new(text, S::COMMENTS, limits),
        sink,
        text,
        limits,
        pending: Pending::default(),
        anchors: Anchors::default(),
        tags: Tags::default(),
        depth: 0,
        nodes: 0,
        aliased: 0,
        key: None,
    };
    parser.stream()
}

/// A parser over one text.
struct Parser<'t, 'l, S: Sink> {
    tokens: Tokens<'t>,
    sink: S,
    text: &'t str,
    limits: &'l Limits,
    /// Comments that wait for a node.
    pending: Pending,
    anchors: Anchors<S::Node>,
    tags: Tags<'t>,
    depth: usize,
    nodes: usize,
    aliased: usize,
    /// What the key says that is being read, to tell it from the others of its map.
    key: Option<KeyText<'t>>,
}

/// Tag and anchor in front of a node.
#[derive(Default)]
struct Properties<'t> {
    tag: Option<Cow<'t, str>>,
    anchor: Option<Cow<'t, str>>,
    start: Option<Mark>,
}

impl<'t, S: Sink> Parser<'t, '_, S> {
    fn peek(&mut self) -> Result<&Token<'t>, Error> {
        let pending = &mut self.pending;
        self.tokens.peek(&mut |found| pending.add(&found))
    }

    fn take(&mut self) -> Result<Token<'t>, Error> {
        self.peek()?;
        self.tokens
            .take()
            .ok_or(Error { position: None, problem: Problem::Syntax("unexpected end".to_owned()) })
    }

    /// A node. `block` allows block collections, `indentless` a list that is not indented below its key.
    fn node(&mut self, block: bool, indentless: bool) -> Result<S::Node, Error> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            return Err(self.beyond("nodes", self.limits.nodes));
        }
        if let TokenType::Alias(_) = self.peek()?.kind {
            return self.alias();
        }
        let properties = self.properties()?;
        let token = self.peek()?;
        let start = properties.start.unwrap_or(token.start);
        let opened = properties.anchor.as_deref().map(|name| self.anchors.open(name));
        let before = self.nodes;
        let node = self.content(&properties, start, block, indentless)?;
        if let (Some(id), Some(name)) = (opened, &properties.anchor) {
            let size = self.nodes - before + 1;
            self.count_aliased(size)?;
            self.anchors.close(name, id, node.clone(), size);
        }
        Ok(node)
    }

    fn content(
        &mut self,
        properties: &Properties<'t>,
        start: Mark,
        block: bool,
        indentless: bool,
    ) -> Result<S::Node, Error> {
        match self.peek()?.kind {
            TokenType::BlockEntry if indentless => self.nested(start, Self::indentless_sequence),
            TokenType::Scalar(..) => self.scalar(properties, start),
            TokenType::FlowSequenceStart => self.nested(start, Self::flow_sequence),
            TokenType::FlowMappingStart => self.nested(start, Self::flow_mapping),
            TokenType::BlockSequenceStart if block => self.nested(start, Self::block_sequence),
            TokenType::BlockMappingStart if block => self.nested(start, Self::block_mapping),
            _ if properties.start.is_some() => self.empty_tagged(properties, start),
            _ => {
                let position = self.peek()?.start.position();
                Err(syntax(position, "a value is expected here"))
            }
        }
    }

    fn nested(
        &mut self,
        start: Mark,
        collection: fn(&mut Self, Mark) -> Result<S::Node, Error>,
    ) -> Result<S::Node, Error> {
        self.depth += 1;
        if self.depth > self.limits.depth {
            let problem = Problem::Limit { what: "nested collections", limit: self.limits.depth };
            return Err(Error::at(start.position(), problem));
        }
        let node = collection(self, start);
        self.depth -= 1;
        node
    }

    fn scalar(&mut self, properties: &Properties<'t>, start: Mark) -> Result<S::Node, Error> {
        let around = self.pending.settle();
        let token = self.take()?;
        let TokenType::Scalar(style, text) = token.kind else {
            return Err(syntax(start.position(), "a scalar is expected here"));
        };
        if style == ScalarStyle::DoubleQuoted {
            check::escapes(&self.text[token.start.index..token.end.index], start)?;
        }
        let notation = match style {
            ScalarStyle::Plain => Notation::Plain,
            _ => Notation::Quoted,
        };
        let key = self.is_key(|| KeyText::Scalar(text.clone()));
        let leaf =
            Leaf { position: start.position(), tag: properties.tag.clone(), notation, text, key };
        self.sink.scalar(leaf, around)
    }

    /// Only a tag or an anchor stands here. Comments stay for the next node.
    fn empty_tagged(&mut self, properties: &Properties<'t>, start: Mark) -> Result<S::Node, Error> {
        let key = self.is_key(|| KeyText::Scalar("".into()));
        let leaf = Leaf {
            position: start.position(),
            tag: properties.tag.clone(),
            notation: Notation::Plain,
            text: "".into(),
            key,
        };
        self.sink.scalar(leaf, Around::default())
    }

    /// Nothing stands here.
    fn empty(&mut self, mark: Mark) -> Result<S::Node, Error> {
        self.nodes += 1;
        self.empty_tagged(&Properties::default(), mark)
    }

    /// Whether a key is being read; if so, notes what tells it from others.
    fn is_key(&mut self, text: impl FnOnce() -> KeyText<'t>) -> bool {
        match &mut self.key {
            Some(unknown @ KeyText::Unknown) => {
                *unknown = text();
                true
            }
            _ => false,
        }
    }

    fn alias(&mut self) -> Result<S::Node, Error> {
        let around = self.pending.settle();
        let token = self.take()?;
        let position = token.start.position();
        let TokenType::Alias(name) = token.kind else {
            return Err(syntax(position, "an alias is expected here"));
        };
        let (anchored, size) = self.anchors.get(&name).ok_or_else(|| {
            syntax(position, "an alias without an anchor before it, or one inside its own anchor")
        })?;
        let anchored = anchored.clone();
        self.count_aliased(size)?;
        self.nodes += size;
        self.is_key(|| KeyText::Alias(name));
        Ok(self.sink.alias(position, anchored, around))
    }

    fn count_aliased(&mut self, size: usize) -> Result<(), Error> {
        self.aliased += size;
        if self.aliased + self.sink.merged() > self.limits.aliased {
            return Err(self.beyond("nodes made by aliases", self.limits.aliased));
        }
        Ok(())
    }

    fn beyond(&mut self, what: &'static str, limit: usize) -> Error {
        let position = self.peek().ok().map(|token| token.start.position());
        Error { position, problem: Problem::Limit { what, limit } }
    }

    fn properties(&mut self) -> Result<Properties<'t>, Error> {
        let mut properties = Properties::default();
        loop {
            match self.peek()?.kind {
                TokenType::Anchor(_) if properties.anchor.is_none() => {}
                TokenType::Tag(..) if properties.tag.is_none() => {}
                _ => break,
            }
            let token = self.take()?;
            properties.start.get_or_insert(token.start);
            match token.kind {
                TokenType::Anchor(name) => properties.anchor = Some(name),
                TokenType::Tag(handle, suffix) => {
                    let position = token.start.position();
                    properties.tag = Some(self.tags.resolve(&handle, suffix, position)?);
                }
                _ => {}
            }
        }
        // The non-specific tag says nothing to go-yaml.
        if properties.tag.as_deref() == Some("!") {
            properties.tag = None;
        }
        Ok(properties)
    }
}
