//! The YAML reader: any bytes, both sinks. What one refuses, the other may not read as something.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let documents = yaml::documents(text);
    let values = yaml::values(text);
    if let (Ok(documents), Ok(values)) = (&documents, &values) {
        assert_eq!(documents.len(), values.len());
    }
});
