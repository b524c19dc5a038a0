//! What lives as long as the test process.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;

/// Makes something that starts servers, in a thread that ends with the process: the kernel ends a [`Server`] with the
/// thread that started it. The folder that comes with it is removed when the process is gone, however it ended.
///
/// [`Server`]: crate::Server
pub fn keep<T: Send + 'static>(start: impl FnOnce() -> (T, PathBuf) + Send + 'static) -> T {
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        let (made, folder) = start();
        remove_at_exit(folder);
        if send.send(made).is_ok() {
            loop {
                std::thread::park();
            }
        }
    });
    receive.recv().unwrap_or_else(|_| panic!("what the tests share does not start"))
}

/// A shell that waits for the end of its input, which is the end of this process.
fn remove_at_exit(folder: PathBuf) {
    // A server that is just being killed may still write.
    let script = r#"cat; rm -rf -- "$FOLDER" || { sleep 1; rm -rf -- "$FOLDER"; }"#;
    let mut shell = Command::new("sh");
    // Not as argument: what names the folder there counts as left behind.
    shell.args(["-c", script]).env("FOLDER", folder).stdin(Stdio::piped());
    let child = shell.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    // The pipe stays open until the process is gone.
    std::mem::forget(child);
}
