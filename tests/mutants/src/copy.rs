//! Copies the tree, so that no edit ever stands in the real one.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

/// Lays `tree` out anew from every file of `root` that git knows or would add.
pub(crate) fn fresh(root: &Path, tree: &Path) -> io::Result<()> {
    if tree.exists() {
        fs::remove_dir_all(tree)?;
    }
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()?;
    if !listed.status.success() {
        return Err(io::Error::other("git ls-files failed"));
    }
    for name in String::from_utf8_lossy(&listed.stdout).split('\0').filter(|name| !name.is_empty())
    {
        let (from, to) = (root.join(name), tree.join(name));
        // A file that was deleted and not yet committed is listed, and not there.
        let Ok(metadata) = from.symlink_metadata() else { continue };
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent)?;
        }
        if metadata.is_symlink() {
            symlink(&fs::read_link(&from)?, &to)?;
        } else {
            fs::copy(&from, &to)?;
        }
    }
    // Some tests look for the root of a repository.
    Command::new("git").args(["init", "--quiet"]).current_dir(tree).status().map(drop)
}

#[cfg(unix)]
fn symlink(target: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(not(unix))]
fn symlink(_target: &Path, _link: &Path) -> io::Result<()> {
    Err(io::Error::from(io::ErrorKind::Unsupported))
}
