//! Decrypts the files that are named on the command line with rops; one line of JSON for each: the values, or an error.
//!
//! A process of its own, since rops takes its key from the environment.

use std::error::Error;
use std::path::Path;
use std::str::FromStr as _;

use rops::cryptography::{cipher::AES256GCM, hasher::SHA512};
use rops::file::RopsFile;
use rops::file::format::{JsonFileFormat, YamlFileFormat};
use rops::file::state::EncryptedFile;
use serde_json::{Value, json};

fn main() {
    for name in std::env::args().skip(1) {
        let line = match values(Path::new(&name)) {
            Ok(values) => json!({"values": values}),
            Err(error) => json!({"error": error.to_string()}),
        };
        println!("{line}");
    }
}

fn values(path: &Path) -> Result<Value, Box<dyn Error>> {
    let text = std::fs::read_to_string(path)?;
    if path.extension().is_some_and(|extension| extension == "json") {
        type File = RopsFile<EncryptedFile<AES256GCM, SHA512>, JsonFileFormat>;
        let plain = File::from_str(&text)?.decrypt::<JsonFileFormat>()?;
        Ok(serde_json::to_value(plain.into_inner_map())?)
    } else {
        type File = RopsFile<EncryptedFile<AES256GCM, SHA512>, YamlFileFormat>;
        let plain = File::from_str(&text)?.decrypt::<YamlFileFormat>()?;
        Ok(serde_json::to_value(plain.into_inner_map())?)
    }
}
