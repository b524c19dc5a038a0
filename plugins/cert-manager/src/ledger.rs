//! Who writes which Secret: two owners would replace each other's certificate for ever.

use std::collections::HashMap;

use krm::{Finding, Identity, ResourceList};
use serde_json::Value;

use crate::known;
use crate::plan::{Object, Way, zone};

/// Who writes and who uses each Secret, by namespace and name.
#[derive(Debug)]
pub(crate) struct Ledger<'a> {
    entries: HashMap<(&'a str, &'a str), Vec<Entry<'a>>>,
}

/// Somebody who writes or uses a Secret.
#[derive(Debug, Clone)]
struct Entry<'a> {
    who: Who,
    /// Which object it is.
    id: Identity,
    /// The names of its certificate; of one who uses it, the hosts.
    hosts: Vec<&'a str>,
    /// Whether its name is given here.
    new: bool,
    /// Where it is named.
    field: String,
}

/// What somebody has to do with a Secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    /// It stands in the tree itself.
    Secret,
    /// A Certificate that an author wrote, or an earlier run.
    Certificate,
    /// An object that its author annotated.
    Author,
    /// An object that the config gives an issuer; its place among the objects.
    Candidate(usize),
    /// Somebody who only uses it.
    User,
}

impl<'a> Ledger<'a> {
    /// Reads Secrets, Certificates and the plans of all objects.
    pub(crate) fn of(objects: &'a [Object<'_>], list: &'a ResourceList) -> Self {
        let mut ledger = Self { entries: HashMap::new() };
        for item in list.items() {
            let namespace = item.namespace().unwrap_or_default();
            let (who, secret, hosts) = match (item.api_version(), item.kind()) {
                ("v1", "Secret") => (Who::Secret, item.name(), Vec::new()),
                (version, "Certificate") if version.split('/').next() == Some(known::GROUP) => {
                    let secret = item.pointer("/spec/secretName").and_then(Value::as_str);
                    let Some(secret) = secret else { continue };
                    (Who::Certificate, secret, names(item))
                }
                _ => continue,
            };
            let field = "spec.secretName".to_owned();
            ledger.enter(namespace, secret, Entry { who, id: item.id(), hosts, new: false, field });
        }
        for (at, object) in objects.iter().enumerate() {
            for group in object.plan.groups.iter().filter(|group| group.zone.is_none()) {
                let who = match object.plan.way {
                    Way::Annotations if object.asked() => Who::Author,
                    Way::Annotations if object.ours() => Who::Candidate(at),
                    Way::Certificate if group.new => Who::Candidate(at),
                    Way::None | Way::Annotations | Way::Certificate | Way::Filled => Who::User,
                };
                let hosts = group.hosts.iter().map(String::as_str).collect();
                let field = krm::readable_pointer(&group.field);
                let id = object.route.id.clone();
                let entry = Entry { who, id, hosts, new: group.new, field };
                ledger.enter(&object.namespace, &group.secret, entry);
            }
        }
        ledger
    }

    fn enter(&mut self, namespace: &'a str, secret: &'a str, entry: Entry<'a>) {
        self.entries.entry((namespace, secret)).or_default().push(entry);
    }

    /// Whether the certificate of a Secret is this object's to get.
    pub(crate) fn owns(&self, at: usize, object: &Object<'_>, secret: &str) -> bool {
        let entries = self.entries.get(&(object.namespace.as_str(), secret));
        entries.and_then(|entries| owner(entries)).is_some_and(|who| who.who == Who::Candidate(at))
    }

    /// Checks every Secret; what is pushed to `said` is no reason to stop.
    pub(crate) fn check(&self, said: &mut Vec<Finding>) -> Result<(), Box<Finding>> {
        let mut all: Vec<_> =
            self.entries.iter().filter(|(_, entries)| entries.len() > 1).collect();
        all.sort_unstable_by_key(|(key, _)| **key);
        for ((_, secret), entries) in all {
            one(secret, entries, said)?;
        }
        Ok(())
    }
}

/// The names of a Certificate.
fn names(certificate: &Value) -> Vec<&str> {
    let names = certificate.pointer("/spec/dnsNames").and_then(Value::as_array);
    let common = certificate.pointer("/spec/commonName").and_then(Value::as_str);
    names.into_iter().flatten().filter_map(Value::as_str).chain(common).collect()
}

/// The one who writes a Secret. Of several that the config could annotate it is the first by name of those that have the
/// hosts of all.
fn owner<'e, 'a>(entries: &'e [Entry<'a>]) -> Option<&'e Entry<'a>> {
    let standing =
        |who: Who| entries.iter().filter(move |entry| entry.who == who).min_by_key(|one| &one.id);
    if let Some(found) = [Who::Secret, Who::Certificate, Who::Author].into_iter().find_map(standing)
    {
        return Some(found);
    }
    let candidate = |entry: &&Entry<'_>| matches!(entry.who, Who::Candidate(_));
    let has_all = |one: &&Entry<'_>| {
        entries.iter().filter(candidate).all(|other| other.hosts.iter().all(|host| has(one, host)))
    };
    entries.iter().filter(candidate).filter(has_all).min_by_key(|one| &one.id)
}

