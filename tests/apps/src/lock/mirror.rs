//! Where upstream is read: a mirror on this machine, or the network.
//!
//! A mirror is a folder with bare repositories, `OWNER/NAME` and `OWNER/NAME.git`, in the place of <https://github.com/>.
//! `tests/tools/mirror` makes one from Go modules; a repository made so names its module in `pleach.module` of its
//! config, because its commit is not upstream's. A file of a release stands at `files/github.com/...`, and
//! `FILE.module` beside it says what it was made from.

use std::path::{Path, PathBuf};
use std::process::Command;

use test_support::machine;

use super::Upstream;

const GITHUB: &str = "https://github.com/";

/// A folder of repositories, or the network.
#[derive(Debug)]
pub struct Mirror(Option<PathBuf>);

/// What a URL was read from, so that it can be read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pin {
    /// A commit of its repository.
    Commit(String),
    /// A Go module with its version and the checksum of its files.
    Module(String),
    /// A file whose content the digest alone pins.
    Nothing,
}

impl Mirror {
    /// The folder of a mirror.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        Self(Some(folder.to_owned()))
    }

    /// What a test reads: the mirror that `UPSTREAM_MIRROR` names, or the one of `make tools`.
    #[must_use]
    pub fn at_hand() -> Self {
        let named = std::env::var_os("UPSTREAM_MIRROR").filter(|folder| !folder.is_empty());
        Self(Some(named.map_or_else(test_support::mirror, PathBuf::from)))
    }

    /// The network.
    #[must_use]
    pub fn network() -> Self {
        Self(None)
    }

    /// Sends a command to the mirror in the place of GitHub.
    pub(super) fn redirect(&self, command: &mut Command) {
        let Some(folder) = &self.0 else { return };
        command
            .env("GIT_CONFIG_COUNT", "2")
            .env("GIT_CONFIG_KEY_0", format!("url.file://{}/.insteadOf", folder.display()))
            .env("GIT_CONFIG_VALUE_0", GITHUB)
            .env("GIT_CONFIG_KEY_1", "safe.directory")
            .env("GIT_CONFIG_VALUE_1", "*");
    }

    /// What kustomize is to read: the URL, or the file of it in the mirror.
    pub(super) fn resource(&self, upstream: &Upstream) -> Result<String, String> {
        let Some(folder) = &self.0 else { return Ok(upstream.url.clone()) };
        let Some(repository) = repository(&upstream.url) else {
            return match self.file(upstream) {
                Some(file) => Ok(file.display().to_string()),
                None => Err("the mirror has no such file of a release".to_owned()),
            };
        };
        if folder.join(repository).is_dir() {
            Ok(upstream.url.clone())
        } else {
            Err(format!("the mirror has no {repository}"))
        }
    }

    /// The file of a release.
    fn file(&self, upstream: &Upstream) -> Option<PathBuf> {
        let path = upstream.url.strip_prefix("https://")?;
        let file = self.0.as_ref()?.join("files").join(path);
        file.is_file().then_some(file)
    }

    /// What pins the URL beside the digest.
    pub(super) fn pin(&self, upstream: &Upstream) -> Result<Pin, String> {
        let Some(repository) = repository(&upstream.url) else {
            let beside = self.file(upstream).map(|file| file.display().to_string() + ".module");
            let module = beside.and_then(|file| std::fs::read_to_string(file).ok());
            return Ok(module.map_or(Pin::Nothing, |one| Pin::Module(one.trim().to_owned())));
        };
        let Some(folder) = &self.0 else {
            let url = format!("{GITHUB}{repository}");
            let tag = format!("refs/tags/{}", upstream.tag);
            let refs = git(&["ls-remote", &url, &tag, &format!("{tag}^{{}}")])?;
            let last = refs.lines().last().and_then(|line| line.split('\t').next());
            return last.map(|one| Pin::Commit(one.to_owned())).ok_or("no such tag".to_owned());
        };
        let folder = folder.join(repository).display().to_string();
        let in_it = ["-c", "safe.directory=*", "-C", &folder];
        if let Ok(module) = git(&[&in_it[..], &["config", "pleach.module"]].concat()) {
            return Ok(Pin::Module(module));
        }
        let tag = format!("{}^{{commit}}", upstream.tag);
        git(&[&in_it[..], &["rev-parse", "--verify", "--quiet", &tag]].concat()).map(Pin::Commit)
    }

    /// The command that has read it, without a path of this machine.
    pub(super) fn said(&self, upstream: &Upstream) -> String {
        let name = repository(&upstream.url).unwrap_or("its file");
        match self.0 {
            Some(_) => format!("make lock UPSTREAM_MIRROR=DIR, with {name} in DIR"),
            None => "make lock".to_owned(),
        }
    }
}

/// `OWNER/NAME` of a URL that names a folder of a repository.
fn repository(url: &str) -> Option<&str> {
    let rest = url.strip_prefix(GITHUB)?;
    rest.contains("?ref=").then(|| rest.split("//").next())?
}

fn git(arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(machine("git")).args(arguments).output();
    match output {
        Ok(output) if output.status.success() => {
            Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        }
        _ => Err("its repository has no such tag, or is out of reach".to_owned()),
    }
}
