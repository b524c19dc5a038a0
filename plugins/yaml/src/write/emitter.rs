//! The text being written: columns, indentation, comments and scalars (go-yaml v3.0.4, `emitterc.go`).

use super::Style;
use super::analysis::{is_break, is_printable};
use super::leaf::Quotes;

/// A text and the state that decides how it goes on.
pub(super) struct Emitter {
    out: String,
    pub(super) style: Style,
    /// Columns of the current block; -1 before the first.
    indent: isize,
    outer: Vec<isize>,
    column: isize,
    /// The last character was blank.
    whitespace: bool,
    /// Only indentation and indicators stand on this line so far.
    indention: bool,
    /// The indentation of the foot comment just written, which an empty line separates from what follows; or -1.
    foot_indent: isize,
    /// Comments that wait to be written. One that is never written is replaced by the next.
    pub(super) head: String,
    pub(super) line: String,
    pub(super) foot: String,
    pub(super) tail: String,
    pub(super) key_line: String,
}

impl Emitter {
    pub(super) fn new(style: Style) -> Self {
        Self {
            out: String::new(),
            style,
            indent: -1,
            outer: Vec::new(),
            column: 0,
            whitespace: true,
            indention: true,
            foot_indent: -1,
            head: String::new(),
            line: String::new(),
            foot: String::new(),
            tail: String::new(),
            key_line: String::new(),
        }
    }

    pub(super) fn into_text(self) -> String {
        self.out
    }

    pub(super) fn at_line_start(&self) -> bool {
        self.column == 0
    }

    pub(super) fn set_foot_indent(&mut self, indent: isize) {
        self.foot_indent = indent;
    }

    pub(super) fn increase_indent(&mut self, flow: bool, in_sequence: bool) {
        self.outer.push(self.indent);
        let step = self.style.indent().cast_signed();
        self.indent = if self.indent < 0 {
            if flow { step } else { 0 }
        } else if in_sequence {
            // Only past the "- ".
            self.indent + 2
        } else {
            step * ((self.indent + step) / step)
        };
    }

    pub(super) fn decrease_indent(&mut self) {
        self.indent = self.outer.pop().unwrap_or(-1);
    }

    fn put(&mut self, character: char) {
        self.out.push(character);
        self.column += 1;
    }

    pub(super) fn put_break(&mut self) {
        self.write_break('\n');
    }

    fn write_break(&mut self, character: char) {
        self.out.push(character);
        self.column = 0;
        self.indention = true;
    }

    pub(super) fn write_indent(&mut self) {
        let indent = self.indent.max(0);
        if !self.indention || self.column > indent || self.column == indent && !self.whitespace {
            self.put_break();
        }
        if self.foot_indent == indent {
            self.put_break();
        }
        if let Ok(missing) = usize::try_from(indent - self.column) {
            self.out.extend(std::iter::repeat_n(' ', missing));
            self.column = indent;
        }
        self.whitespace = true;
        self.foot_indent = -1;
    }

    pub(super) fn indicator(
        &mut self,
        text: &str,
        needs_space: bool,
        is_space: bool,
        indents: bool,
    ) {
        if needs_space && !self.whitespace {
            self.put(' ');
        }
        self.raw(text);
        self.whitespace = is_space;
        self.indention = self.indention && indents;
    }

    fn raw(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.chars().count().cast_signed();
    }

    pub(super) fn tag(&mut self, tag: &str) {
        self.indicator(tag, true, false, false);
    }

    pub(super) fn process_head(&mut self) {
        if !self.tail.is_empty() {
            self.write_indent();
            let tail = std::mem::take(&mut self.tail);
            self.comment(&tail);
            self.foot_indent = self.indent.max(0);
        }
        if !self.head.is_empty() {
            self.write_indent();
            let head = std::mem::take(&mut self.head);
            self.comment(&head);
        }
    }

    pub(super) fn process_line(&mut self) {
        if self.line.is_empty() {
            return;
        }
        if !self.whitespace {
            self.put(' ');
        }
        let line = std::mem::take(&mut self.line);
        self.comment(&line);
    }

    pub(super) fn process_foot(&mut self) {
        if self.foot.is_empty() {
            return;
        }
        self.write_indent();
        let foot = std::mem::take(&mut self.foot);
        self.comment(&foot);
        self.foot_indent = self.indent.max(0);
    }

