//! Every function's golden cases: `tests/cases/<function>/<case>/` holds what goes in and what comes out.
//!
//! `tests/cases/README.md` says which files there are. `UPDATE=1` (`make update`) rewrites what comes out; read the
//! difference before you commit it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use krm::{Definition, Environment, Input, Loader, Ran, Registry, Resource, Role, Source};
use pleach::functions::FUNCTIONS;
use serde_json::Value;

/// What comes out.
const OUTPUTS: [&str; 3] = ["expected.yaml", "warning.txt", "error.txt"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// One case.
struct Case {
    folder: PathBuf,
    definition: Definition,
}

impl Case {
    /// All cases of all functions.
    fn all() -> Vec<Self> {
        let mut cases = Vec::new();
        for definition in FUNCTIONS {
            let folder = root().join("tests/cases").join(definition.name());
            cases.extend(
                folders(&folder).into_iter().map(|folder| Self { folder, definition: *definition }),
            );
        }
        cases
    }

    fn name(&self) -> String {
        self.folder.strip_prefix(root()).unwrap_or(&self.folder).display().to_string()
    }

    /// The whole environment of the case: the throw-away age key, unless its `env` says otherwise.
    fn environment(&self) -> Environment {
        let key = root().join("tests/keys/throw-away-age.txt");
        let mut variables = BTreeMap::from([("SOPS_AGE_KEY_FILE".to_owned(), OsString::from(key))]);
        for line in fs::read_to_string(self.folder.join("env")).unwrap_or_default().lines() {
            let (name, value) = line.split_once('=').expect("a line of env is NAME=value");
            match value {
                "" => variables.remove(name),
                value if name.ends_with("_FILE") => {
                    variables.insert(name.to_owned(), root().join(value).into())
                }
                value => variables.insert(name.to_owned(), value.into()),
            };
        }
        variables.into_iter().map(|(name, value)| (name.into(), value)).collect()
    }

    fn input(&self) -> String {
        fs::read_to_string(self.folder.join("input.yaml")).unwrap_or_default()
    }

    /// Runs it by hand over these items.
    fn run(&self, items: &str) -> Ran {
        let source = |name: &str, text: Vec<u8>| Source { name: name.into(), text };
        let config = fs::read(self.folder.join("config.yaml")).expect("every case has a config");
        let files =
            if items.is_empty() { Vec::new() } else { vec![source("input.yaml", items.into())] };
        let input = Input::Hand { config: source("config.yaml", config), files };
        let loader = Loader::new(self.environment(), &self.folder).expect("the case has a folder");
        krm::run(&Registry::new(FUNCTIONS, "pleach"), input, &loader, &|_, _| Ok(()))
    }
}

fn folders(above: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(above).into_iter().flatten();
    let mut folders: Vec<PathBuf> =
        entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// What came out, by file name.
fn outputs(ran: &Ran) -> BTreeMap<&'static str, String> {
    let said: String = ran.findings().map(ToString::to_string).collect();
    // What is said names files that stand outside the tree, keys among them, by their whole path.
    let said = said.replace(&root().display().to_string(), "@@ROOT@@");
    let printed = String::from_utf8(krm::render(ran)).expect("text");
    let mut outputs = BTreeMap::new();
    if ran.failed() {
        assert_eq!(printed, "", "nothing on standard output after a failure");
        outputs.insert("error.txt", said);
    } else {
        outputs.insert("expected.yaml", printed);
        if !said.is_empty() {
            outputs.insert("warning.txt", said);
        }
    }
    outputs
}

#[test]
fn every_case_gives_what_is_committed() {
    let (update, mut wrong) = (std::env::var_os("UPDATE").is_some(), Vec::new());
    let cases = Case::all();
    for case in &cases {
        let found = outputs(&case.run(&case.input()));
        for name in OUTPUTS {
            let path = case.folder.join(name);
            let committed = fs::read_to_string(&path).ok();
            if committed.as_ref() == found.get(name) {
                continue;
            }
            match (update, found.get(name)) {
                (true, Some(text)) => fs::write(&path, text).expect("writes"),
                (true, None) => fs::remove_file(&path).expect("removes"),
                (false, _) => wrong.push(format!(
                    "{}/{name}\n--- committed\n{}\n--- found\n{}",
                    case.name(),
                    committed.as_deref().unwrap_or("(no such file)"),
                    found.get(name).map_or("(nothing)", String::as_str),
                )),
            }
        }
    }
    println!("golden cases: {}", cases.len());
    assert!(
        wrong.is_empty(),
        "`make update` rewrites these, if they are meant:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_function_has_a_case_named_basic() {
    for definition in FUNCTIONS {
        let basic = root().join("tests/cases").join(definition.name()).join("basic");
        assert!(basic.join("expected.yaml").is_file(), "{} is missing", basic.display());
    }
}

#[test]
fn every_case_folder_belongs_to_a_function() {
    // Cases of commands have runners of their own.
    let commands = ["secrets", "facts"].map(str::to_owned);
    let names: Vec<String> = FUNCTIONS.iter().map(Definition::name).chain(commands).collect();
    for folder in folders(&root().join("tests/cases")) {
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(names.contains(&name), "tests/cases/{name}: belongs to none of {names:?}");
    }
}

#[test]
fn no_two_functions_share_a_name_or_a_kind_and_each_is_documented() {
    let (mut names, mut kinds) =
        (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    for definition in FUNCTIONS {
        assert!(names.insert(definition.name()), "{} twice", definition.name());
        assert!(!definition.summary().is_empty(), "{} has no documentation", definition.name());
        for kind in definition.kinds {
            assert!(kinds.insert(kind), "{kind:?} twice");
        }
    }
}

#[test]
fn every_case_is_deterministic() {
    for case in Case::all() {
        let once = outputs(&case.run(&case.input()));
        assert!(once == outputs(&case.run(&case.input())), "{}", case.name());
    }
}

#[test]
fn replaying_the_record_on_the_input_gives_the_output() {
    for case in Case::all() {
        let ran = case.run(&case.input());
        let items = yaml::values(case.input().as_bytes()).expect("YAML");
        let mut items = items.into_iter().filter(|item| !item.is_null());
        for resource in ran.list().items().iter().filter(|item| item.added_because().is_none()) {
            let Some(mut replayed) = items.next() else { break };
            assert!(
                resource.edits().iter().all(|edit| edit.apply(&mut replayed)),
                "{}",
                case.name()
            );
            assert!(replayed == **resource, "{}: {}", case.name(), resource.id());
        }
    }
}

#[test]
fn a_transformer_that_runs_again_records_nothing() {
    for case in Case::all().into_iter().filter(|case| case.definition.role == Role::Transformer) {
        let first = case.run(&case.input());
        if first.failed() {
            continue;
        }
        let again = case.run(&String::from_utf8(krm::render(&first)).expect("text"));
        let touched: Vec<_> = again.list().items().iter().filter(|item| item.touched()).collect();
        assert!(touched.is_empty(), "{}: {touched:?}", case.name());
    }
}

#[test]
fn the_order_of_the_input_changes_no_object_and_no_verdict() {
    let key = Resource::id;
    let mut count = BTreeMap::new();
    for case in Case::all().into_iter().filter(|case| case.definition.role == Role::Transformer) {
        let items = yaml::values(case.input().as_bytes()).expect("YAML");
        let backwards: Vec<String> = items.iter().rev().map(krm::to_yaml).collect();
        let backwards = backwards.join("---\n");
        let (forth, back) = (case.run(&case.input()), case.run(&backwards));
        assert_eq!(forth.failed(), back.failed(), "{}", case.name());
        let objects = |ran: &Ran| {
            let items = ran.list().items().iter();
            let mut items: Vec<_> = items.map(|item| (key(item), (**item).clone())).collect();
            items.sort_by(|(one, _), (other, _)| one.cmp(other));
            items
        };
        if !forth.failed() {
            assert_eq!(objects(&forth), objects(&back), "{}", case.name());
        }
        *count.entry(case.definition.name()).or_insert(0) += 1;
    }
    println!("cases in both orders: {count:?}");
    assert!(count.len() >= 3 && count.values().all(|count| *count >= 20), "{count:?}");
}

#[test]
fn what_is_printed_is_read_back_as_the_same_objects() {
    for case in Case::all() {
        let ran = case.run(&case.input());
        let printed = yaml::values(&krm::render(&ran)).expect("YAML");
        let objects: Vec<Value> = if ran.failed() {
            Vec::new()
        } else {
            ran.list().items().iter().map(|item| (**item).clone()).collect()
        };
        assert!(printed == objects, "{}", case.name());
    }
}
