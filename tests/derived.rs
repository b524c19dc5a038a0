//! What is derived from the registry is committed, and current: `make update` rewrites it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};

use krm::{Definition, Shape};
use pleach::functions::FUNCTIONS;
use pleach::kinds::{Described, OTHERS};
use pleach::{explanation, functions, home, hooks, kinds, pages, wrapper};

/// A derived file, from the root of the repository.
struct Derived {
    path: PathBuf,
    text: String,
    executable: bool,
}

fn derived() -> Vec<Derived> {
    let file = |path: PathBuf, text: String| Derived { path, text, executable: false };
    let mut all: Vec<Derived> = home::files(FUNCTIONS)
        .into_iter()
        .map(|kind| Derived {
            path: Path::new("exec-wrappers").join(kind),
            text: home::WRAPPER.to_owned(),
            executable: true,
        })
        .collect();
    all.push(Derived {
        path: "exec-wrappers/bin/kustomize".into(),
        text: wrapper::SCRIPT.to_owned(),
        executable: true,
    });
    all.push(Derived {
        path: "exec-wrappers/bin/exec-env".into(),
        text: "#!/bin/sh\nexec pleach exec-env \"$@\"\n".to_owned(),
        executable: true,
    });
    for (definition, schema) in FUNCTIONS.iter().zip(functions::schemas()) {
        let page = pages::page(FUNCTIONS, definition);
        let described = Described { schema, ..Described::from(definition) };
        all.push(file(Path::new("plugins").join(&page), pages::reference(&described)));
        let schema = match definition.shape {
            Shape::Spec => "schema.json".to_owned(),
            Shape::TopLevel => format!("{}.schema.json", definition.name()),
        };
        let schema = Path::new("plugins").join(page).with_file_name(schema);
        all.push(file(schema, pages::schema(&described, definition.kind())));
    }
    for (other, schema) in OTHERS.iter().zip(kinds::schemas()) {
        let page = pages::other_page(other);
        let described = Described { schema, ..Described::from(other) };
        let schema = page.with_extension("schema.json");
        all.push(file(Path::new("plugins").join(schema), pages::schema(&described, other.kind)));
        all.push(file(Path::new("plugins").join(page), pages::reference(&described)));
    }
    all.push(file(".pre-commit-hooks.yaml".into(), hooks::pre_commit_hooks()));
    all.push(file("plugins/README.md".into(), rooms()));
    all.push(file(
        "README.md".into(),
        between("README.md", "functions", &pages::table(FUNCTIONS, "plugins/")),
    ));
    all
}

/// The table of crates: the first line of each says what it is.
fn rooms() -> String {
    let mut rooms: Vec<String> = fs::read_dir(root().join("plugins"))
        .unwrap()
        .map(|room| room.unwrap().path())
        .filter(|room| room.join("src/lib.rs").is_file())
        .map(|room| {
            let name = room.file_name().unwrap().to_string_lossy().into_owned();
            let text = fs::read_to_string(room.join("src/lib.rs")).unwrap();
            let what = text.lines().next().unwrap().trim_start_matches("//! ").to_owned();
            let function = FUNCTIONS.iter().any(|function| function.name() == name);
            let kind = match name.as_str() {
                "pleach" => "the product",
                _ if function => "function",
                _ => "library",
            };
            format!("| [{name}]({name}/) | {kind} | {what} |\n")
        })
        .collect();
    rooms.sort();
    format!("# The rooms\n\n| crate | is | what |\n|---|---|---|\n{}", rooms.concat())
}

