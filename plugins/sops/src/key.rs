//! Key services: who can open an encrypted data key. One file per service, one line in [`SERVICES`].

mod age;
pub mod cloud;
mod env;
mod pgp;
mod secret;

use std::path::PathBuf;

use zeroize::Zeroizing;

pub use env::{CHILD_ENVIRONMENT, Env, Starter};

use crate::metadata::MasterKey;

/// Every key service, in the order in which sops asks them when nothing else is said
/// (`SOPS_DECRYPTION_ORDER`; `DefaultDecryptionOrder` in `sops.go` of v3.13.3).
pub const SERVICES: &[Service] = &[age::SERVICE, pgp::SERVICE];

/// How a key service is started. Starting one reads nothing.
pub struct Service {
    /// The name of its list in the metadata, and in `SOPS_DECRYPTION_ORDER`.
    pub name: &'static str,
    /// Makes the service over the environment.
    pub start: fn(&Env) -> Box<dyn KeyService>,
}

/// Opens data keys of one kind. Shared by all threads of a run; what it reads, it reads once.
pub trait KeyService: Send + Sync {
    /// Opens one entry of a key group: a data key, or a share of it.
    fn open(&self, entry: &MasterKey) -> Result<Zeroizing<Vec<u8>>, Refusal>;

    /// The files, folders and programs that it may need.
    fn paths(&self) -> Vec<Needed>;

    /// The keys that it finds, for people: never their content. Protected ones are unlocked, which may take a second
    /// each; no program is run.
    fn found(&self) -> Vec<Found>;
}

/// A path that a key service needs, for whoever confines the process.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needed {
    /// A file or folder that is read. It need not exist.
    Read(PathBuf),
    /// A folder that a child process writes into: the home of `GnuPG`, with its locks and sockets.
    Write(PathBuf),
    /// A program that may be started as a child, or a folder of such programs.
    Run(PathBuf),
}

/// A key that is at hand, or a place that should hold one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The service that can use it.
    pub service: &'static str,
    /// Who it is: a recipient or a fingerprint. Empty where a place holds no key.
    pub recipient: String,
    /// Where it is: a variable, a path.
    pub place: String,
    /// Whether it can do its work.
    pub health: Health,
}

/// Whether a key can do its work. No text holds anything secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// It opens files; and what else is worth knowing.
    Usable {
        /// Such as `subkey 0123456789ABCDEF, does not expire`.
        note: Option<String>,
    },
    /// It opens files and something about it is in the way of new ones; or it is of no use, and nobody asked for it.
    Doubtful {
        /// In a few words.
        problem: String,
        /// What to do.
        hint: String,
    },
    /// The operator named it, and it opens nothing.
    Broken {
        /// In a few words.
        problem: String,
        /// What to do.
        hint: String,
    },
}

impl Health {
    /// The same for a place that is looked at without being named.
    pub(crate) fn unasked(self) -> Self {
        match self {
            Self::Broken { problem, hint } => Self::Doubtful { problem, hint },
            other => other,
        }
    }
}

/// One place where a key was looked for, and what was found there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// A variable, a path, or both: `SOPS_AGE_KEY_FILE=/keys/age.txt`.
    pub place: String,
    /// What was there: `2 identities, none matches`. `None` for a variable that is not set.
    pub outcome: Option<String>,
}

/// Why a service did not open an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// In a few words: `no identity matches`.
    pub reason: String,
    /// Every place where a key was looked for.
    pub attempts: Vec<Attempt>,
    /// What to do.
    pub hint: String,
}
