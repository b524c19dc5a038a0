//! A skeleton is a part of the real upstream: every object of it, every field and every item of a list is there.

use std::path::Path;

use serde_json::Value;

use crate::object::text;

/// What came of holding skeletons against upstream.
#[derive(Debug, Default)]
pub struct Skeletons {
    /// Apps whose skeleton was held against the real upstream.
    pub checked: Vec<String>,
    /// Apps whose upstream is out of reach.
    pub unchecked: Vec<String>,
    /// What a skeleton says and upstream does not.
    pub wrong: Vec<String>,
}

impl Skeletons {
    /// The line that CI prints.
    #[must_use]
    pub fn line(&self) -> String {
        let names = match self.unchecked.as_slice() {
            [] => String::new(),
            names => format!(" ({})", names.join(", ")),
        };
        format!(
            "skeletons: {} checked, {} not checked{names}",
            self.checked.len(),
            self.unchecked.len()
        )
    }

    /// Holds one against a rendered stream.
    pub(super) fn check(&mut self, app: &str, skeleton: &[Value], stream: &str) {
        let upstream = yaml::values(stream.as_bytes()).unwrap_or_default();
        self.checked.push(app.to_owned());
        self.wrong
            .extend(beyond(skeleton, &upstream).into_iter().map(|line| format!("{app}: {line}")));
    }
}

/// The objects of a skeleton's files.
pub(super) fn objects(folder: &Path) -> Vec<Value> {
    let files = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut files: Vec<_> = files.map(|entry| entry.path()).collect();
    files.sort();
    let texts = files.iter().filter_map(|file| std::fs::read(file).ok());
    let values = texts.flat_map(|text| yaml::values(&text).unwrap_or_default());
    values.filter(|one| one.is_object() && one["kind"] != "Kustomization").collect()
}

/// What of a skeleton upstream does not have.
#[must_use]
pub fn beyond(skeleton: &[Value], upstream: &[Value]) -> Vec<String> {
    let mut found = Vec::new();
    for one in skeleton {
        let key = |value: &Value| {
            ["/apiVersion", "/kind", "/metadata/namespace", "/metadata/name"]
                .map(|at| text(value, at).to_owned())
        };
        let id = format!("{} {}", text(one, "/kind"), text(one, "/metadata/name"));
        match upstream.iter().find(|other| key(other) == key(one)) {
            Some(other) => missing(one, other, "", &mut |what| found.push(format!("{id}: {what}"))),
            None => found.push(format!("{id}: upstream has none")),
        }
    }
    found
}

/// What of a value another does not have; items of a list are told by `name`, or else by being there.
fn missing(part: &Value, whole: &Value, at: &str, say: &mut dyn FnMut(String)) {
    match (part, whole) {
        (Value::Object(part), Value::Object(whole)) => {
            for (key, value) in part {
                match whole.get(key) {
                    Some(other) => missing(value, other, &format!("{at}/{key}"), say),
                    None => say(format!("{at}/{key}: upstream has no such field")),
                }
            }
        }
        (Value::Array(part), Value::Array(whole)) => {
            for (number, item) in part.iter().enumerate() {
                let named = item.get("name");
                let place = format!("{at}/{number}");
                match named.and_then(|name| whole.iter().find(|one| one.get("name") == Some(name)))
                {
                    Some(other) => missing(item, other, &place, say),
                    None if whole.iter().any(|other| is_part(item, other)) => {}
                    None => say(format!("{place}: upstream has no such item")),
                }
            }
        }
        _ if part == whole => {}
        _ => say(format!("{at}: upstream has {whole}")),
    }
}

fn is_part(part: &Value, whole: &Value) -> bool {
    let mut holds = true;
    missing(part, whole, "", &mut |_| holds = false);
    holds
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::beyond;

    #[test]
    fn a_skeleton_that_says_more_than_upstream_is_told_field_by_field() {
        let upstream = [json!({"kind": "Deployment", "metadata": {"name": "a"}, "spec": {
            "containers": [{"name": "x", "args": ["--one"], "image": "x:1"}, {"name": "y"}]}})];
        let part = json!({"kind": "Deployment", "metadata": {"name": "a"}, "spec": {
            "containers": [{"name": "y"}, {"name": "x", "args": ["--one"]}]}});
        assert_eq!(beyond(&[part], &upstream), Vec::<String>::new());
        let more = json!({"kind": "Deployment", "metadata": {"name": "a"}, "spec": {"replicas": 1,
            "containers": [{"name": "x", "args": ["--two"], "image": "x:2"}, {"name": "z"}]}});
        let other = json!({"kind": "Deployment", "metadata": {"name": "b"}});
        assert_eq!(
            beyond(&[more, other], &upstream),
            [
                "Deployment a: /spec/replicas: upstream has no such field",
                "Deployment a: /spec/containers/0/args/0: upstream has no such item",
                "Deployment a: /spec/containers/0/image: upstream has \"x:1\"",
                "Deployment a: /spec/containers/1: upstream has no such item",
                "Deployment b: upstream has none",
            ]
        );
    }
}
