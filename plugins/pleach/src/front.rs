//! The front door: called as a function, or from a command line?
//!
//! | called with | is |
//! |---|---|
//! | the name `kustomize`, or the word `kustomize` from `exec-wrappers/bin/kustomize` | the [`wrapper`] |
//! | a name that is not `pleach` (a link, a file of a plugin home) | a function; any further argument is an error |
//! | no argument, standard input not a terminal | a function, or a stream |
//! | a path with a `/` that is a file, first | a kustomize exec plugin: kustomize hands it its config so |
//! | anything else | a command line |
//!
//! A command is a word without `/`, so a file called `run` is no obstacle: a config beside it is
//! `./run`. The command line parser starts only when there is a command line.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::Path;
use std::process::ExitCode;

use krm::{Environment, Registry, pipeline, rights, serve, under};

use crate::functions::FUNCTIONS;
use crate::{cli, wrapper};

/// The name under which the binary is a command line, too.
const NAME: &str = "pleach";

/// Runs the process.
pub fn main() -> ExitCode {
    let environment = Environment::take();
    rights::harden();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if let Some(code) = under::answer(&environment, &arguments) {
        return code;
    }
    let name = serve::called_as(&arguments);
    match (name.as_str(), arguments.as_slice()) {
        (wrapper::NAME, [called, rest @ ..]) => {
            return wrapper::main(&environment, Path::new(called), rest);
        }
        (NAME, [_, word, script, rest @ ..]) if word == wrapper::NAME => {
            if krm::called_as_function() {
                return serve::say(&serve::unexpected_argument());
            }
            return wrapper::main(&environment, Path::new(script), rest);
        }
        _ => {}
    }
    if !is_function(&name, arguments.get(1), std::io::stdin().is_terminal()) {
        if arguments.len() > 1 && krm::called_as_function() {
            return serve::say(&serve::unexpected_argument());
        }
        return cli::main(environment, arguments);
    }
    match serve::input(&arguments) {
        Ok(input) => serve::serve(&Registry::new(FUNCTIONS, &name), &environment, input),
        Err(finding) => serve::say(&finding),
    }
}

fn is_function(name: &str, first: Option<&OsString>, terminal: bool) -> bool {
    let function = FUNCTIONS.iter().any(|function| {
        function.name() == name || function.kinds.iter().any(|(_, kind)| *kind == name)
    });
    match first {
        _ if name != NAME && (function || name == pipeline::KIND) => true,
        None => !terminal,
        Some(first) => first.as_encoded_bytes().contains(&b'/') && Path::new(first).is_file(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(name: &str, first: &str) -> bool {
        is_function(name, Some(&first.into()), false)
    }

    #[test]
    fn without_arguments_it_is_a_function_unless_a_person_calls() {
        assert!(is_function("pleach", None, false));
        assert!(!is_function("pleach", None, true));
    }

    #[test]
    fn the_file_that_kustomize_hands_to_a_plugin_makes_it_a_function() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        assert!(called("pleach", file));
        assert!(!called("pleach", "/no/such/file"));
    }

    #[test]
    fn a_command_is_no_file_even_where_a_file_has_its_name() {
        // Tests run in the folder of the package, where a file of this name stands.
        assert!(Path::new("Cargo.toml").is_file());
        assert!(!called("pleach", "Cargo.toml"));
        assert!(called("pleach", "./Cargo.toml"));
    }

    #[test]
    fn under_the_name_of_a_function_it_is_no_command_line() {
        for name in ["ksops", "ksops-exec", "sops-decrypt", "SopsDecrypt", "Pipeline"] {
            assert!(called(name, "install"), "{name}");
            assert!(is_function(name, None, true), "{name}");
        }
    }
}
