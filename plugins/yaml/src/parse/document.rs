//! Documents of a stream.

use granit_parser::TokenType;

use super::Parser;
use crate::error::syntax;
use crate::sink::{Around, Sink};
use crate::{Error, Problem};

/// A document: its root and the comments around it.
pub(crate) struct Parsed<N> {
    pub(crate) root: N,
    pub(crate) around: Around,
}

impl<S: Sink> Parser<'_, '_, S> {
    pub(super) fn stream(&mut self) -> Result<Vec<Parsed<S::Node>>, Error> {
        self.take()?;
        let mut documents = Vec::new();
        while let Some(document) = self.document(documents.is_empty())? {
            documents.push(document);
        }
        Ok(documents)
    }

    fn document(&mut self, first: bool) -> Result<Option<Parsed<S::Node>>, Error> {
        self.anchors.clear();
        self.tags.clear();
        self.peek()?;
        while !first && matches!(self.peek()?.kind, TokenType::DocumentEnd) {
            self.take()?;
        }
        match self.peek()?.kind {
            TokenType::StreamEnd => Ok(None),
            TokenType::VersionDirective(..)
            | TokenType::TagDirective(..)
            | TokenType::ReservedDirective(..)
            | TokenType::DocumentStart => self.explicit().map(Some),
            _ if first => self.implicit().map(Some),
            _ => Err(syntax(self.peek()?.start.position(), "a document starts with ---")),
        }
    }

    fn implicit(&mut self) -> Result<Parsed<S::Node>, Error> {
        let head = self.pending.split_document_head();
        let root = self.node(true, false)?;
        self.end(root, head)
    }

    fn explicit(&mut self) -> Result<Parsed<S::Node>, Error> {
        self.directives()?;
        self.take()?;
        let root = match self.peek()?.kind {
            TokenType::VersionDirective(..)
            | TokenType::TagDirective(..)
            | TokenType::ReservedDirective(..)
            | TokenType::DocumentStart
            | TokenType::DocumentEnd
            | TokenType::StreamEnd => {
                let mark = self.peek()?.start;
                self.empty(mark)?
            }
            _ => self.node(true, false)?,
        };
        self.end(root, String::new())
    }

    fn end(&mut self, root: S::Node, head: String) -> Result<Parsed<S::Node>, Error> {
        if matches!(self.peek()?.kind, TokenType::DocumentEnd) {
            self.take()?;
        }
        let mut around = self.pending.settle();
        if around.foot.is_empty() {
            around.foot = around.head;
        }
        Ok(Parsed { root, around: Around { head, line: String::new(), foot: around.foot } })
    }

    /// Up to and without the `---`.
    fn directives(&mut self) -> Result<(), Error> {
        let mut versions = 0;
        loop {
            let position = self.peek()?.start.position();
            match self.peek()?.kind {
                TokenType::DocumentStart => return Ok(()),
                TokenType::VersionDirective(1, 1) if versions == 0 => versions += 1,
                TokenType::VersionDirective(..) => {
                    let problem = Problem::Ambiguous("a %YAML directive other than one 1.1");
                    return Err(Error::at(position, problem));
                }
                TokenType::TagDirective(..) => {}
                TokenType::ReservedDirective(..) => {
                    return Err(syntax(position, "an unknown directive"));
                }
                _ => return Err(syntax(position, "directives end with ---")),
            }
            if let TokenType::TagDirective(handle, prefix) = self.take()?.kind {
                self.tags.declare(handle, prefix, position)?;
            }
        }
    }
}
