//! Opens a file below a folder, whatever the path and its symlinks say.
//!
//! The kernel checks each step (`openat2` with `RESOLVE_BENEATH`, Linux 5.6), so a symlink that is
//! swapped between check and open changes nothing. Absolute symlinks that stay inside are what it
//! refuses too much: they are resolved first, and the result is opened under the same rule. Where
//! `openat2` is not to be had (another system, a filter that forbids it), the path is resolved and
//! compared, which a swap in between can beat.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{FileType, Mode, OFlags};
use rustix::io::Errno;

use super::{MAX_FILE, normal};

/// A folder of the scope, held open.
#[derive(Debug)]
pub(super) struct Root {
    path: PathBuf,
    #[cfg_attr(
        not(all(target_os = "linux", not(pleach_portable))),
        expect(dead_code, reason = "openat2 alone opens from it")
    )]
    dir: OwnedFd,
}

/// Why a file is not read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// The tree's author named an absolute path outside.
    #[error("an absolute path outside the scope")]
    Absolute,
    /// The tree's author named a path that climbs outside.
    #[error("`..` leads outside the scope")]
    Parent,
    /// A symlink of the tree points outside, or into `/proc`.
    #[error("a symlink leads outside the scope")]
    Link,
    /// The path names a folder, a pipe, a device or a socket.
    #[error("is {0}, not a file")]
    NotAFile(&'static str),
    /// The file is larger than a tree's file can sensibly be.
    #[error("is larger than {} MiB", MAX_FILE / 1024 / 1024)]
    TooLarge,
    /// There is no such file.
    #[error("no such file")]
    Missing,
    /// The system refuses.
    #[error("cannot be read: {0}")]
    Unreadable(io::ErrorKind),
}

impl From<Errno> for Error {
    fn from(errno: Errno) -> Self {
        match errno {
            Errno::NOENT | Errno::NOTDIR => Self::Missing,
            Errno::XDEV | Errno::LOOP => Self::Link,
            // A socket cannot be opened.
            Errno::NXIO => Self::NotAFile("a socket"),
            other => Self::Unreadable(io::Error::from(other).kind()),
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Errno::from_io_error(&error).map_or(Self::Unreadable(error.kind()), Self::from)
    }
}

impl Root {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::RDONLY;
        Ok(Self { path: path.to_owned(), dir: rustix::fs::open(path, flags, Mode::empty())? })
    }
}

/// Reads the regular file that `path` names from `base`, when it lies below one of the roots.
pub(super) fn read(roots: &[Root], base: &Path, path: &Path) -> Result<Vec<u8>, Error> {
    let file = open(roots, base, path, OFlags::RDONLY)?;
    let stat = rustix::fs::fstat(&file)?;
    regular(FileType::from_raw_mode(stat.st_mode))?;
    let size = u64::try_from(stat.st_size).unwrap_or(0);
    if size > MAX_FILE {
        return Err(Error::TooLarge);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    // A file can grow while it is read.
    File::from(file).take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE { Err(Error::TooLarge) } else { Ok(bytes) }
}

/// Whether `path` names a folder below one of the roots.
pub(super) fn folder(roots: &[Root], base: &Path, path: &Path) -> Result<(), Error> {
    open(roots, base, path, OFlags::RDONLY | OFlags::DIRECTORY).map(drop)
}

fn open(roots: &[Root], base: &Path, path: &Path, flags: OFlags) -> Result<OwnedFd, Error> {
    // A pipe without a writer must not block, a terminal must not become ours.
    let flags = flags | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let full = base.join(path);
    for root in roots {
        let Ok(below) = full.strip_prefix(&root.path) else { continue };
        match beneath(root, below, flags) {
            Err(Error::Link) => {}
            decided => return decided,
        }
    }
    // Outside by its text, or over a symlink that the kernel calls an escape. What stands at the
    // end decides; when nothing can be found there, its text does.
    let resolved = full.canonicalize().map_err(|_| outside(roots, base, path))?;
    for root in roots {
        let Ok(below) = resolved.strip_prefix(&root.path) else { continue };
        return beneath(root, below, flags);
    }
    Err(outside(roots, base, path))
}

#[cfg(all(target_os = "linux", not(pleach_portable)))]
fn beneath(root: &Root, below: &Path, flags: OFlags) -> Result<OwnedFd, Error> {
    use rustix::fs::{ResolveFlags, openat2};
    let below = if below.as_os_str().is_empty() { Path::new(".") } else { below };
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS;
    // The kernel gives up with EAGAIN when something is renamed meanwhile; an attacker can make
    // that last, so not for ever.
    for _ in 0..64 {
        match openat2(&root.dir, below, flags, Mode::empty(), resolve) {
            Err(Errno::AGAIN | Errno::INTR) => {}
            Err(Errno::NOSYS | Errno::PERM) => return compared(root, below, flags),
            other => return Ok(other?),
        }
    }
    Err(Error::Unreadable(io::ErrorKind::Interrupted))
}

#[cfg(all(target_os = "linux", not(pleach_portable)))]
pub(super) fn by_the_kernel() -> bool {
    use rustix::fs::{CWD, ResolveFlags, openat2};
    let flags = OFlags::PATH | OFlags::CLOEXEC;
    let probe = openat2(CWD, ".", flags, Mode::empty(), ResolveFlags::BENEATH);
    !matches!(probe, Err(Errno::NOSYS | Errno::PERM))
}

#[cfg(not(all(target_os = "linux", not(pleach_portable))))]
pub(super) fn by_the_kernel() -> bool {
    false
}

#[cfg(not(all(target_os = "linux", not(pleach_portable))))]
fn beneath(root: &Root, below: &Path, flags: OFlags) -> Result<OwnedFd, Error> {
    compared(root, below, flags)
}

/// Resolves, compares, opens: for where the kernel does not do it in one step.
fn compared(root: &Root, below: &Path, flags: OFlags) -> Result<OwnedFd, Error> {
    let resolved = root.path.join(below).canonicalize()?;
    if !resolved.starts_with(&root.path) {
        return Err(Error::Link);
    }
    Ok(rustix::fs::open(&resolved, flags | OFlags::NOFOLLOW, Mode::empty())?)
}

/// By which way a path leads outside.
fn outside(roots: &[Root], base: &Path, path: &Path) -> Error {
    let text = normal(&base.join(path));
    if roots.iter().any(|root| text.starts_with(&root.path)) {
        Error::Link
    } else if path.is_absolute() {
        Error::Absolute
    } else {
        Error::Parent
    }
}

fn regular(kind: FileType) -> Result<(), Error> {
    Err(Error::NotAFile(match kind {
        FileType::RegularFile => return Ok(()),
        FileType::Directory => "a folder",
        FileType::Fifo => "a pipe",
        FileType::Socket => "a socket",
        FileType::CharacterDevice | FileType::BlockDevice => "a device",
        _ => "something else",
    }))
}