/// The text of a file with what stands between two markers replaced.
fn between(file: &str, marker: &str, text: &str) -> String {
    let old = fs::read_to_string(root().join(file)).unwrap();
    let (start, end) = (format!("<!-- {marker}: "), format!("<!-- /{marker} -->"));
    let at = old.find(&start).expect("the opening marker");
    let at = at + old[at..].find('\n').unwrap() + 1;
    let to = old.find(&end).expect("the closing marker");
    format!("{}{text}{}", &old[..at], &old[to..])
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_derived_file_is_current() {
    use std::os::unix::fs::PermissionsExt;
    let update = std::env::var_os("UPDATE").is_some();
    let mut stale = Vec::new();
    for Derived { path, text, executable } in derived() {
        let full = root().join(&path);
        let mode = || full.metadata().map_or(0, |file| file.permissions().mode());
        let current = fs::read_to_string(&full).is_ok_and(|old| old == text)
            && (!executable || mode() & 0o111 == 0o111);
        if current {
            continue;
        }
        if update {
            fs::create_dir_all(full.parent().unwrap()).unwrap();
            fs::write(&full, text).unwrap();
            let mode = if executable { 0o755 } else { 0o644 };
            fs::set_permissions(&full, fs::Permissions::from_mode(mode)).unwrap();
        } else {
            stale.push(path);
        }
    }
    assert!(stale.is_empty(), "stale, run make update: {stale:?}");
}

#[test]
fn the_plugin_home_holds_nothing_but_what_is_derived() {
    let derived: Vec<PathBuf> = derived().into_iter().map(|derived| derived.path).collect();
    for file in files(&root().join("exec-wrappers")) {
        let path = file.strip_prefix(root()).unwrap();
        assert!(derived.iter().any(|derived| derived == path), "{}", path.display());
    }
}

#[test]
fn every_kind_has_one_function() {
    let mut kinds: Vec<_> = FUNCTIONS.iter().flat_map(|function| function.kinds).collect();
    let all = kinds.len();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), all);
}

#[test]
fn every_function_has_a_room_of_its_own_or_of_the_one_that_it_is_an_older_form_of() {
    for function in FUNCTIONS {
        let page = pages::page(FUNCTIONS, function);
        let room = root().join("plugins").join(page.parent().unwrap());
        assert!(room.join("src/lib.rs").is_file(), "{}", Definition::name(function));
    }
}

/// The ids that stand in the sources: the first argument of what makes a finding.
fn ids_in_the_sources() -> Vec<(String, String)> {
    let makers = ["Finding::error(", "Finding::warning(", "Finding::info(", "refusal("];
    let mut ids = Vec::new();
    for room in [
        "krm",
        "routes",
        "sops-decrypt",
        "external-dns",
        "cert-manager",
        "forward-auth",
        "pleach",
        "check",
    ] {
        for file in files(&root().join("plugins").join(room).join("src")) {
            let text = fs::read_to_string(&file).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            for maker in makers {
                for (at, _) in code.match_indices(maker) {
                    let rest = code[at + maker.len()..].trim_start();
                    let Some(rest) = rest.strip_prefix('"') else { continue };
                    let id = rest.split('"').next().unwrap().to_owned();
                    ids.push((id, file.display().to_string()));
                }
            }
        }
    }
    ids
}

#[test]
fn every_id_of_a_finding_has_a_page() {
    let pages = explanation::all();
    let ids = ids_in_the_sources();
    assert!(ids.len() > 30, "the sources were not read: {} ids", ids.len());
    let lacking: Vec<_> =
        ids.iter().filter(|(id, _)| !pages.iter().any(|(page, _)| page == id)).collect();
    assert!(lacking.is_empty(), "no page: {lacking:#?}");
}

#[test]
fn every_page_has_an_id_that_the_code_says() {
    let sources: String = [
        "krm",
        "routes",
        "sops-decrypt",
        "external-dns",
        "cert-manager",
        "forward-auth",
        "pleach",
        "check",
    ]
    .iter()
    .flat_map(|room| files(&root().join("plugins").join(room).join("src")))
    .filter(|file| !file.ends_with("explanation.rs"))
    .map(|file| fs::read_to_string(file).unwrap())
    .collect();
    for (id, page) in explanation::all() {
        assert!(sources.contains(&format!("\"{id}\"")), "nothing says {id}");
        assert!(page.len() > 30, "{id}: {page}");
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in
        fs::read_dir(folder).unwrap_or_else(|_| panic!("run make update: {}", folder.display()))
    {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}