fn has(entry: &Entry<'_>, host: &str) -> bool {
    let names: Vec<String> = entry.hosts.iter().map(|host| (*host).to_owned()).collect();
    zone::covers(&names, host)
}

fn one(secret: &str, entries: &[Entry<'_>], said: &mut Vec<Finding>) -> Result<(), Box<Finding>> {
    let mut entries = entries.to_vec();
    entries.sort_by(|a, b| a.id.cmp(&b.id));
    // A name that is given here must be nobody else's to write.
    if let Some(new) = entries.iter().find(|entry| entry.new)
        && let Some(other) =
            entries.iter().find(|entry| entry.id != new.id && entry.who != Who::User)
    {
        return Err(Box::new(
            Finding::error(
                "secret-name-taken",
                format!("its Secret would be {secret}, which is that of {}", other.id),
            )
            .on(new.id.clone())
            .field(new.field.clone())
            .hint("name the Secret yourself, or give one of the two another name"),
        ));
    }
    let Some(owner) = owner(&entries) else {
        let of = |entry: &&Entry<'_>| matches!(entry.who, Who::Candidate(_));
        let mut claimed = entries.iter().filter(of);
        let (Some(first), Some(second)) = (claimed.next(), claimed.next()) else { return Ok(()) };
        return Err(shared(secret, second, first, "neither has the hosts of both"));
    };
    let writes = |entry: &&Entry<'_>| matches!(entry.who, Who::Certificate | Who::Author);
    for other in entries.iter().filter(|entry| entry.id != owner.id).filter(writes) {
        two_owners(secret, owner, other, said)?;
    }
    if owner.who == Who::Secret {
        return Ok(());
    }
    for user in entries.iter().filter(|entry| entry.id != owner.id) {
        let Some(host) = user.hosts.iter().find(|host| !has(owner, host)) else { continue };
        if matches!(user.who, Who::Candidate(_)) {
            return Err(shared(secret, user, owner, &format!("its certificate is not for {host}")));
        }
        if user.who == Who::User {
            said.push(
                Finding::warning(
                    "host-not-covered",
                    format!("the certificate in {secret}, by {}, is not for {host}", owner.id),
                )
                .on(user.id.clone())
                .field(user.field.clone())
                .hint("add the host to that certificate, or use a Secret of its own"),
            );
        }
    }
    Ok(())
}

/// Two that both write the Secret.
fn two_owners(
    secret: &str,
    owner: &Entry<'_>,
    other: &Entry<'_>,
    said: &mut Vec<Finding>,
) -> Result<(), Box<Finding>> {
    let lacks = other.hosts.iter().any(|host| !has(owner, host));
    match (owner.who, other.who) {
        (Who::Secret, _) => said.push(
            Finding::warning(
                "secret-written-over",
                format!("the Secret {secret} stands in the tree, and cert-manager writes its own certificate over it"),
            )
            .on(other.id.clone())
            .field(other.field.clone())
            .hint("take the Secret out of the tree, or the issuer off the object"),
        ),
        // cert-manager looks for a Certificate under the Secret's name, and leaves one without an owner alone.
        (Who::Certificate, Who::Author) if owner.id.name == secret && !lacks => {}
        (Who::Author, Who::Author) if !lacks && owner.hosts.iter().all(|host| has(other, host)) => {
            said.push(
                Finding::warning(
                    "shared-secret",
                    format!("{} gets the same Secret {secret}: cert-manager refuses one of the two", owner.id),
                )
                .on(other.id.clone())
                .field(other.field.clone())
                .hint("keep the issuer annotation on one of the two"),
            );
        }
        (Who::Certificate, Who::Author) if owner.id.name == secret => {
            return Err(shared(secret, other, owner, "its own hosts never get into the certificate"));
        }
        (Who::Author, Who::Author) => {
            return Err(shared(secret, other, owner, "the hosts of one never get into the certificate"));
        }
        (Who::Certificate | Who::Author | Who::Candidate(_) | Who::User, _) => {
            return Err(shared(secret, other, owner, "each writes its certificate over the other's"));
        }
    }
    Ok(())
}

fn shared(secret: &str, other: &Entry<'_>, owner: &Entry<'_>, why: &str) -> Box<Finding> {
    Box::new(
        Finding::error(
            "shared-secret",
            format!("{} gets the same Secret {secret}, and {why}", owner.id),
        )
        .on(other.id.clone())
        .field(other.field.clone())
        .hint("give each its own Secret, or have one Certificate with all hosts and no annotation"),
    )
}
