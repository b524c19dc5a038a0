//! The order in which go-yaml's scanner makes tokens: one step per real token, and the virtual ones that come with it.

use std::collections::VecDeque;

use granit_parser::TokenType;

use crate::tokens::Token;

/// One call of go-yaml's `fetch_next_token`.
#[derive(Debug, Default, Clone)]
pub(super) struct Step {
    /// The number of its real token in the stream.
    pub(super) real: usize,
    /// The numbers of the block ends before that token.
    pub(super) ends: Vec<usize>,
    /// The columns of the blocks that it opens.
    pub(super) opens: Vec<isize>,
    /// Whether one of them is a sequence.
    pub(super) opens_sequence: bool,
}

/// What is known about a token that waits.
struct Slot {
    /// The step that makes it; `usize::MAX` until that is known.
    step: usize,
    /// Where it starts, as far as comments go.
    start: isize,
}

/// An implicit key: it is only made by the step of its `:`.
struct Key {
    number: usize,
    mapping: Option<usize>,
    flow: usize,
    column: isize,
}

#[derive(Default)]
pub(super) struct Steps {
    slots: VecDeque<Slot>,
    /// Tokens taken, so the number of the first slot.
    taken: usize,
    ahead: VecDeque<Step>,
    /// Steps made known, and steps done.
    known: usize,
    done: usize,
    pending: Step,
    /// The start of a block mapping whose first key is not read yet.
    mapping: Option<usize>,
    keys: Vec<Key>,
    flow: usize,
}

impl Steps {
    pub(super) fn announce(&mut self, token: &Token<'_>) {
        let number = self.taken + self.slots.len();
        let column = signed(token.start.column);
        let mut slot = Slot { step: self.known, start: signed(token.start.index) };
        match token.kind {
            // Made before the first step.
            TokenType::StreamStart => {
                self.known = 1;
                self.done = 1;
            }
            TokenType::BlockEnd => self.pending.ends.push(number),
            TokenType::BlockSequenceStart => self.pending.opens_sequence = true,
            TokenType::BlockMappingStart => {
                slot.step = usize::MAX;
                self.mapping = Some(number);
            }
            TokenType::Key if !token.is_real() => {
                slot.step = usize::MAX;
                let mapping = self.mapping.take();
                self.keys.push(Key { number, mapping, flow: self.flow, column });
            }
            _ => {
                self.slots.push_back(slot);
                self.real(token, number, column);
                return;
            }
        }
        self.slots.push_back(slot);
    }

    fn real(&mut self, token: &Token<'_>, number: usize, column: isize) {
        if let Some(mapping) = self.mapping.take() {
            self.assign(mapping, None);
            self.pending.opens.push(column);
        }
        match token.kind {
            TokenType::BlockEntry if self.pending.opens_sequence => {
                self.assign(number - 1, Some(signed(token.start.index)));
                self.pending.opens.push(column);
            }
            TokenType::Value => {
                if let Some(key) = self.keys.pop_if(|key| key.flow == self.flow) {
                    self.assign(key.number, None);
                    if let Some(mapping) = key.mapping {
                        self.assign(mapping, None);
                        self.pending.opens.push(key.column);
                    }
                }
            }
            TokenType::FlowSequenceStart | TokenType::FlowMappingStart => self.flow += 1,
            TokenType::FlowSequenceEnd | TokenType::FlowMappingEnd => {
                self.flow = self.flow.saturating_sub(1);
            }
            _ => {}
        }
        let mut step = std::mem::take(&mut self.pending);
        step.real = number;
        self.ahead.push_back(step);
        self.known += 1;
    }

    fn assign(&mut self, number: usize, start: Option<isize>) {
        let step = self.known;
        if let Some(slot) = number.checked_sub(self.taken).and_then(|at| self.slots.get_mut(at)) {
            slot.step = step;
            slot.start = start.unwrap_or(slot.start);
        }
    }

    /// Says where a block end was placed.
    pub(super) fn place(&mut self, number: usize, start: isize) {
        if let Some(slot) = number.checked_sub(self.taken).and_then(|at| self.slots.get_mut(at)) {
            slot.start = start;
        }
    }

    pub(super) fn taken(&mut self) {
        self.slots.pop_front();
        self.taken += 1;
    }

    pub(super) fn front_start(&self) -> isize {
        self.slots.front().map_or(isize::MAX, |slot| slot.start)
    }

    /// Whether the first token is made and three are.
    pub(super) fn three_wait(&self) -> bool {
        let made = |slot: &&Slot| slot.step < self.done;
        self.slots.front().is_some_and(|slot| slot.step < self.done)
            && self.slots.iter().filter(made).take(3).count() == 3
    }

    /// The next step to be done.
    pub(super) fn next(&self) -> Option<Step> {
        self.ahead.front().cloned()
    }

    /// Where a token stands among those that wait.
    pub(super) fn offset(&self, number: usize) -> usize {
        number.wrapping_sub(self.taken)
    }

    pub(super) fn done(&mut self) {
        self.ahead.pop_front();
        self.done += 1;
    }
}

fn signed(number: usize) -> isize {
    isize::try_from(number).unwrap_or(isize::MAX)
}
