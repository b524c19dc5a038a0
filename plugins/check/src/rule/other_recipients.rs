//! A file encrypted for others than the creation rule names.

use krm::Finding;

use crate::recipient::{self, Recipient};
use crate::rule::{Rule, Subject};

pub(crate) const RULE: Rule = Rule {
    id: "other-recipients",
    page: "The recipients in the file's sops metadata are not those that the creation rule in `.sops.yaml` names now. One \
        that is missing cannot open the file; one too many still can, though it was taken out of the rule. Key groups \
        count as groups, in any order, and so does the Shamir threshold. A rule that names no recipient is not \
        compared: they come from the command line then.\n\n\
        `sops updatekeys FILE` brings the file in line. Who was taken out has seen the values: change those too.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let source = subject.source;
    let Some((_, rule)) = subject.creation.filter(|(_, rule)| !rule.groups.is_empty()) else {
        return Vec::new();
    };
    let Some(seal) = source.seals.iter().flatten().next() else { return Vec::new() };
    let what = if !same_groups(&rule.groups, &seal.groups) {
        let (named, held) = (rule.groups.concat(), seal.groups.concat());
        let missing = recipient::without(&named, &held);
        let additional = recipient::without(&held, &named);
        let mut parts = Vec::new();
        if !missing.is_empty() {
            parts.push(format!("not for {}", missing.join(", ")));
        }
        if !additional.is_empty() {
            parts.push(format!("for {} besides", additional.join(", ")));
        }
        if parts.is_empty() {
            parts.push(format!("in {} for the same recipients", groups(seal.groups.len())));
        }
        format!(
            "encrypted {}: {} names {}",
            parts.join(", and "),
            subject.creation_name(),
            groups_of(&rule.groups)
        )
    } else if rule.groups.len() > 1
        && threshold(rule.threshold.as_deref(), &rule.groups)
            != threshold(seal.threshold.as_deref(), &seal.groups)
    {
        format!(
            "opens with {} of {}: {} asks for {}",
            threshold(seal.threshold.as_deref(), &seal.groups),
            groups(seal.groups.len()),
            subject.creation_name(),
            threshold(rule.threshold.as_deref(), &rule.groups),
        )
    } else {
        return Vec::new();
    };
    let hint = format!("sops updatekeys {}", source.path.display());
    vec![Finding::error(RULE.id, what).line(&source.path, seal.line).hint(hint)]
}

/// The same groups in any order.
fn same_groups(named: &[Vec<Recipient>], held: &[Vec<Recipient>]) -> bool {
    let mut left: Vec<&Vec<Recipient>> = held.iter().collect();
    let all = named.iter().all(|group| {
        let same = |other: &&Vec<Recipient>| {
            recipient::without(group, other).is_empty()
                && recipient::without(other, group).is_empty()
        };
        left.iter().position(same).map(|at| left.remove(at)).is_some()
    });
    all && left.is_empty()
}

fn threshold(written: Option<&str>, groups: &[Vec<Recipient>]) -> String {
    written.map_or_else(|| groups.len().to_string(), str::to_owned)
}

fn groups(count: usize) -> String {
    if count == 1 { "1 key group".to_owned() } else { format!("{count} key groups") }
}

fn groups_of(named: &[Vec<Recipient>]) -> String {
    let recipients = named.concat().len();
    let recipients =
        if recipients == 1 { "1 recipient".to_owned() } else { format!("{recipients} recipients") };
    if named.len() == 1 { recipients } else { format!("{recipients} in {}", groups(named.len())) }
}
