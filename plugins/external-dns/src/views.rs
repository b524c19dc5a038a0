//! Who reads an object, and under which prefixes: one view for each set of prefixes.

use krm::{Finding, Identity, Resource};
use routes::Facts;
use routes::facts::ExternalDnsFact;
use routes::facts::external_dns::Prefixes;
use routes::select::Selector;

use crate::config::Prefix;
use crate::keys::{ALPHA, GA};

/// The source of ExternalDNS that reads DNSEndpoints.
const CRD: &str = "crd";

/// What controllers with the same prefixes see of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct View {
    /// The prefixes that they read; of several the first wins.
    pub(crate) reads: Vec<String>,
    /// The prefixes that are written.
    pub(crate) writes: Vec<String>,
    /// Prefixes that they do not read, and whose values speak to them all the same: other spellings of the same key.
    pub(crate) silent: Vec<String>,
    /// The controllers, by their place in [`Controllers::all`].
    pub(crate) controllers: Vec<usize>,
}

/// A controller, with what is asked of it for each object.
#[derive(Debug)]
pub(crate) struct Controller {
    pub(crate) fact: ExternalDnsFact,
    pub(crate) prefixes: Prefixes,
    annotation_filter: Option<Selector>,
    label_filter: Option<Selector>,
}

/// The controllers that are known.
#[derive(Debug)]
pub(crate) struct Controllers {
    pub(crate) all: Vec<Controller>,
}

impl Controllers {
    /// Those of the tree and those of the facts file.
    pub(crate) fn of(facts: &Facts) -> Self {
        let filter = |text: &Option<String>| Selector::parse(text.as_deref()?).ok();
        let known = facts.external_dns().found().unwrap_or_default();
        let controller = |fact: &ExternalDnsFact| Controller {
            prefixes: fact.prefixes(),
            annotation_filter: filter(&fact.annotation_filter),
            label_filter: filter(&fact.label_filter),
            fact: fact.clone(),
        };
        Self { all: known.into_iter().map(controller).collect() }
    }

    /// Which of them read an object; a filter that cannot be read keeps nothing out.
    pub(crate) fn readers(&self, item: &Resource, class: Option<&str>) -> Vec<usize> {
        let reads = |controller: &Controller| {
            let fact = &controller.fact;
            let namespace = fact.only_namespace.as_deref().zip(item.namespace());
            let class = class.filter(|_| !fact.ingress_classes.is_empty());
            namespace.is_none_or(|(only, own)| only == own)
                && class.is_none_or(|class| fact.ingress_classes.iter().any(|one| one == class))
                && controller
                    .annotation_filter
                    .as_ref()
                    .is_none_or(|filter| filter.matches(|key| item.annotation(key)))
                && controller
                    .label_filter
                    .as_ref()
                    .is_none_or(|filter| filter.matches(|key| item.label(key)))
        };
        (0..self.all.len()).filter(|at| reads(&self.all[*at])).collect()
    }

    /// The views of an object that these controllers read.
    pub(crate) fn views(&self, prefix: &Prefix, readers: &[usize]) -> Vec<View> {
        let named = |reads: &[&str], silent: &[&str]| {
            let owned = |prefixes: &[&str]| prefixes.iter().map(|one| (*one).to_owned()).collect();
            let reads: Vec<String> = owned(reads);
            View {
                writes: reads.clone(),
                reads,
                silent: owned(silent),
                controllers: readers.to_vec(),
            }
        };
        match prefix {
            Prefix::Alpha => vec![named(&[ALPHA], &[GA])],
            Prefix::Ga => vec![named(&[GA], &[ALPHA])],
            Prefix::Both => vec![named(&[GA, ALPHA], &[])],
            Prefix::Custom(custom) => vec![named(&[custom], &self.unread())],
            Prefix::Auto if self.all.is_empty() => vec![named(&[GA, ALPHA], &[])],
            Prefix::Auto => self.found(readers),
        }
    }

    fn found(&self, readers: &[usize]) -> Vec<View> {
        let all: Vec<usize> = (0..self.all.len()).collect();
        let mut views: Vec<View> = Vec::new();
        for at in if readers.is_empty() { &all } else { readers } {
            let Prefixes { reads, known, .. } = &self.all[*at].prefixes;
            if let Some(view) = views.iter_mut().find(|view| view.reads == *reads) {
                view.controllers.push(*at);
                continue;
            }
            let writes = if *known { reads[..1].to_vec() } else { reads.clone() };
            let silent = if reads.iter().any(|prefix| is_default(prefix)) {
                [ALPHA, GA].into_iter().filter(|one| reads.iter().all(|read| read != one)).collect()
            } else {
                self.unread()
            };
            let silent = silent.into_iter().map(str::to_owned).collect();
            views.push(View { reads: reads.clone(), writes, silent, controllers: vec![*at] });
        }
        views
    }

