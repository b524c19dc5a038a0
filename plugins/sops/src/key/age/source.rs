//! The places where age identities are looked for, in the order of sops, each read at most once per run.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::identity::{Entry, parse};
use super::locked::Locked;
use super::ssh::Ssh;
use crate::key::secret::{self, Secret};
use crate::key::{Env, Needed};

/// One place.
pub(super) struct Source {
    env: Env,
    place: Place,
    content: Content,
    /// What a variable or a file holds.
    loaded: OnceLock<Loaded>,
    /// What a command printed, per recipient that it was told.
    printed: Mutex<HashMap<String, Arc<Loaded>>>,
}

enum Place {
    /// A variable that holds the identities themselves.
    Variable(&'static str),
    /// A variable that names a file.
    Named(&'static str),
    /// A file that is looked at without being named.
    File(PathBuf),
    /// A variable that holds a command line which prints them.
    Command(&'static str),
}

#[derive(Clone, Copy)]
enum Content {
    /// One ssh private key.
    Ssh,
    /// age identities, one per line.
    Lines,
    /// age identities, separated by white space.
    Words,
}

/// What was found in a place.
pub(super) enum Loaded {
    /// The variable is not set.
    Unset,
    /// Nothing can be used, for this reason.
    Broken(String),
    /// Identities, perhaps none.
    Identities(Vec<Entry>),
}

/// What is said of a place that can be read and holds nothing.
pub(super) const NO_IDENTITY: &str = "no identity";

/// Every place, in the order of sops (`loadIdentities` in `age/keysource.go` of v3.13.3).
pub(super) fn all(env: &Env) -> Vec<Source> {
    let source = |place, content| Source {
        env: env.clone(),
        place,
        content,
        loaded: OnceLock::new(),
        printed: Mutex::default(),
    };
    let below = |folder: Option<PathBuf>, path: &str| folder.map(|folder| folder.join(path));
    let ed25519 = below(env.home(), ".ssh/id_ed25519");
    let rsa = below(env.home(), ".ssh/id_rsa");
    let keys = below(env.config_home(), "sops/age/keys.txt");
    let mut sources = vec![
        source(Place::Named("SOPS_AGE_SSH_PRIVATE_KEY_FILE"), Content::Ssh),
        source(Place::Command("SOPS_AGE_SSH_PRIVATE_KEY_CMD"), Content::Ssh),
    ];
    sources
        .extend([ed25519, rsa].into_iter().flatten().map(|p| source(Place::File(p), Content::Ssh)));
    sources.push(source(Place::Variable("SOPS_AGE_KEY"), Content::Words));
    sources.push(source(Place::Named("SOPS_AGE_KEY_FILE"), Content::Lines));
    sources.push(source(Place::Command("SOPS_AGE_KEY_CMD"), Content::Lines));
    sources.extend(keys.map(|path| source(Place::File(path), Content::Lines)));
    sources
}

impl Source {
    /// How messages name it. The value of a variable appears only when it is a path.
    pub(super) fn place(&self) -> String {
        match &self.place {
            Place::Variable(name) | Place::Command(name) => (*name).to_owned(),
            Place::Named(name) => match self.env.path(name) {
                Some(path) => format!("{name}={}", self.env.show(&path)),
                None => (*name).to_owned(),
            },
            Place::File(path) => self.env.show(path),
        }
    }

    /// Whether the operator named it; the others are looked at as sops looks at them.
    pub(super) fn is_named(&self) -> bool {
        !matches!(self.place, Place::File(_))
    }

    /// What it may read or run.
    pub(super) fn needs(&self) -> Option<Needed> {
        match &self.place {
            Place::Variable(_) => None,
            Place::Named(name) => self.env.path(name).map(Needed::Read),
            Place::File(path) => Some(Needed::Read(path.clone())),
            Place::Command(name) => {
                let line = self.env.get(name)?;
                let program = shlex::split(line.to_str()?)?.into_iter().next()?;
                self.env.program(program.as_ref()).map(Needed::Run)
            }
        }
    }

    /// What can be had without running anything.
    pub(super) fn at_hand(&self) -> Option<&Loaded> {
        match self.place {
            Place::Command(_) => None,
            _ => Some(self.loaded.get_or_init(|| self.read())),
        }
    }

    /// What there is, if need be by running the command.
    pub(super) fn load(&self, recipient: &str) -> Guard<'_> {
        let Place::Command(name) = self.place else {
            return Guard::Kept(self.loaded.get_or_init(|| self.read()));
        };
        let mut printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
        let run = || Arc::new(self.print(name, recipient));
        Guard::Printed(printed.entry(recipient.to_owned()).or_insert_with(run).clone())
    }

    fn print(&self, name: &str, recipient: &str) -> Loaded {
        let Some(line) = self.env.get(name) else { return Loaded::Unset };
        match line.to_str() {
            Some(line) => self.parsed(secret::run(&self.env, line, recipient)),
            None => Loaded::Broken("not UTF-8".to_owned()),
        }
    }

    fn read(&self) -> Loaded {
        match &self.place {
            Place::Variable(name) | Place::Command(name) => match self.env.get(name) {
                Some(value) => self.parsed(Ok(Secret::new(value.into_encoded_bytes()))),
                None => Loaded::Unset,
            },
            Place::Named(name) => match self.env.path(name) {
                Some(path) => self.parsed(secret::read(&path)),
                None => Loaded::Unset,
            },
            Place::File(path) => self.parsed(secret::read(path)),
        }
    }

    fn parsed(&self, content: Result<Secret, String>) -> Loaded {
        match content.and_then(|content| self.parse(content)) {
            Ok(entries) => Loaded::Identities(entries),
            Err(problem) => Loaded::Broken(problem),
        }
    }

    fn parse(&self, content: Secret) -> Result<Vec<Entry>, String> {
        if let Content::Ssh = self.content {
            let ssh = Ssh::parse(&content, self.place(), &self.env)?;
            return Ok(vec![Entry::Ssh(ssh)]);
        }
        if Locked::is_one(&content) {
            return Ok(vec![Entry::Locked(Locked::new(content, self.place(), &self.env))]);
        }
        let text = std::str::from_utf8(&content).map_err(|_| "not text")?;
        parse(text, matches!(self.content, Content::Words), &self.env)
    }
}

/// What was found in a place, kept by its source or by the caller.
pub(super) enum Guard<'a> {
    Kept(&'a Loaded),
    Printed(Arc<Loaded>),
}

impl std::ops::Deref for Guard<'_> {
    type Target = Loaded;

    fn deref(&self) -> &Loaded {
        match self {
            Self::Kept(loaded) => loaded,
            Self::Printed(loaded) => loaded,
        }
    }
}

impl Loaded {
    /// The identities that it holds.
    pub(super) fn entries(&self) -> &[Entry] {
        match self {
            Self::Identities(entries) => entries,
            Self::Unset | Self::Broken(_) => &[],
        }
    }

    /// What there is to say when none of them opened the file. `None` for a variable that is not set.
    pub(super) fn outcome(&self, problems: &[String]) -> Option<String> {
        let entries = match self {
            Self::Unset => return None,
            Self::Broken(problem) => return Some(problem.clone()),
            Self::Identities(entries) => entries,
        };
        if !problems.is_empty() {
            return Some(problems.join(", "));
        }
        Some(match entries.as_slice() {
            [] => NO_IDENTITY.to_owned(),
            [Entry::Locked(_)] => "unlocked, none of its identities matches".to_owned(),
            [_] => "1 identity, which does not match".to_owned(),
            more => format!("{} identities, none matches", more.len()),
        })
    }
}
