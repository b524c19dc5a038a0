//! The walk over a tree, in the order in which sops hashes: every leaf and comment, with its place
//! and whether the rules have it encrypted.

use crate::place::{Path, Step};
use crate::rules::{Rules, Scope};
use crate::tree::{Branch, Comment, Element, Item, Leaf, Node, Tree};

/// What the walk has come to.
#[derive(Clone, Copy)]
pub(crate) enum Subject<'t> {
    /// The value of a key.
    Value(&'t Leaf),
    /// An item of a list.
    Listed(&'t Leaf),
    /// A comment in a map or a list.
    Comment(&'t Comment),
}

/// What stands there afterwards.
pub(crate) enum Outcome {
    Leaf(Leaf),
    Comment(Comment),
}

/// Walks a tree and builds the tree of what `visit` answers. Nulls are left alone, as sops leaves
/// them: they are neither encrypted nor hashed.
pub(crate) fn walk<'t, E>(
    tree: &'t Tree,
    rules: &Rules,
    visit: impl FnMut(&Path<'t>, Subject<'t>, bool) -> Result<Outcome, E>,
) -> Result<Tree, E> {
    let mut walker = Walker { rules, path: Path::default(), visit };
    let mut documents = Vec::with_capacity(tree.documents.len());
    for (index, branch) in tree.documents.iter().enumerate() {
        walker.path.document = index;
        documents.push(walker.branch(branch, Scope::default())?);
    }
    Ok(Tree { documents })
}

struct Walker<'r, 't, V> {
    rules: &'r Rules,
    path: Path<'t>,
    visit: V,
}

impl<'t, E, V> Walker<'_, 't, V>
where
    V: FnMut(&Path<'t>, Subject<'t>, bool) -> Result<Outcome, E>,
{
    fn branch(&mut self, branch: &'t Branch, above: Scope) -> Result<Branch, E> {
        let mut out = Vec::with_capacity(branch.len());
        let mut scope = above;
        for item in branch {
            match item {
                Item::Comment(comment) => {
                    out.push(match self.comment(comment, &mut scope)? {
                        Outcome::Comment(comment) => Item::Comment(comment),
                        Outcome::Leaf(Leaf::Str(text)) => {
                            Item::Comment(Comment { text, inline: comment.inline })
                        }
                        Outcome::Leaf(_) => Item::Comment(comment.clone()),
                    });
                }
                Item::Entry(key, node) => {
                    self.path.steps.push(Step::Key(key));
                    let scope_below = self.rules.below(scope, key);
                    let node = match node {
                        Node::Leaf(Leaf::Null) => Node::Leaf(Leaf::Null),
                        Node::Leaf(leaf) => {
                            let encrypted = self.rules.encrypts(scope_below);
                            match (self.visit)(&self.path, Subject::Value(leaf), encrypted)? {
                                Outcome::Leaf(leaf) => Node::Leaf(leaf),
                                Outcome::Comment(comment) => Node::Leaf(Leaf::Str(comment.text)),
                            }
                        }
                        Node::Map(branch) => Node::Map(self.branch(branch, scope_below)?),
                        Node::List(list) => Node::List(self.list(list, scope_below)?),
                    };
                    self.path.steps.pop();
                    out.push(Item::Entry(key.clone(), node));
                    scope = above;
                }
            }
        }
        Ok(out)
    }

    fn list(&mut self, list: &'t [Element], above: Scope) -> Result<Vec<Element>, E> {
        let mut out = Vec::with_capacity(list.len());
        let mut scope = above;
        let mut index = 0;
        for element in list {
            let node = match element {
                Element::Comment(comment) => {
                    out.push(match self.comment(comment, &mut scope)? {
                        Outcome::Comment(comment) => Element::Comment(comment),
                        Outcome::Leaf(leaf) => Element::Node(Node::Leaf(leaf)),
                    });
                    continue;
                }
                Element::Node(node) => node,
            };
            self.path.steps.push(Step::Index(index));
            out.push(match node {
                Node::Leaf(Leaf::Null) => Element::Node(Node::Leaf(Leaf::Null)),
                Node::Leaf(leaf) => {
                    let encrypted = self.rules.encrypts(scope);
                    match (self.visit)(&self.path, Subject::Listed(leaf), encrypted)? {
                        Outcome::Leaf(leaf) => Element::Node(Node::Leaf(leaf)),
                        Outcome::Comment(comment) => Element::Comment(comment),
                    }
                }
                Node::Map(branch) => Element::Node(Node::Map(self.branch(branch, scope)?)),
                Node::List(list) => Element::Node(Node::List(self.list(list, scope)?)),
            });
            self.path.steps.pop();
            index += 1;
            scope = above;
        }
        Ok(out)
    }

    fn comment(&mut self, comment: &'t Comment, scope: &mut Scope) -> Result<Outcome, E> {
        let encrypted = self.rules.encrypts_comment(*scope, &comment.text);
        *scope = self.rules.behind(*scope, &comment.text);
        (self.visit)(&self.path, Subject::Comment(comment), encrypted)
    }
}
