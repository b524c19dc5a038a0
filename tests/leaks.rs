//! Nothing secret in any output: random markers are planted in secrets, keys and environment, every failing case is run,
//! and what it says, its results, the process list, its children's environment and every file that it leaves (cores
//! included) are searched for them in every encoding.

mod cases;
mod goldens;
mod place;

use std::path::Path;

use test_support::{Marker, Scratch};

use self::cases::{Case, Plant};
use self::place::Places;

/// As many failing cases as are walked; one that gets lost is noticed.
const PLANTED: usize = 40;

/// At least as many committed cases end in an error.
const GOLDENS: usize = 34;

/// Runs at the same time.
const THREADS: usize = 4;

/// The ways in which each is run.
const FORMS: [&str; 3] = ["kustomize", "kpt", "by hand"];

/// Runs a case in one form and gives what leaked.
fn run(plant: &Plant, case: &Case, form: &str) -> Vec<String> {
    let scratch = Scratch::new();
    let mut env = plant.environment(&scratch, case);
    for (path, content) in &case.files {
        let path = scratch.write(path, content);
        if content.starts_with(b"#!") {
            executable(&path);
        }
    }
    let config = scratch.write("tree/config.yaml", &case.config);
    let value = yaml::values(case.config.as_bytes()).ok().and_then(|mut values| values.pop());
    let list = serde_json::json!({
        "apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": [], "functionConfig": value,
    });
    let list = match form {
        // Under kustomize a generator finds its own config among the items.
        "kustomize" => {
            let mut echo = value.clone().unwrap_or_default();
            if echo.is_object() {
                echo["metadata"]["annotations"] =
                    serde_json::json!({"config.kubernetes.io/index": "0"});
            }
            serde_json::json!({"items": [echo], "apiVersion": list["apiVersion"], "kind": list["kind"], "functionConfig": list["functionConfig"]})
        }
        _ => list,
    };
    let (arguments, input) = match (form, case.arguments.is_empty()) {
        (_, false) => (case.arguments.clone(), Vec::new()),
        ("by hand", _) => (vec!["run".to_owned(), config.display().to_string()], Vec::new()),
        _ => (Vec::new(), serde_json::to_vec(&list).expect("JSON")),
    };
    for (_, value) in &mut env {
        *value = value.replace("SCRATCH", &scratch.path().display().to_string());
    }
    let program = Path::new(env!("CARGO_BIN_EXE_pleach"));
    let places = Places::of(&scratch, program, &arguments, &env, &input, case.kill);
    let name = &case.name;
    let markers: Vec<&Marker> = plant.markers.iter().chain(&case.markers).collect();
    let mut leaks: Vec<String> =
        places.leaks(&markers).into_iter().map(|leak| format!("{name}, {form}: {leak}")).collect();
    if places.success {
        leaks.push(format!(
            "{name}, {form}: does not fail:\n{}{}",
            places.at("stdout"),
            places.at("stderr")
        ));
    }
    if case.kill.is_none() && !places.at("stderr").starts_with("error: ") {
        leaks.push(format!("{name}, {form}: says no error:\n{}", places.at("stderr")));
    }
    if case.kill.is_some() && places.core_limit.as_deref() != Some("0") {
        leaks.push(format!("{name}, {form}: cores are allowed: {:?}", places.core_limit));
    }
    leaks
}

fn executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("executable");
}

#[test]
fn no_failing_case_leaks_a_marker_anywhere() {
    let plant = Plant::new();
    let (planted, committed) = (cases::all(&plant), goldens::all());
    let cases: Vec<&Case> = planted.iter().chain(&committed).collect();
    let runs: Vec<(&Case, &str)> = cases
        .into_iter()
        .flat_map(|case| {
            let forms = if case.arguments.is_empty() { &FORMS[..] } else { &FORMS[2..] };
            forms.iter().map(move |form| (case, *form))
        })
        .collect();
    // Most of a run is waiting for it.
    let leaks: Vec<String> = std::thread::scope(|scope| {
        let (runs, plant) = (&runs, &plant);
        let part = |first: usize| runs.iter().skip(first).step_by(THREADS);
        let threads: Vec<_> = (0..THREADS)
            .map(|first| {
                let run = move |(case, form): &(&Case, &str)| run(plant, case, form);
                scope.spawn(move || part(first).flat_map(run).collect::<Vec<_>>())
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("its runs")).collect()
    });
    println!(
        "leaks: {} planted and {} committed failing cases, {} runs, {} markers, {} leaks",
        planted.len(),
        committed.len(),
        runs.len(),
        plant.markers.len(),
        leaks.len()
    );
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
    assert_eq!(planted.len(), PLANTED, "planted failing cases");
    assert!(committed.len() >= GOLDENS, "committed failing cases: {}", committed.len());
}
