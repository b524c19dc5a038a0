//! Ours against the YAML library that sops links: for every case, every fuzz input and 20,000 generated documents
//! both give the same tree, or one of the two refuses.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

mod ask;
mod corpus;
mod generate;
mod same;
mod tree;
mod writes;

use ask::ask;
use generate::Generator;
use same::{Tally, compare};

#[test]
fn committed_cases_read_as_go_yaml_reads_them() {
    let texts = corpus::cases();
    assert!(texts.len() >= 40, "{} cases", texts.len());
    let tally = check(&texts);
    eprintln!("oracle: {} committed cases, {tally}", texts.len());
}

#[test]
fn fuzz_inputs_read_as_go_yaml_reads_them() {
    let texts = corpus::fuzz();
    assert!(texts.len() >= 200, "{} inputs", texts.len());
    let tally = check(&texts);
    eprintln!("oracle: {} fuzz inputs, {tally}", texts.len());
}

#[test]
fn generated_documents_read_as_go_yaml_reads_them() {
    let seed = generate::seed();
    let mut generator = Generator::new(seed);
    let ordinary: Vec<_> = (0..10_000).map(|_| generator.ordinary()).collect();
    let wild: Vec<_> = (0..10_000).map(|_| generator.wild()).collect();
    let (first, second) = (check(&ordinary), check(&wild));
    eprintln!("oracle: seed {seed}");
    eprintln!("oracle: {} ordinary generated, {first}", ordinary.len());
    eprintln!("oracle: {} wild generated, {second}", wild.len());
    assert_eq!(ordinary.len() + wild.len(), 20_000);
    // A reader that refuses everything agrees with everybody.
    assert_eq!(first.by_us, 0, "ordinary documents are never refused");
    assert_eq!(first.values_by_us, 0, "nor are their values");
    assert_eq!(first.by_go, 0, "the generator makes valid documents");
    assert!(second.equal >= 2_000, "wild documents are read often enough");
}

/// Compares all of them, and shows the shortest of those that differ.
fn check(texts: &[Vec<u8>]) -> Tally {
    let mut tally = Tally::default();
    let mut differing = Vec::new();
    for (text, answer) in texts.iter().zip(ask("read", texts)) {
        if let Err(difference) = compare(text, &answer, &mut tally) {
            differing.push((text, difference));
        }
    }
    differing.sort_by_key(|(text, _)| text.len());
    for (text, difference) in differing.iter().take(10) {
        eprintln!("{:?}\n{difference}\n", String::from_utf8_lossy(text));
    }
    assert!(differing.is_empty(), "{} of {} differ", differing.len(), texts.len());
    tally
}
