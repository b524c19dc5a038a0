//! Every key that can be found, and the data key of a file.

mod error;

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::key::cloud;
use crate::key::{Env, Found, KeyService, Needed, Refusal, SERVICES, Starter};
use crate::metadata::{MasterKey, Metadata};
use crate::shamir;

pub use error::{KeyError, Refused, RefusedEntry};

/// Bytes of an encrypted data key. A real one has at most a few thousand; a larger one is an attack, and would fill the
/// pipe to gpg.
const ENTRY_LIMIT: usize = 32 * 1024;

/// The 32 bytes that every value of a file is encrypted with. Wiped when dropped.
pub struct DataKey(Zeroizing<[u8; 32]>);

impl DataKey {
    /// The key itself.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A known key, for tests of the codec.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(..)")
    }
}

/// Every key that can be found, read once per run. Shared by all files and threads of the run.
pub struct Keyring {
    env: Env,
    services: Vec<(&'static str, Box<dyn KeyService>)>,
}

impl Keyring {
    /// Looks keys up where sops does, in sops' order, through `env` (the environment as it was at the start; ours is
    /// cleaned by then). Nothing is read before the first file asks.
    pub fn new(env: impl Fn(&str) -> Option<OsString> + Send + Sync + 'static) -> Self {
        Self::start(Env::new(env))
    }

    /// The same, and programs that hold keys are started by `starter`.
    pub fn started_by(
        starter: Starter,
        env: impl Fn(&str) -> Option<OsString> + Send + Sync + 'static,
    ) -> Self {
        let mut env = Env::new(env);
        env.starter = starter;
        Self::start(env)
    }

    /// The same as `new`, but nobody is asked for a passphrase at a terminal.
    pub fn unattended(env: impl Fn(&str) -> Option<OsString> + Send + Sync + 'static) -> Self {
        let mut env = Env::new(env);
        env.unattended = true;
        Self::start(env)
    }

    fn start(env: Env) -> Self {
        let services = SERVICES.iter().map(|s| (s.name, (s.start)(&env))).collect();
        Self { env, services }
    }

    /// The files and folders that keys may be read from, for whoever confines the process. They need not exist.
    pub fn paths(&self) -> Vec<PathBuf> {
        let read = |needed| match needed {
            Needed::Read(path) | Needed::Write(path) => Some(path),
            Needed::Run(_) => None,
        };
        self.needs().into_iter().filter_map(read).collect()
    }

    /// Everything that opening a file may need: what is read, where children write, what is run.
    pub fn needs(&self) -> Vec<Needed> {
        let mut needs: Vec<Needed> = self.services.iter().flat_map(|(_, s)| s.paths()).collect();
        needs.sort();
        needs.dedup();
        needs
    }

    /// The keys that are at hand, and whether each can do its work: by recipient or fingerprint, never their content.
    /// Protected ones are unlocked, which may take a second each; no program is run.
    pub fn found(&self) -> Vec<Found> {
        self.services.iter().flat_map(|(_, service)| service.found()).collect()
    }

    /// Opens the data key of a file: each group by any of its keys, more than one group by Shamir's scheme.
    pub fn data_key(&self, metadata: &Metadata) -> Result<DataKey, KeyError> {
        let groups = &metadata.key_groups;
        if groups.iter().all(Vec::is_empty) {
            return Err(KeyError::NoRecipients);
        }
        // One group is no secret shared. One share of several is no secret either.
        let threshold = match metadata.shamir_threshold {
            Some(n) if n > 0 && groups.len() > 1 => n.max(2),
            _ => groups.len(),
        };
        let mut parts = Vec::new();
        let mut refused = Vec::new();
        for (i, group) in groups.iter().enumerate() {
            if parts.len() == threshold {
                break;
            }
            match self.open_group(i + 1, group) {
                Ok(part) => parts.push(part),
                Err(mut entries) => refused.append(&mut entries),
            }
        }
        if parts.len() < threshold || parts.is_empty() {
            let (opened, groups) = (parts.len(), groups.len());
            let refused = Refused { opened, threshold, groups, entries: refused };
            return Err(KeyError::Refused(refused));
        }
        let [part] = parts.as_slice() else {
            return shamir::combine(&parts).map(DataKey).map_err(KeyError::Shares);
        };
        let found = part.len();
        let key = <[u8; 32]>::try_from(part.as_slice()).map_err(|_| KeyError::Length { found })?;
        Ok(DataKey(Zeroizing::new(key)))
    }

    fn open_group(
        &self,
        group: usize,
        entries: &[MasterKey],
    ) -> Result<Zeroizing<Vec<u8>>, Vec<RefusedEntry>> {
        let order = self.order();
        let rank = |entry: &&MasterKey| {
            order.iter().position(|name| *name == entry.service).unwrap_or(order.len())
        };
        let mut sorted: Vec<&MasterKey> = entries.iter().collect();
        sorted.sort_by_key(rank);
        let mut refused = Vec::new();
        for entry in sorted {
            let service = self.services.iter().find(|(name, _)| *name == entry.service);
            let answer = match service {
                Some(_) if entry.enc.len() > ENTRY_LIMIT => Err(too_large()),
                Some((_, service)) => service.open(entry),
                None => Err(unknown(&entry.service)),
            };
            match answer {
                Ok(part) => return Ok(part),
                Err(refusal) => refused.push(RefusedEntry {
                    group,
                    service: entry.service.clone(),
                    recipient: entry.recipient.clone(),
                    refusal,
                }),
            }
        }
        Err(refused)
    }

    /// `SOPS_DECRYPTION_ORDER`, else the order of [`SERVICES`]. What it does not name comes last, in the file's order.
    fn order(&self) -> Vec<String> {
        match self.env.get("SOPS_DECRYPTION_ORDER") {
            Some(order) => {
                order.to_string_lossy().split(',').map(|name| name.trim().to_owned()).collect()
            }
            None => SERVICES.iter().map(|service| service.name.to_owned()).collect(),
        }
    }
}

fn too_large() -> Refusal {
    let reason = format!("its encrypted data key is larger than {ENTRY_LIMIT} bytes");
    let hint = "restore the file from version control".to_owned();
    Refusal { reason, attempts: Vec::new(), hint }
}

fn unknown(service: &str) -> Refusal {
    let reason = match cloud::name(service) {
        Some(name) => format!("keys of {name} are not supported yet"),
        None => "an unknown kind of key".to_owned(),
    };
    let hint =
        "add an age or PGP recipient to the file with `sops rotate --add-age` or `sops updatekeys`";
    Refusal { reason, attempts: Vec::new(), hint: hint.to_owned() }
}
