//! Tier 3: the suite inside the real Argo CD. `make test-argocd` builds what these need and runs them; nothing else does.
#![expect(clippy::panic, reason = "a test that cannot go on fails")]

mod apps;
mod attacks;
mod cache;
mod components;
mod confinement;
mod failures;
mod hangs;
mod left;
mod orphans;
mod sidecar;
mod tenants;
mod tree;
mod waves;
mod whole_loop;
mod woven;
mod wrapped;
