//! What is asked of kustomize: a build, whose flags decide what must be looked at, or something else.

use std::ffi::{OsStr, OsString};
use std::path::Path;

/// What is asked of kustomize.
#[derive(Debug, PartialEq, Eq)]
pub enum Call {
    /// Not a build: goes through untouched.
    Through,
    /// A build.
    Build(Build),
}

/// A build.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Build {
    /// What is built; kustomize takes one, and says so of several.
    pub targets: Vec<OsString>,
    /// `--enable-exec`
    pub runs_exec: bool,
    /// `--output`
    pub writes_files: bool,
}

/// The flags of `kustomize build` that take a value in the next word (5.8.2; `reorder` is older).
const WITH_VALUE: [&str; 9] = [
    "env",
    "helm-api-versions",
    "helm-command",
    "helm-kube-version",
    "load-restrictor",
    "mount",
    "network-name",
    "output",
    "reorder",
];

impl Call {
    /// Reads the arguments as pflag does: `--flag=value`, `--flag value`, `-o value`, `-ovalue`, `--` ends the flags.
    pub fn read(arguments: &[OsString]) -> Self {
        let is_flag = |word: &&OsString| word.as_encoded_bytes().starts_with(b"-");
        let command = arguments.iter().position(|word| !is_flag(&word));
        let Some(command) = command.filter(|at| arguments[*at] == "build") else {
            return Self::Through;
        };
        let mut build = Build::default();
        let mut words = arguments.iter().enumerate();
        let mut flags = true;
        while let Some((at, word)) = words.next() {
            let text = word.to_string_lossy();
            if at == command {
            } else if flags && text == "--" {
                flags = false;
            } else if let Some(long) = text.strip_prefix("--").filter(|_| flags) {
                let (name, value) = match long.split_once('=') {
                    Some((name, value)) => (name, Some(value)),
                    None => (long, None),
                };
                if WITH_VALUE.contains(&name) && value.is_none() {
                    words.next();
                }
                match name {
                    "help" => return Self::Through,
                    "output" => build.writes_files = true,
                    // The last one counts, as pflag has it; what is no boolean kustomize refuses.
                    "enable-exec" => build.runs_exec = value.is_none_or(is_true),
                    _ => {}
                }
            } else if text.len() > 1 && text.starts_with('-') && flags {
                if text.contains('h') && !text.starts_with("-o") && !text.starts_with("-e") {
                    return Self::Through;
                }
                build.writes_files |= text.starts_with("-o");
                if text == "-o" || text == "-e" {
                    words.next();
                }
            } else {
                build.targets.push(word.clone());
            }
        }
        if build.targets.is_empty() {
            build.targets.push(".".into());
        }
        Self::Build(build)
    }
}

impl Build {
    /// The folder that is built; the working directory when it is not here.
    pub fn folder(&self) -> &Path {
        let local = self.targets.first().map(OsString::as_os_str).map(Path::new);
        local.filter(|target| target.is_dir()).unwrap_or(Path::new(OsStr::new(".")))
    }
}

/// What Go's `strconv.ParseBool` takes for true.
fn is_true(value: &str) -> bool {
    matches!(value, "1" | "t" | "T" | "true" | "TRUE" | "True")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Call {
        Call::read(&line.split_whitespace().map(OsString::from).collect::<Vec<_>>())
    }

    fn build(line: &str) -> Build {
        match read(line) {
            Call::Build(build) => build,
            Call::Through => panic!("{line} is a build"),
        }
    }

    #[test]
    fn what_is_no_build_goes_through() {
        for line in [
            "",
            "version",
            "version --short",
            "edit set namespace build",
            "--help",
            "build --help",
            "build -h x",
            "create --autodetect build",
            "cfg cat build",
            "--stack-trace version",
        ] {
            assert_eq!(read(line), Call::Through, "{line}");
        }
    }

    #[test]
    fn the_folder_is_found_among_the_flags() {
        for line in [
            "build x",
            "build --enable-helm x --helm-command helm",
            "--stack-trace build x",
            "build -e A=1 x",
            "build --env A=1 --load-restrictor=LoadRestrictionsNone x --mount a",
            "build -- x",
            "build x --helm-kube-version 1.36 --helm-api-versions v1",
        ] {
            assert_eq!(build(line).targets, ["x"], "{line}");
        }
        assert_eq!(build("build").targets, ["."]);
        assert_eq!(build("build -- -x").targets, ["-x"]);
    }

    #[test]
    fn exec_is_on_as_kustomize_reads_it() {
        for (line, on) in [
            ("build --enable-exec", true),
            ("build --enable-exec=true x", true),
            ("build --enable-exec=false x", false),
            ("build --enable-exec --enable-exec=0", false),
            ("build -- --enable-exec", false),
            ("build --env --enable-exec x", false),
            ("build --enable-alpha-plugins x", false),
        ] {
            assert_eq!(build(line).runs_exec, on, "{line}");
        }
    }

    #[test]
    fn output_into_files_is_seen_in_every_spelling() {
        for line in ["build -o f x", "build -of x", "build --output f", "build --output=f"] {
            assert!(build(line).writes_files, "{line}");
        }
        assert!(!build("build -e -o x").writes_files);
    }
}
