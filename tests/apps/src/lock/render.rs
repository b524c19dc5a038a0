//! What a URL renders to: a kustomization that names it alone, built by the real kustomize.

use std::process::Stdio;

use test_support::{Scratch, kustomize};

use super::{Mirror, Upstream};

/// The stream.
pub(super) fn render(upstream: &Upstream, mirror: &Mirror) -> Result<String, String> {
    let mut resource = mirror.resource(upstream)?;
    let scratch = Scratch::new();
    if resource != upstream.url {
        // kustomize reads no file outside of its folder.
        let text = std::fs::read(&resource).map_err(|error| error.to_string())?;
        scratch.write("build/upstream.yaml", text);
        "upstream.yaml".clone_into(&mut resource);
    }
    scratch.write("build/kustomization.yaml", format!("resources: [\"{resource}\"]\n"));
    let mut command = scratch.command(kustomize());
    mirror.redirect(&mut command);
    let output = command.arg("build").arg(scratch.join("build")).stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("kustomize: {error}"));
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    // What it says names folders of this machine; these are what can be told apart.
    let why = match () {
        () if said.contains("no such host") || said.contains("Could not resolve host") => {
            "the network is out of reach"
        }
        () if said.contains("couldn't find remote ref") => "its repository there has no such tag",
        () => "kustomize does not build it",
    };
    Err(why.to_owned())
}
