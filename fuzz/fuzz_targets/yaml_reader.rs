//! The YAML reader and writers: any bytes, both sinks. What one sink refuses the other may not read, and what is read
//! survives being written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yaml::Problem;
use yaml::write::{Style, block, json};

fuzz_target!(|text: &[u8]| {
    match (yaml::documents(text), yaml::values(text)) {
        (Ok(documents), Ok(values)) => {
            assert_eq!(documents.len(), values.len());
            let sops = block(&documents, Style::Sops);
            std::hint::black_box(sops);
            for value in &values {
                assert_eq!(
                    yaml::values(json(value).as_bytes()).as_deref(),
                    Ok(std::slice::from_ref(value))
                );
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
