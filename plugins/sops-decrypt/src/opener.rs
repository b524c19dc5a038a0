//! Files become plain documents: read below the scope, decrypted or redacted, in the order asked for.

use std::num::NonZero;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use krm::{Finding, Loader, under};
use sops::{Format, Keyring, Plain, Sealed};

use crate::plan::Source;
use crate::said;

/// Threads at most, unless `KSOPS_CONCURRENCY_LIMIT` says less: the default of KSOPS.
const THREADS: usize = 20;

/// An encrypted data key longer than this (armored, in bytes) costs milliseconds to open: RSA. Those of X25519 and
/// cv25519 stay below 500, and are opened faster than a thread starts.
const SLOW_KEY: usize = 600;

/// Whether values are decrypted or replaced by placeholders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Values are decrypted.
    Decrypt,
    /// Values are replaced by placeholders; no key is looked for.
    Redact,
}

impl Mode {
    /// `PLEACH_SOPS`, from the operator's environment alone: an unknown word stops the build.
    pub(crate) fn of(loader: &Loader) -> Result<Self, Box<Finding>> {
        match loader.env("PLEACH_SOPS").map(|value| value.to_string_lossy()) {
            None => Ok(Self::Decrypt),
            Some(word) if word.is_empty() || word == "decrypt" => Ok(Self::Decrypt),
            Some(word) if word == "redact" => Ok(Self::Redact),
            Some(_) => Err(Box::new(
                Finding::error("sops-mode", "PLEACH_SOPS holds a word that is not known")
                    .hint("set it to `redact` to build without keys, or remove it to decrypt"),
            )),
        }
    }
}

/// A file that was opened.
pub(crate) struct Opened {
    /// The file, as messages name it.
    pub(crate) name: String,
    pub(crate) plain: Plain,
    /// Stands for the whole content when that is redacted and not to be split.
    pub(crate) placeholder: String,
}

/// What became of one file.
pub(crate) type Outcome = Result<Opened, Box<Finding>>;

/// Opens the files of one run with the keys of one run.
pub(crate) struct Opener<'l> {
    loader: &'l Loader,
    mode: Mode,
    threads: usize,
    keys: OnceLock<Keyring>,
}

impl<'l> Opener<'l> {
    pub(crate) fn new(loader: &'l Loader) -> Result<Self, Box<Finding>> {
        Ok(Self {
            loader,
            mode: Mode::of(loader)?,
            threads: threads(loader)?,
            keys: OnceLock::new(),
        })
    }

    pub(crate) fn mode(&self) -> Mode {
        self.mode
    }

    /// The keys of the run; nothing is read before the first file asks.
    pub(crate) fn keys(&self) -> &Keyring {
        self.keys.get_or_init(|| Keyring::started_by(under::command, self.loader.environment()))
    }

    /// Reads and parses one file.
    pub(crate) fn sealed(&self, source: &Source) -> Result<(String, Sealed), Box<Finding>> {
        let name = self.loader.name(&source.path);
        let bytes = self.loader.read(&source.path).map_err(|finding| {
            Box::new(match finding.field {
                None => finding.field(source.field.clone()),
                Some(_) => *finding,
            })
        })?;
        let sealed = Sealed::parse(&bytes, Format::of_path(&source.path))
            .map_err(|error| said::refused(&error, &name))?;
        Ok((name, sealed))
    }

    /// Opens every file: the outcome of each, in the order asked for. A file is parsed when it is its turn, so that
    /// one ciphertext at a time is held (as many as there are threads).
    pub(crate) fn open(&self, sources: &[&Source]) -> Vec<Outcome> {
        let mut opened = Vec::with_capacity(sources.len());
        for (i, source) in sources.iter().enumerate() {
            let sealed = self.sealed(source);
            let slow = sealed.as_ref().is_ok_and(|(_, sealed)| is_slow(sealed));
            if slow && self.mode == Mode::Decrypt && self.threads > 1 && i + 1 < sources.len() {
                opened.extend(self.at_once(&sources[i..]));
                break;
            }
            opened.push(sealed.and_then(|(name, sealed)| self.one(name, &sealed)));
        }
        opened
    }

    /// The same with threads, of which each takes the next file when it is done with one.
    fn at_once(&self, sources: &[&Source]) -> impl Iterator<Item = Outcome> + use<> {
        let next = AtomicUsize::new(0);
        let results: Vec<OnceLock<Outcome>> = sources.iter().map(|_| OnceLock::new()).collect();
        thread::scope(|scope| {
            for _ in 0..self.threads.min(sources.len()) {
                scope.spawn(|| {
                    while let Some((i, source)) = {
                        let i = next.fetch_add(1, Ordering::Relaxed);
                        sources.get(i).map(|source| (i, source))
                    } {
                        let opened = self.sealed(source);
                        let opened = opened.and_then(|(name, sealed)| self.one(name, &sealed));
                        // Each slot is filled once: the counter gives a number to one thread only.
                        let _ = results[i].set(opened);
                    }
                });
            }
        });
        results.into_iter().filter_map(OnceLock::into_inner)
    }

    fn one(&self, name: String, sealed: &Sealed) -> Outcome {
        let (plain, placeholder) = match self.mode {
            Mode::Redact => (sealed.redact(), sealed.placeholder()),
            Mode::Decrypt => {
                let plain =
                    sealed.open(self.keys()).map_err(|error| said::refused(&error, &name))?;
                (plain, String::new())
            }
        };
        Ok(Opened { name, plain, placeholder })
    }
}

/// Whether a thread of its own pays for this file.
fn is_slow(sealed: &Sealed) -> bool {
    sealed.metadata().key_groups.iter().flatten().any(|key| key.enc.len() > SLOW_KEY)
}

/// `KSOPS_CONCURRENCY_LIMIT`, as KSOPS reads it, and never more than there are cores.
fn threads(loader: &Loader) -> Result<usize, Box<Finding>> {
    let cores = || thread::available_parallelism().map_or(1, NonZero::get);
    let Some(limit) = loader.env("KSOPS_CONCURRENCY_LIMIT").filter(|limit| !limit.is_empty())
    else {
        return Ok(THREADS.min(cores()));
    };
    match limit.to_str().and_then(|limit| limit.parse::<NonZero<usize>>().ok()) {
        Some(limit) => Ok(limit.get().min(cores())),
        None => Err(Box::new(
            Finding::error("concurrency-limit", "KSOPS_CONCURRENCY_LIMIT is no number above 0")
                .hint("set it to the number of files to decrypt at once, or remove it"),
        )),
    }
}
