//! Env files as kustomize's `secretGenerator` reads them (api/kv/kv.go, 0.21.2): a line is a value, and its text is
//! taken as it stands, quotes included.

/// Why an env file was refused. The user's fault; the line counts from 1, and no text of the file is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) line: u32,
    pub(crate) what: &'static str,
}

/// The variables in the order of the file. A name without `=` is refused: kustomize would write an empty value.
pub(crate) fn parse(text: &[u8]) -> Result<Vec<(String, Vec<u8>)>, Refused> {
    let mut variables = Vec::new();
    for (line, raw) in (1u32..).zip(text.split(|byte| *byte == b'\n')) {
        let refused = |what| Refused { line, what };
        let raw = raw.strip_suffix(b"\r").unwrap_or(raw);
        let raw = if line == 1 { raw.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(raw) } else { raw };
        let text = std::str::from_utf8(raw).map_err(|_| refused("the line is not UTF-8"))?;
        let text = text.trim_start();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let (name, value) =
            text.split_once('=').ok_or(refused("a name without a value: there is no `=`"))?;
        if !is_name(name) {
            return Err(refused("what stands before the `=` is no name of a variable"));
        }
        variables.push((name.to_owned(), value.as_bytes().to_vec()));
    }
    Ok(variables)
}

/// `[-._a-zA-Z][-._a-zA-Z0-9]*` (apimachinery `IsEnvVarName`).
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name != "."
        && !name.starts_with("..")
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'))
}

#[cfg(test)]
mod tests {
    use super::{Refused, parse};

    fn strings(text: &str) -> Result<Vec<(String, String)>, Refused> {
        let list = parse(text.as_bytes())?;
        Ok(list.into_iter().map(|(k, v)| (k, String::from_utf8_lossy(&v).into_owned())).collect())
    }

    #[test]
    fn a_value_is_everything_behind_the_first_equals_sign() {
        let want = [("A", "\"quoted\" # kept"), ("B", "x=y"), ("C", ""), ("D", "$A ")];
        let want = want.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec();
        assert_eq!(strings("A=\"quoted\" # kept\n  B=x=y\n# no\n\nC=\nD=$A \r\n"), Ok(want));
    }

    #[test]
    fn a_byte_order_mark_is_dropped_from_the_first_line_only() {
        assert_eq!(strings("\u{feff}A=1"), Ok(vec![("A".into(), "1".into())]));
        assert_eq!(strings("A=1\n\u{feff}B=2").map_err(|r| r.line), Err(2));
    }

    #[test]
    fn what_is_no_variable_is_refused_with_its_line() {
        for (text, line) in [("A=1\nB", 2), ("1A=1", 1), ("A B=1", 1), ("=1", 1), ("..=1", 1)] {
            assert_eq!(strings(text).map_err(|r| r.line), Err(line), "{text}");
        }
    }
}
