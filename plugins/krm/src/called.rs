//! Whether a host calls, for a process that has arguments: a tree's `exec.args` must not become a command line.

/// Whether standard input is a pipe with a ResourceList in it. Nothing is taken out of the pipe.
///
/// A host writes as soon as it has started us; an idle pipe (a CI job's) costs a second, once.
#[cfg(all(target_os = "linux", not(pleach_portable)))]
pub fn as_function() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fs::{FileType, fstat};
    use rustix::pipe::{PipeFlags, SpliceFlags, pipe_with, tee};

    /// How much is looked at: the list begins with its apiVersion and kind.
    const HEAD: usize = 1024;
    /// How long a host may take to begin, on a machine that has much to do.
    const WAIT: Timespec = Timespec { tv_sec: 1, tv_nsec: 0 };

    let stdin = std::io::stdin();
    let look = || -> rustix::io::Result<bool> {
        if FileType::from_raw_mode(fstat(&stdin)?.st_mode) != FileType::Fifo {
            return Ok(false);
        }
        poll(&mut [PollFd::new(&stdin, PollFlags::IN)], Some(&WAIT))?;
        let (read, write) = pipe_with(PipeFlags::NONBLOCK | PipeFlags::CLOEXEC)?;
        let seen = tee(&stdin, &write, HEAD, SpliceFlags::NONBLOCK)?;
        let mut head = [0; HEAD];
        let seen = rustix::io::read(&read, &mut head[..seen])?;
        Ok(is_list(&head[..seen]))
    };
    // What cannot be looked at is no host's pipe.
    look().unwrap_or(false)
}

/// Here nobody can tell.
#[cfg(not(all(target_os = "linux", not(pleach_portable))))]
pub fn as_function() -> bool {
    false
}

/// Whether a text begins like a ResourceList, in YAML or in JSON.
#[cfg_attr(
    any(not(target_os = "linux"), pleach_portable),
    expect(dead_code, reason = "only where a pipe can be looked into")
)]
fn is_list(head: &[u8]) -> bool {
    let head = String::from_utf8_lossy(head);
    let squeezed: String =
        head.chars().filter(|c| !matches!(c, ' ' | '"' | '\'' | '\t' | '\r')).collect();
    squeezed.split(['\n', ',', '{']).any(|part| part.starts_with("kind:ResourceList"))
}

#[cfg(all(test, target_os = "linux", not(pleach_portable)))]
mod tests {
    use super::is_list;

    #[test]
    fn a_resource_list_is_known_by_its_head() {
        assert!(is_list(b"apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n"));
        assert!(is_list(br#"{"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList"#));
        assert!(!is_list(b"apiVersion: v1\nkind: ConfigMap\ndata:\n  a: kind: x\n"));
        assert!(!is_list(b""));
    }
}
