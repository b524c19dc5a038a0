//! The grammar: Go expressions of calls, `!`, `&&`, `||` and brackets, read into a tree without inner negations, as
//! Traefik does (`invert` of `pkg/rules/parser.go`). The depth of recursion is that of the brackets.

use super::error::{END, Problem, RuleError, VALUE};
use super::matcher::Matcher;
use super::pattern::Compiled;
use super::scan::{Scanner, Token};
use super::tree::{Leaf, Tree};
use super::{Protocol, Syntax};

/// The longest rule, in bytes. Traefik has no limit; a rule of a thousand hosts has 30,000.
pub(super) const LONGEST: usize = 64 * 1024;
/// How deep brackets may stand in each other.
pub(super) const DEEPEST: usize = 200;

pub(super) fn parse(text: &str, protocol: Protocol, syntax: Syntax) -> Result<Tree, RuleError> {
    if text.len() > LONGEST {
        let problem = Problem::Limit { what: "bytes", limit: LONGEST };
        return Err(RuleError::at(text, 0, problem));
    }
    let mut scanner = Scanner::new(text);
    let (at, token) = scanner.next()?;
    let mut parser = Parser { text, scanner, at, token, protocol, syntax, depth: 0 };
    if parser.token == Token::End {
        return Err(parser.refuse(Problem::Empty));
    }
    let tree = parser.any(false)?;
    if parser.token == Token::LineEnd {
        parser.advance()?;
        if parser.token != Token::End {
            return Err(RuleError::at(text, parser.at, Problem::LineBreak));
        }
    }
    match parser.token {
        Token::End => Ok(tree),
        _ => Err(parser.unexpected(END)),
    }
}

struct Parser<'t> {
    text: &'t str,
    scanner: Scanner<'t>,
    at: usize,
    token: Token<'t>,
    protocol: Protocol,
    syntax: Syntax,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn advance(&mut self) -> Result<Token<'t>, RuleError> {
        let (at, token) = self.scanner.next()?;
        self.at = at;
        Ok(std::mem::replace(&mut self.token, token))
    }

    fn any(&mut self, negated: bool) -> Result<Tree, RuleError> {
        let mut terms = vec![self.all(negated)?];
        while self.token == Token::Or {
            self.advance()?;
            terms.push(self.all(negated)?);
        }
        // The negation of "any" is "all of the negations".
        Ok(if negated { Tree::all(terms) } else { Tree::any(terms) })
    }

    fn all(&mut self, negated: bool) -> Result<Tree, RuleError> {
        let mut terms = vec![self.term(negated)?];
        while self.token == Token::And {
            self.advance()?;
            terms.push(self.term(negated)?);
        }
        Ok(if negated { Tree::any(terms) } else { Tree::all(terms) })
    }

    fn term(&mut self, mut negated: bool) -> Result<Tree, RuleError> {
        while self.token == Token::Not {
            self.advance()?;
            negated = !negated;
        }
        match self.token {
            Token::Open => {
                self.depth += 1;
                if self.depth > DEEPEST {
                    let problem = Problem::Limit { what: "brackets in each other", limit: DEEPEST };
                    return Err(self.refuse(problem));
                }
                self.advance()?;
                let tree = self.any(negated)?;
                if self.token == Token::LineEnd {
                    return Err(self.refuse(Problem::LineBreak));
                }
                if self.token != Token::Close {
                    return Err(self.unexpected("`&&`, `||` or `)`"));
                }
                self.depth -= 1;
                self.advance()?;
                Ok(tree)
            }
            Token::Name(name) => self.leaf(name, negated),
            _ => Err(self.unexpected("a matcher, as in Host(`a.example`)")),
        }
    }

    fn leaf(&mut self, name: &str, negated: bool) -> Result<Tree, RuleError> {
        let start = self.at;
        if is_word(name) {
            return Err(self.refuse(Problem::Operator(name.to_owned())));
        }
        let matcher = Matcher::find(name, self.protocol, self.syntax)
            .map_err(|problem| self.refuse(problem))?;
        self.advance()?;
        if self.token != Token::Open {
            return Err(self.unexpected("`(` with the values of the matcher"));
        }
        self.advance()?;
        let values = self.values()?;
        matcher
            .check(&values, self.syntax)
            .map_err(|problem| RuleError::at(self.text, start, problem))?;
        let compiled = Compiled::default();
        Ok(Tree::Leaf(Leaf { matcher, negated, values, offset: start, compiled }))
    }

    fn values(&mut self) -> Result<Vec<String>, RuleError> {
        let mut values = Vec::new();
        let mut last = false;
        while self.token != Token::Close {
            if last || !matches!(self.token, Token::Text(_)) {
                return Err(self.unexpected(VALUE));
            }
            if let Token::Text(value) = self.advance()? {
                values.push(value);
            }
            // Go spreads a last argument, and Traefik does not mind.
            if self.token == Token::Ellipsis {
                self.advance()?;
                last = true;
            }
            match self.token {
                Token::Comma => {
                    self.advance()?;
                }
                Token::Close => {}
                Token::LineEnd => return Err(self.refuse(Problem::LineBreakInValues)),
                _ => return Err(self.unexpected("`,` or `)`")),
            }
        }
        self.advance()?;
        Ok(values)
    }

    fn refuse(&self, problem: Problem) -> RuleError {
        RuleError::at(self.text, self.at, problem)
    }

    fn unexpected(&self, expected: &'static str) -> RuleError {
        let problem = match &self.token {
            Token::Other(text) if !text.starts_with(|c: char| c.is_ascii_digit()) => {
                Problem::Operator((*text).to_owned())
            }
            Token::Name(name) if is_word(name) => Problem::Operator((*name).to_owned()),
            token => Problem::Unexpected { expected, found: token.describe() },
        };
        self.refuse(problem)
    }
}

/// Words that others write for an operator.
fn is_word(name: &str) -> bool {
    ["and", "or", "not"].iter().any(|word| name.eq_ignore_ascii_case(word))
}