    fn comment(&mut self, comment: &str) {
        let mut breaks = false;
        let mut pound = false;
        for character in comment.chars() {
            if is_break(character) {
                self.write_break(character);
                breaks = true;
                pound = false;
                continue;
            }
            if breaks {
                self.write_indent();
            }
            if !pound {
                if character != '#' {
                    self.raw("# ");
                }
                pound = true;
            }
            self.put(character);
            self.indention = false;
            breaks = false;
        }
        if !breaks {
            self.put_break();
        }
        self.whitespace = true;
    }

    pub(super) fn scalar(&mut self, text: &str, quotes: Quotes) {
        match quotes {
            Quotes::Plain => {
                if !text.is_empty() && !self.whitespace {
                    self.put(' ');
                }
                self.folded_breaks(text, false);
                self.whitespace = self.whitespace && text.is_empty();
                self.indention = false;
            }
            Quotes::Single => {
                self.indicator("'", true, false, false);
                self.folded_breaks(text, true);
                self.indicator("'", false, false, false);
                self.indention = false;
            }
            Quotes::Double => {
                self.indicator("\"", true, false, false);
                // A byte order mark in front makes go-yaml escape every character.
                let all = self.style == Style::Sops && text.starts_with('\u{FEFF}');
                for character in text.chars() {
                    self.double_quoted(character, all);
                }
                self.indicator("\"", false, false, false);
                self.indention = false;
            }
            Quotes::Literal => self.literal(text),
        }
    }

    fn folded_breaks(&mut self, text: &str, double: bool) {
        if !text.contains(is_break) && !double {
            self.raw(text);
            return;
        }
        let mut breaks = false;
        for character in text.chars() {
            if is_break(character) {
                if !breaks && character == '\n' {
                    self.put_break();
                }
                self.write_break(character);
                breaks = true;
                continue;
            }
            if character != ' ' {
                if breaks {
                    self.write_indent();
                }
                self.indention = false;
                breaks = false;
            }
            if double && character == '\'' {
                self.put('\'');
            }
            self.put(character);
        }
    }

    fn double_quoted(&mut self, character: char, all: bool) {
        let printable = is_printable(character, self.style) && !is_break(character);
        if printable && !all && !matches!(character, '"' | '\\') {
            self.put(character);
            return;
        }
        self.put('\\');
        let short = match character {
            '\0' => '0',
            '\u{7}' => 'a',
            '\u{8}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{b}' => 'v',
            '\u{c}' => 'f',
            '\r' => 'r',
            '\u{1b}' => 'e',
            '"' => '"',
            '\\' => '\\',
            '\u{85}' => 'N',
            '\u{a0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            other => {
                let code = u32::from(other);
                match code {
                    0..=0xFF => self.raw(&format!("x{code:02X}")),
                    0x100..=0xFFFF => self.raw(&format!("u{code:04X}")),
                    _ => self.raw(&format!("U{code:08X}")),
                }
                return;
            }
        };
        self.put(short);
    }

    fn literal(&mut self, text: &str) {
        self.indicator("|", true, false, false);
        // go-yaml says its step here, even in a list, where the text is indented by 2; and it forgets about tabs, which
        // it then does not read.
        let tab = self.style == Style::People && text.starts_with('\t');
        if tab || text.starts_with(|first| first == ' ' || is_break(first)) {
            let hint = self.style.indent().to_string();
            self.indicator(&hint, false, false, false);
        }
        let mut end = text.chars().rev();
        match (end.next().is_some_and(is_break), end.next()) {
            (false, _) => self.indicator("-", false, false, false),
            (true, None) => self.indicator("+", false, false, false),
            (true, Some(before)) if is_break(before) => self.indicator("+", false, false, false),
            (true, Some(_)) => {}
        }
        if self.line.is_empty() {
            self.put_break();
        } else {
            self.process_line();
        }
        self.whitespace = true;
        let mut breaks = true;
        for character in text.chars() {
            if is_break(character) {
                self.write_break(character);
                breaks = true;
                continue;
            }
            if breaks {
                self.write_indent();
            }
            self.put(character);
            self.indention = false;
            breaks = false;
        }
    }
}
