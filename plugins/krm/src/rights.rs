//! A run gives up its own rights before it parses what somebody else wrote.
//!
//! First, before input is read: no core dumps, no reading of this process's memory by others. Then,
//! by Landlock and as far as the kernel has it (Linux 5.13; never an error without), the file
//! system: only the scope, the keys and what children run from can be read, nothing can be written
//! but what a child needs. Once it is known that no function reads secrets, all of that goes as
//! well: a transformer keeps standard input, output and error.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::{Definition, Environment, Loader};

#[cfg(all(target_os = "linux", not(pleach_portable)))]
#[path = "rights/landlocked.rs"]
mod system;
#[cfg(not(all(target_os = "linux", not(pleach_portable))))]
#[path = "rights/portable.rs"]
mod system;

/// What a function needs beside the scope.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// A file or folder that is read. It need not exist.
    Read(PathBuf),
    /// A folder that a child writes into: GnuPG's home, with its locks and sockets.
    Write(PathBuf),
    /// A program, or a folder of programs, that may be started as a child.
    Run(PathBuf),
    /// A child of the operator's own choosing, whose needs nobody knows: no right is given up.
    Anything,
}

/// How far the kernel enforces what was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enforced {
    /// All of it.
    Fully,
    /// What this kernel knows of it.
    Partly,
    /// Nothing: no Landlock here, or a function needs [`Need::Anything`].
    Not,
}

/// Forbids core dumps, and reading this process's memory to other processes of the same user.
pub fn harden() {
    system::harden();
}

/// Gives up, for this thread and all that it starts, what no function of the binary needs.
pub fn confine(definitions: &[Definition], environment: &Environment, loader: &Loader) -> Enforced {
    let needs = definitions.iter().filter_map(|definition| definition.needs);
    // Several functions of one crate need the same.
    let needs: BTreeSet<Need> = needs.flat_map(|needs| needs(environment)).collect();
    if needs.contains(&Need::Anything) {
        return Enforced::Not;
    }
    let mut allowed = Allowed { read: loader.scope().roots().to_vec(), ..Allowed::default() };
    for need in needs {
        match need {
            Need::Read(path) => allowed.read.push(path),
            Need::Write(path) => allowed.write.push(path),
            Need::Run(path) => allowed.run.push(path),
            Need::Anything => {}
        }
    }
    system::confine(&allowed)
}

/// Gives up, for this thread and all that it starts, every right to files and to the network, except that the folders
/// in `keep` stay readable.
pub fn give_up_the_rest(keep: &[PathBuf]) -> Enforced {
    system::give_up_the_rest(keep)
}

/// How far this kernel would enforce it. Nothing is given up.
pub fn kernel() -> Enforced {
    system::kernel()
}

/// What the file system still allows.
#[derive(Debug, Default)]
struct Allowed {
    read: Vec<PathBuf>,
    write: Vec<PathBuf>,
    run: Vec<PathBuf>,
}
