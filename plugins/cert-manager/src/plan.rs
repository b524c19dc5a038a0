//! What is to become of each object: the Secrets that its certificates stand in, and the edits that name them.

mod blocks;
mod certificate;
mod listeners;
mod of_host;
pub(crate) mod zone;

use krm::{Finding, Resource, ResourceList};
use routes::opt_out::{self, Choice};
use routes::select::Subject;
use routes::{Facts, Route, Routes, TlsSlot};
use serde_json::Value;

use crate::author;
use crate::config::{CertManager, Settings};
use crate::issuer::{self, Chosen, IssuerRef};
use crate::request::Request;

/// The name of this function in the annotations of an opt-out.
const FUNCTION: &str = "cert-manager";

/// An object that a certificate attaches to.
#[derive(Debug)]
pub(crate) struct Object<'a> {
    /// Its route.
    pub(crate) route: &'a Route,
    /// Its namespace; empty where none stands there.
    pub(crate) namespace: String,
    /// What the config says for it.
    pub(crate) settings: Settings,
    /// Which rule said so.
    pub(crate) rule: Option<usize>,
    /// What its author says of the issuer.
    pub(crate) chosen: Chosen,
    /// The issuer that signs: the author's, or the config's.
    pub(crate) issuer: Option<IssuerRef>,
    /// What the certificate is to be, by author and config.
    pub(crate) request: Request,
    /// Whether its author leaves this function out.
    pub(crate) left: bool,
    /// What is to become of it.
    pub(crate) plan: Plan,
}

/// What is to become of an object.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// How it gets a certificate.
    pub(crate) way: Way,
    /// The Secrets of its certificates, each once.
    pub(crate) groups: Vec<Group>,
    /// The edits that complete it.
    pub(crate) edits: Vec<Edit>,
    /// Why cert-manager would take nothing of the whole object.
    pub(crate) rejected: Option<String>,
    /// Whether it serves TLS once the edits are done.
    pub(crate) tls: bool,
}

/// How an object gets a certificate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Way {
    /// Not at all.
    #[default]
    None,
    /// cert-manager reads its annotations.
    Annotations,
    /// By a Certificate beside it.
    Certificate,
    /// Another controller reads annotations of its own.
    Filled,
}

/// A Secret with the hosts that its certificate is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    /// The Secret.
    pub(crate) secret: String,
    /// The hosts.
    pub(crate) hosts: Vec<String>,
    /// Whether its name is given here: then nobody else may have it.
    pub(crate) new: bool,
    /// The zone whose wildcard certificate it holds.
    pub(crate) zone: Option<String>,
    /// Where it stands in the object, for messages.
    pub(crate) field: String,
}

/// One edit.
#[derive(Debug)]
pub(crate) struct Edit {
    /// Where.
    pub(crate) pointer: String,
    /// What.
    pub(crate) value: Value,
    /// Whether it goes into a list.
    pub(crate) insert: bool,
    /// Why.
    pub(crate) why: String,
}

impl Plan {
    /// Adds hosts to the group of a Secret.
    pub(crate) fn group(&mut self, group: Group) {
        match self.groups.iter_mut().find(|known| known.secret == group.secret) {
            Some(known) => {
                for host in group.hosts {
                    if !known.hosts.contains(&host) {
                        known.hosts.push(host);
                    }
                }
            }
            None => self.groups.push(group),
        }
    }

    fn set(&mut self, pointer: String, value: impl Into<Value>, why: String) {
        self.edits.push(Edit { pointer, value: value.into(), insert: false, why });
    }
}

impl Object<'_> {
    /// Whether the issuer is the config's.
    pub(crate) fn ours(&self) -> bool {
        self.chosen == Chosen::Nothing && self.issuer.is_some() && !self.left
    }

    /// Whether the author asks for a certificate.
    pub(crate) fn asked(&self) -> bool {
        matches!(self.chosen, Chosen::Named(_) | Chosen::Default(_))
    }

    /// Whether TLS is added and completed here.
    pub(crate) fn adds_tls(&self) -> bool {
        self.settings.add_tls == Some(true) && (self.ours() || self.asked()) && !self.left
    }

    /// What is done, and which rule says so.
    pub(crate) fn why(&self, what: impl std::fmt::Display) -> String {
        match self.rule {
            Some(at) => format!("{what} (rules[{at}])"),
            None => what.to_string(),
        }
    }

    /// The name that a Secret gets here which has none.
    pub(crate) fn secret_name(&self) -> String {
        format!("{}-tls", self.route.id.name)
    }
}