    /// The default prefixes that no controller reads: their values speak to those with a custom prefix. With no
    /// controller known they may speak to another one.
    fn unread(&self) -> Vec<&'static str> {
        let read = |prefix: &&str| {
            self.all.iter().any(|one| one.prefixes.reads.iter().any(|read| read == prefix))
        };
        [ALPHA, GA].into_iter().filter(|prefix| !self.all.is_empty() && !read(prefix)).collect()
    }

    /// Every prefix that one of them reads, the default ones first.
    pub(crate) fn prefixes(&self) -> Vec<String> {
        let mut prefixes = vec![GA.to_owned(), ALPHA.to_owned()];
        for prefix in self.all.iter().flat_map(|one| &one.prefixes.reads) {
            if !prefixes.contains(prefix) {
                prefixes.push(prefix.clone());
            }
        }
        prefixes
    }

    /// A prefix of the config that no controller reads would leave every host without its record.
    pub(crate) fn refuse_unread(&self, prefix: &Prefix, field: &str) -> Result<(), Box<Finding>> {
        let written: &[&str] = match prefix {
            Prefix::Auto => return Ok(()),
            Prefix::Alpha => &[ALPHA],
            Prefix::Ga => &[GA],
            Prefix::Both => &[GA, ALPHA],
            Prefix::Custom(custom) => &[custom],
        };
        let read = |one: &Controller| {
            !one.prefixes.known
                || written.iter().any(|of| one.prefixes.reads.iter().any(|read| read == of))
        };
        let Some(first) = self.all.first().filter(|_| !self.all.iter().any(read)) else {
            return Ok(());
        };
        let message = format!(
            "no ExternalDNS reads {}: {} reads {}, because {}",
            written.join(" or "),
            first.name(),
            first.prefixes.reads.join(" and "),
            first.prefixes.because,
        );
        Err(Box::new(
            Finding::error("unread-prefix", message)
                .field(field)
                .hint("write `auto`, or `both` while a controller is updated"),
        ))
    }

    /// DNSEndpoints that are added, and that no controller reads.
    pub(crate) fn without_crd(&self, config: &Identity) -> Option<Finding> {
        let may_read = |one: &Controller| {
            let sources = &one.fact.sources;
            let hidden = sources.is_empty() || one.fact.unreadable_arguments;
            hidden || sources.iter().any(|source| source == CRD)
        };
        if self.all.is_empty() || self.all.iter().any(may_read) {
            return None;
        }
        let names: Vec<String> = self.all.iter().map(Controller::name).collect();
        let message =
            format!("a DNSEndpoint is added, and {} does not read any", names.join(" and "));
        let finding = Finding::warning("unread-endpoint", message).on(config.clone());
        Some(
            finding
                .hint(format!("give ExternalDNS `--source={CRD}`, or leave `mode: endpoint` out")),
        )
    }

    /// What `auto` found, for the curious.
    pub(crate) fn said(&self, config: &Identity) -> Vec<Finding> {
        if self.all.is_empty() {
            let message = format!(
                "neither the tree nor a facts file holds an ExternalDNS: annotations are written under {GA} and {ALPHA}"
            );
            let hint = "name a facts file in `facts`, or say the `prefix`";
            return vec![Finding::info("prefix-unknown", message).on(config.clone()).hint(hint)];
        }
        let say = |one: &Controller| {
            let (name, because) = (one.name(), &one.prefixes.because);
            let reads = one.prefixes.reads.join(" and ");
            if one.prefixes.known {
                let message = format!("{name} reads annotations under {reads}: {because}");
                Finding::info("prefix-found", message).on(config.clone())
            } else {
                let message =
                    format!("annotations are written under {reads} for {name}: {because}");
                Finding::info("prefix-unknown", message)
                    .on(config.clone())
                    .hint("correct the facts, or say the `prefix`")
            }
        };
        self.all.iter().map(say).collect()
    }
}

impl Controller {
    /// How messages call it.
    pub(crate) fn name(&self) -> String {
        let name = if self.fact.name.is_empty() { "ExternalDNS" } else { &self.fact.name };
        match &self.fact.namespace {
            Some(namespace) => format!("{namespace}/{name}"),
            None => name.to_owned(),
        }
    }
}

fn is_default(prefix: &str) -> bool {
    prefix == ALPHA || prefix == GA
}
