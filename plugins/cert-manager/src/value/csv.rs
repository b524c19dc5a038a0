//! One line of comma-separated values, as Go's `encoding/csv` reads it (`SplitWithEscapeCSV` of cert-manager,
//! `pkg/util/util.go`).

/// The values of the one line; an error where there is none, more than one, or a quote that stands wrong.
pub(crate) fn split(text: &str) -> Result<Vec<String>, String> {
    // Go drops a carriage return in front of a line break, and lines without anything.
    let text = text.replace("\r\n", "\n");
    let mut rest = text.trim_start_matches('\n');
    if rest.is_empty() {
        return Err("no values".to_owned());
    }
    let mut values = Vec::new();
    loop {
        let value = if let Some(quoted) = rest.strip_prefix('"') {
            let (value, after) = unquoted(quoted)?;
            rest = after;
            value
        } else {
            let end = rest.find([',', '\n']).unwrap_or(rest.len());
            let value = &rest[..end];
            if value.contains('"') {
                return Err("a quote inside of a value that has none around it".to_owned());
            }
            rest = &rest[end..];
            value.to_owned()
        };
        values.push(value);
        match rest.strip_prefix(',') {
            Some(after) => rest = after,
            None if rest.trim_start_matches('\n').is_empty() => return Ok(values),
            None => return Err("several lines".to_owned()),
        }
    }
}

/// What stands up to the closing quote, and what follows it.
fn unquoted(text: &str) -> Result<(String, &str), String> {
    let (mut value, mut rest) = (String::new(), text);
    loop {
        let Some((inner, after)) = rest.split_once('"') else {
            return Err("a quote that nothing closes".to_owned());
        };
        value.push_str(inner);
        match after.strip_prefix('"') {
            // Two quotes stand for one.
            Some(after) => {
                value.push('"');
                rest = after;
            }
            None if after.is_empty() || after.starts_with([',', '\n']) => {
                return Ok((value, after));
            }
            None => return Err("something behind a closing quote".to_owned()),
        }
    }
}

/// The line that [`split`] reads as these values.
pub(crate) fn join(values: &[String]) -> String {
    let quoted = |value: &String| {
        if value.is_empty() || value.contains(['"', ',', '\n', '\r']) {
            format!("\"{}\"", value.replace('"', "\"\""))
        } else {
            value.clone()
        }
    };
    values.iter().map(quoted).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_split_as_go_splits_them() {
        for (text, values) in [
            ("a", vec!["a"]),
            ("a, b", vec!["a", " b"]),
            (
                r#""10 Downing Street, Westminster",Manchester"#,
                vec!["10 Downing Street, Westminster", "Manchester"],
            ),
            (r#""a ""b""",c"#, vec![r#"a "b""#, "c"]),
            ("a,", vec!["a", ""]),
            (",", vec!["", ""]),
            ("\na\n\n", vec!["a"]),
            ("\"a\nb\"", vec!["a\nb"]),
        ] {
            assert_eq!(split(text).unwrap(), values, "{text:?}");
        }
    }

    #[test]
    fn what_go_refuses_is_refused() {
        for wrong in ["", "\n", "a\nb", "a\"b", "\"a", "\"a\"b", "a,\"b"] {
            assert!(split(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn joined_values_are_split_into_the_same() {
        for values in [vec!["a"], vec!["a, b", "c"], vec![""], vec!["", "x"], vec!["\"", "\n"]] {
            let values: Vec<String> = values.into_iter().map(str::to_owned).collect();
            assert_eq!(split(&join(&values)).unwrap(), values);
        }
    }
}
