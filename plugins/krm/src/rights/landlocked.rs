//! Gives up rights by Landlock. Best effort: what this kernel does not know stays allowed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetError, RulesetStatus, Scope, path_beneath_rules,
};
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

use super::{Allowed, Enforced};
use crate::under;

/// The newest rules that this file was written for: Linux 6.12.
const RULES: ABI = ABI::V6;

/// Where programs, their libraries and their settings are, and what they talk to.
const SYSTEM: &[&str] = &[
    "/usr", "/bin", "/sbin", "/lib", "/lib64", "/opt", "/nix", "/etc", "/proc", "/run", "/var/lib",
];

/// Devices that children write to: the terminal for a passphrase, `/dev/null`, a token.
const DEVICES: &str = "/dev";

pub(super) fn harden() {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let _ = setrlimit(Resource::Core, none);
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}

pub(super) fn confine(allowed: &Allowed) -> Enforced {
    enforced(&confined(allowed))
}

fn confined(allowed: &Allowed) -> Result<RulesetStatus, RulesetError> {
    let read = BitFlags::from(AccessFs::ReadFile) | AccessFs::ReadDir;
    let ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(RULES))?
        .create()?
        .add_rules(path_beneath_rules(&allowed.read, read))?;
    let ruleset = if allowed.run.is_empty() && allowed.write.is_empty() {
        ruleset
    } else {
        // Each rule costs five system calls at every start: what the system's folders hold has its rule already.
        let run: BTreeSet<PathBuf> = allowed.run.iter().flat_map(|path| programs(path)).collect();
        let run = run.iter().filter(|path| !SYSTEM.iter().any(|dir| path.starts_with(dir)));
        ruleset
            .add_rules(path_beneath_rules(SYSTEM, AccessFs::from_read(RULES)))?
            .add_rules(path_beneath_rules(run, AccessFs::from_read(RULES)))?
            // A child is this binary first.
            .add_rules(path_beneath_rules([under::own()], AccessFs::from_read(RULES)))?
            .add_rules(path_beneath_rules(
                [DEVICES],
                read | AccessFs::WriteFile | AccessFs::IoctlDev,
            ))?
            .add_rules(path_beneath_rules(&allowed.write, AccessFs::from_all(RULES)))?
    };
    Ok(ruleset.restrict_self()?.ruleset)
}

/// What a program is run from: the file that its name leads to, and the folder of that (Nix, Homebrew). A folder of
/// programs is that folder alone: beside `~/bin` stands everything of its owner.
fn programs(program: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let (first, second) = if program.is_dir() {
        (Some(program.to_owned()), None)
    } else {
        let target = program.canonicalize().ok();
        let beside = target.as_ref().and_then(|target| target.parent()).map(PathBuf::from);
        (target, beside)
    };
    [first, second].into_iter().flatten()
}

pub(super) fn give_up_the_rest(keep: &[PathBuf]) -> Enforced {
    let given_up = || {
        Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(RULES))?
            .handle_access(AccessNet::from_all(RULES))?
            .scope(Scope::from_all(RULES))?
            .create()?
            .add_rules(path_beneath_rules(
                keep,
                BitFlags::from(AccessFs::ReadFile) | AccessFs::ReadDir,
            ))?
            .restrict_self()
    };
    enforced(&given_up().map(|status| status.ruleset))
}

pub(super) fn kernel() -> Enforced {
    let has = |rules| {
        let all = Ruleset::default()
            .set_compatibility(CompatLevel::HardRequirement)
            .handle_access(AccessFs::from_all(rules));
        all.and_then(Ruleset::create).is_ok()
    };
    match (has(RULES), has(ABI::V1)) {
        (true, _) => Enforced::Fully,
        (false, true) => Enforced::Partly,
        (false, false) => Enforced::Not,
    }
}

fn enforced(status: &Result<RulesetStatus, RulesetError>) -> Enforced {
    match status {
        Ok(RulesetStatus::FullyEnforced) => Enforced::Fully,
        Ok(RulesetStatus::PartiallyEnforced) => Enforced::Partly,
        Ok(RulesetStatus::NotEnforced) | Err(_) => Enforced::Not,
    }
}
