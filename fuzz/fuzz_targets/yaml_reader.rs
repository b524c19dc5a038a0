//! The YAML reader and writers: any bytes, both sinks. What one sink refuses the other may not read, what is read
//! survives being written, and what is read quickly is what the parser reads.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yaml::write::{Style, block, json};
use yaml::{Limits, Problem};

fuzz_target!(|text: &[u8]| {
    let values = yaml::values(text);
    assert_eq!(values, yaml::parsed_values_within(text, &Limits::default()));
    match (yaml::documents(text), values) {
        (Ok(documents), Ok(values)) => {
            assert_eq!(documents.len(), values.len());
            let sops = block(&documents, Style::Sops);
            std::hint::black_box(sops);
            for value in &values {
                // -0.0 is written as Go writes it, `-0`, and that is an integer.
                let once = json(value);
                let twice = yaml::values(once.as_bytes()).map(|values| json(&values[0]));
                assert_eq!(twice.map(|text| text.replace("-0", "0")), Ok(once.replace("-0", "0")));
            }
        }
        (Err(_), Err(_)) => {}
        (Ok(_), Err(error)) => {
            let own = matches!(
                error.problem,
                Problem::NoValue(_)
                    | Problem::Tag(_)
                    | Problem::DuplicateKey { .. }
                    | Problem::Limit { .. }
            );
            assert!(own, "{error}");
        }
        (Err(error), Ok(_)) => panic!("only the tree is refused: {error}"),
    }
});