/// Every object that a certificate attaches to, in the order of the list.
pub(crate) fn survey<'a>(
    config: &CertManager,
    routes: &'a Routes,
    facts: &Facts,
    list: &ResourceList,
    said: &mut Vec<Finding>,
) -> Result<Vec<Object<'a>>, Box<Finding>> {
    let (mut objects, mut claims) = (Vec::new(), Vec::new());
    let around = (config, routes, facts, list);
    for route in routes.iter().filter(|route| route.tls != TlsSlot::None) {
        let item = &list.items()[route.item];
        let choice = opt_out::choice(item, FUNCTION, of_host::known(route))?;
        if choice == Choice::Other {
            claims.push(objects.len());
        }
        objects.push(planned(around, route, choice != Choice::None, said)?);
    }
    // What the others get is known now.
    let names = of_host::names(routes, &objects, &claims);
    for at in claims {
        let route = objects[at].route;
        let subject = facts.subject(routes, route, &list.items()[route.item]);
        let Some(host) = of_host::lacking(&names, &subject.hosts) else { continue };
        let mut more = Vec::new();
        let own = planned(around, route, false, &mut more)?;
        // Where it would get none, there is nothing to say.
        if !own.plan.groups.is_empty() {
            said.push(of_host::not_so(route, host));
            said.append(&mut more);
            objects[at] = own;
        }
    }
    Ok(objects)
}

/// One object; `left`: nothing is to become of it.
fn planned<'a>(
    (config, routes, facts, list): (&CertManager, &'a Routes, &Facts, &ResourceList),
    route: &'a Route,
    left: bool,
    said: &mut Vec<Finding>,
) -> Result<Object<'a>, Box<Finding>> {
    let way = match &route.tls {
        TlsSlot::None => Way::None,
        TlsSlot::Blocks { .. } | TlsSlot::Listeners(_) => Way::Annotations,
        TlsSlot::Certificate { .. } => Way::Certificate,
        TlsSlot::Filled { .. } => Way::Filled,
    };
    let name = &list.function_config().name;
    let item = &list.items()[route.item];
    let subject = facts.subject(routes, route, item);
    let mut object = object(config, route, item, &subject, way, facts, said, left)?;
    object.plan.way = way;
    match &route.tls {
        TlsSlot::None => {}
        TlsSlot::Blocks { pointer, blocks } => {
            blocks::plan(&mut object, pointer, blocks, &subject.hosts, name, said)?;
        }
        TlsSlot::Listeners(all) => listeners::plan(&mut object, item, all, name, said)?,
        TlsSlot::Certificate { pointer, tls } => {
            let tls = tls.as_ref();
            certificate::plan(&mut object, pointer, tls, &subject.hosts, name, said);
        }
        TlsSlot::Filled { own } => {
            // The author's certificate stays: that controller would replace it.
            if *own && object.chosen == Chosen::Nothing {
                object.issuer = None;
            }
            object.plan.tls = true;
        }
    }
    Ok(object)
}

#[expect(clippy::too_many_arguments, reason = "each is one thing that decides on an object")]
fn object<'a>(
    config: &CertManager,
    route: &'a Route,
    item: &Resource,
    subject: &Subject<'_>,
    way: Way,
    facts: &Facts,
    said: &mut Vec<Finding>,
    left: bool,
) -> Result<Object<'a>, Box<Finding>> {
    // Nothing is said of an object that its author leaves out.
    let mut unsaid = Vec::new();
    let said = if left { &mut unsaid } else { said };
    let (rule, settings) =
        if left { (None, Settings::default()) } else { config.decided(subject, said) };
    let acme = matches!(route.tls, TlsSlot::Blocks { .. });
    let chosen = match way {
        Way::Filled => Ok(issuer::chosen_on_route(item, said)),
        Way::None | Way::Annotations | Way::Certificate => issuer::chosen(item, acme, facts, said),
    };
    let chosen = if left { chosen.unwrap_or(Chosen::Off) } else { chosen? };
    let issuer = match &chosen {
        Chosen::Nothing => settings.issuer.as_ref().and_then(IssuerRef::of),
        Chosen::Named(issuer) => Some(issuer.clone()),
        Chosen::Default(issuer) => issuer.clone(),
        Chosen::Off => None,
    };
    let wanted = settings.certificate.clone().unwrap_or_default();
    let effective = !left && (issuer.is_some() || matches!(chosen, Chosen::Default(_)));
    let request = if effective { author::request(item, way, said)?.or(&wanted) } else { wanted };
    Ok(Object {
        route,
        namespace: route.id.namespace.clone(),
        settings,
        rule,
        chosen,
        issuer,
        request,
        left,
        plan: Plan::default(),
    })
}
