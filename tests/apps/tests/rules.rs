//! Each rule on small trees: `cases/<rule>.yaml` goes in, `cases/<rule>.txt` is what it says; `UPDATE=1` rewrites that.
#![expect(clippy::panic, reason = "a test that cannot go on fails")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use apps::{RULES, Report, Rule, World};

fn file(rule: &str, ending: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases").join(format!("{rule}.{ending}"))
}

/// The cases of a rule: name and tree.
fn cases(rule: &Rule) -> Vec<(String, World)> {
    let path = file(rule.id, "yaml");
    let text = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let cases = yaml::values(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let name = |case: &serde_json::Value| case["case"].as_str().expect("a name").to_owned();
    cases.iter().map(|case| (name(case), World::of_case(case))).collect()
}

fn checked(rule: &Rule, world: &World) -> Report {
    let mut report = Report::default();
    (rule.check)(world, &mut report);
    report
}

#[test]
fn every_rule_says_of_each_case_what_is_committed() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for rule in RULES {
        let mut said = String::new();
        for (name, world) in cases(rule) {
            count += 1;
            let report = checked(rule, &world);
            let verdict = if report.broken.is_empty() { "holds" } else { "refused" };
            writeln!(said, "{name}\n  {verdict}").expect("text");
            for line in report.broken {
                writeln!(said, "  - {line}").expect("text");
            }
        }
        let path = file(rule.id, "txt");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, said).expect("writes");
        } else if fs::read_to_string(&path).unwrap_or_default() != said {
            wrong.push(format!("{}\n{said}", path.display()));
        }
    }
    println!("rules: {}, cases: {count}", RULES.len());
    assert!(wrong.is_empty(), "`make update` rewrites these:\n{}", wrong.join("\n"));
}

#[test]
fn every_rule_refuses_a_broken_tree_and_lets_a_near_one_pass() {
    let mut refused = 0;
    for rule in RULES {
        let reports: Vec<Report> =
            cases(rule).iter().map(|(_, world)| checked(rule, world)).collect();
        let holds = |report: &Report| report.looked > 0 && report.broken.is_empty();
        assert!(reports.iter().any(holds), "{} passes nothing", rule.id);
        assert!(
            reports.iter().any(|report| !report.broken.is_empty()),
            "{} refuses nothing",
            rule.id
        );
        refused += reports.iter().map(|report| report.broken.len()).sum::<usize>();
    }
    println!("refusals shown: {refused}");
    assert!(refused > 100, "{refused}");
}

#[test]
fn every_file_of_cases_belongs_to_a_rule() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    for entry in fs::read_dir(folder).expect("the cases").flatten() {
        let name = entry.path().file_stem().expect("a name").to_string_lossy().into_owned();
        assert!(RULES.iter().any(|rule| rule.id == name), "{name} is no rule");
    }
}
