//! In which styles a text may be written (go-yaml v3.0.4, `emitterc.go`, `yaml_emitter_analyze_scalar`).

use super::Style;
use super::leaf::{Leaf, Quotes};

/// What a text allows.
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub(super) struct Analysis {
    pub(super) multiline: bool,
    plain: bool,
    single: bool,
    literal: bool,
}

impl Analysis {
    pub(super) fn of(text: &str, style: Style) -> Self {
        if text.is_empty() {
            return Self { multiline: false, plain: true, single: true, literal: false };
        }
        if is_tame(text) {
            return Self { multiline: false, plain: true, single: true, literal: true };
        }
        let indicators = has_indicators(text);
        let mut seen = Spaces::default();
        for character in text.chars() {
            seen.add(character, style);
        }
        let first = text.chars().next();
        let last = text.chars().next_back();
        let edge = |end: Option<char>| end.is_some_and(|end| end == ' ' || is_break(end));
        let trailing_space = last == Some(' ');
        let special = seen.space_break || seen.special;
        Self {
            multiline: seen.breaks,
            plain: !(edge(first)
                || edge(last)
                || seen.break_space
                || special
                || seen.tabs
                || seen.breaks
                || indicators),
            single: !(seen.break_space || special || seen.tabs),
            literal: !(trailing_space || special),
        }
    }

    /// Whether a text fits, as a key, on one line with its value: one line of at most 128 bytes.
    pub(super) fn is_simple_key(&self, leaf: &Leaf<'_>) -> bool {
        leaf.text.len() + leaf.tag.map_or(0, str::len) <= 128 && !self.multiline
    }

    /// The style in which the text can really be written.
    pub(super) fn settle(&self, wanted: Quotes, text: &str, simple_key: bool) -> Quotes {
        let mut quotes = wanted;
        if simple_key && self.multiline {
            quotes = Quotes::Double;
        }
        if quotes == Quotes::Plain && (!self.plain || text.is_empty() && simple_key) {
            quotes = Quotes::Single;
        }
        if quotes == Quotes::Single && !self.single {
            quotes = Quotes::Double;
        }
        if quotes == Quotes::Literal && (!self.literal || simple_key) {
            quotes = Quotes::Double;
        }
        quotes
    }
}

/// Runs of spaces and breaks, and characters that only double quotes can hold.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
struct Spaces {
    breaks: bool,
    tabs: bool,
    special: bool,
    /// A space behind a break, and a break behind a space.
    break_space: bool,
    space_break: bool,
    after_space: bool,
    after_break: bool,
}

impl Spaces {
    fn add(&mut self, character: char, style: Style) {
        if character == '\t' {
            self.tabs = true;
        } else if !is_printable(character, style) {
            self.special = true;
        }
        let space = character == ' ';
        let breaks = is_break(character);
        self.break_space |= space && self.after_break;
        self.space_break |= breaks && self.after_space;
        self.breaks |= breaks;
        self.after_space = space;
        self.after_break = breaks;
    }
}

/// Whether the text, as nearly all in Kubernetes, holds nothing that could mean anything else.
fn is_tame(text: &str) -> bool {
    let first = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'/';
    let tame = |byte: u8| first(byte) || matches!(byte, b'-' | b'.' | b'_');
    text.bytes().next().is_some_and(first) && text.bytes().all(tame)
}

/// Whether the text holds what means something else in a block when written plain.
fn has_indicators(text: &str) -> bool {
    if text.starts_with("---") || text.starts_with("...") {
        return true;
    }
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    let mut first = true;
    while let Some(character) = characters.next() {
        let ends = characters.peek().is_none_or(|next| matches!(next, ' ' | '\t'));
        let found = match character {
            ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@'
            | '`' => first,
            '#' => first || is_blank(before),
            '?' | '-' => first && ends,
            ':' => ends,
            _ => false,
        };
        if found {
            return true;
        }
        before = character;
        first = false;
    }
    false
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\0') || is_break(character)
}

pub(super) fn is_break(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// go-yaml escapes everything beyond the basic plane. For people that stays readable, and what breaks lines for some
/// readers only is escaped.
pub(super) fn is_printable(character: char, style: Style) -> bool {
    match character {
        '\u{2028}' | '\u{2029}' => style == Style::Sops,
        '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' => false,
        '\n' | ' '..='~' | '\u{A0}'..='\u{FFFD}' => true,
        '\u{10000}'.. => style == Style::People,
        _ => false,
    }
}
