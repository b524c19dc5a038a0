//! One route with everything that decides about it: its settings, what its author says, and the state of each rule.

use krm::{Finding, Resource};
use routes::opt_out::{self, Choice};
use routes::select::{Match, Subject};
use routes::{AuthSlot, Host, Route, Rule};

use crate::around::Around;
use crate::config::{Dialect, Mode, Order, Settings};
use crate::dialect::{self, Words};
use crate::state::{Open, State, is_mixed, never};
use crate::{attach, id};

/// The name of the function, as its annotations have it.
pub(crate) const NAME: &str = "forward-auth";
/// What an author says who wants sign-in.
pub(crate) const REQUIRED: &str = "required";

/// One route.
#[derive(Debug)]
pub(crate) struct Case<'a> {
    pub(crate) route: &'a Route,
    pub(crate) item: &'a Resource,
    pub(crate) subject: Subject<'a>,
    /// Which rule of the config is for it.
    pub(crate) rule: Option<usize>,
    settings: Settings,
    /// Which sign-in it gets.
    pub(crate) chain: Option<usize>,
    /// Whether its author asks for sign-in.
    pub(crate) required: bool,
    /// In whose words its annotation is written, or why that is not known.
    pub(crate) words: Result<Words, String>,
    /// The state of each of its rules.
    pub(crate) states: Vec<State>,
    /// Whether a rule serves what must stay open and what must not.
    pub(crate) mixed: Vec<bool>,
    /// Whether a rule names a member of the chain already.
    pub(crate) names_chain: Vec<bool>,
}

impl<'a> Case<'a> {
    /// Reads one. What is said goes to `said`.
    pub(crate) fn of(
        around: &Around<'a>,
        route: &'a Route,
        said: &mut Vec<Finding>,
    ) -> Result<Self, Box<Finding>> {
        let item = &around.items[route.item];
        let subject = around.subject(route);
        let (rule, settings) = around.spec.decided(&subject, said);
        let choice = opt_out::choice(item, NAME, Some(REQUIRED))?;
        let label = item.label(&opt_out::key(NAME)) == Some(REQUIRED);
        let waits = route
            .rules
            .iter()
            .flat_map(|rule| &rule.middlewares)
            .any(|one| attach::is_unwoven(&route.auth, one));
        if let Choice::Skip(_) = choice
            && (label || waits)
        {
            let also = if label { "its label requires it" } else { "it waits for it" };
            return Err(Box::new(
                Finding::error("contradiction", format!("opts out of sign-in, and {also}"))
                    .on(item.id())
                    .field(format!("metadata.annotations[{:?}]", opt_out::key(NAME)))
                    .hint(format!(
                        "remove one of the two; `{}` is never left in the output",
                        id::UNWOVEN
                    )),
            ));
        }
        let words = match &route.auth {
            AuthSlot::Annotation => {
                let dialect = settings.dialect.unwrap_or(Dialect::Auto);
                dialect::of(dialect, &subject, around.facts)
            }
            AuthSlot::None
            | AuthSlot::Impossible(_)
            | AuthSlot::Middlewares { .. }
            | AuthSlot::Filters { .. } => Ok(Words::Traefik),
        };
        let chain = settings.sign_in.as_ref().and_then(|sign_in| around.chains.find(sign_in));
        let required = choice == Choice::Other || label || waits;
        let mut case = Self {
            route,
            item,
            subject,
            rule,
            settings,
            chain,
            required,
            words,
            states: Vec::new(),
            mixed: Vec::new(),
            names_chain: Vec::new(),
        };
        let skip = match choice {
            Choice::Skip(reason) => Some(reason),
            Choice::None | Choice::Other => None,
        };
        case.states = route.rules.iter().map(|rule| case.state(around, rule, skip)).collect();
        case.names_chain =
            route.rules.iter().map(|rule| attach::names_chain(around, &case, rule)).collect();
        case.mixed = route.rules.iter().map(|rule| is_mixed(rule, route, around.chains)).collect();
        Ok(case)
    }

    /// Whether sign-in is due wherever it can be.
    pub(crate) fn is_due(&self) -> bool {
        self.required || self.requires()
    }

    /// Whether the operator requires sign-in here.
    pub(crate) fn requires(&self) -> bool {
        self.settings.mode.unwrap_or(Mode::Require) == Mode::Require
    }

    /// Whether a rule gets the chain, or something in it waits to be replaced.
    pub(crate) fn is_rule_to_weave(&self, at: usize) -> bool {
        let mut uses = self.route.rules[at].middlewares.iter();
        match self.states[at] {
            State::Due => true,
            State::SignedIn => {
                self.names_chain[at] || uses.any(|one| attach::is_unwoven(&self.route.auth, one))
            }
            State::Inherited | State::Open(_) => false,
        }
    }

    /// Whether one of the rules does.
    pub(crate) fn is_to_weave(&self) -> bool {
        (0..self.states.len()).any(|at| self.is_rule_to_weave(at))
    }

    /// Where the middlewares go.
    pub(crate) fn order(&self) -> &Order {
        self.settings.order.as_ref().unwrap_or(&Order::Front)
    }

    fn state(&self, around: &Around<'_>, rule: &Rule, skip: Option<&str>) -> State {
        let never = never(rule, self.route, around.chains);
        if let Some(open @ (Open::SignInService | Open::Acme)) = never {
            return State::Open(open);
        }
        if attach::is_signed_in(around, self, rule) {
            return State::SignedIn;
        }
        if let Some(open) = never {
            return State::Open(match (skip, around.allowed(self, rule)) {
                (Some(reason), _) => Open::Skipped(reason.to_owned()),
                (None, Some(reason)) => Open::Allowed(reason.to_owned()),
                (None, None) => open,
            });
        }
        if let Some(reason) = skip {
            return State::Open(Open::Skipped(reason.to_owned()));
        }
        if !self.required
            && let Some(reason) = around.allowed(self, rule)
        {
            return State::Open(Open::Allowed(reason.to_owned()));
        }
        match &self.route.auth {
            AuthSlot::Impossible(why) => State::Open(Open::Impossible((*why).to_owned())),
            AuthSlot::None => State::Open(Open::NotAsked),
            AuthSlot::Annotation | AuthSlot::Middlewares { .. } | AuthSlot::Filters { .. } => {
                if self.is_due() {
                    State::Due
                } else {
                    State::Open(Open::NotAsked)
                }
            }
        }
    }

    /// The hosts of a rule; those that it inherits where the object names none at all. What it serves may be more.
    pub(crate) fn hosts(&self, rule: &'a Rule) -> Vec<&'a str> {
        if rule.hosts.is_empty() && self.route.rules.iter().all(|rule| rule.hosts.is_empty()) {
            return self.subject.hosts.clone();
        }
        rule.hosts.iter().map(|host| host.name.as_str()).collect()
    }
}

impl Around<'_> {
    /// Why the operator allows a rule to stay open; `None` where it must not.
    pub(crate) fn allowed(&self, case: &Case<'_>, rule: &Rule) -> Option<&str> {
        // Hosts that it does not name, inherited ones among them, may be any.
        let named = !rule.hosts.is_empty() && !rule.other_hosts;
        let open = self.spec.allow.iter().find(|allow| {
            let object = allow
                .select
                .as_ref()
                .is_none_or(|select| select.matches(&case.subject) == Match::Yes);
            let each = |host: &Host| allow.hosts.iter().any(|glob| glob.matches(&host.name));
            object && (allow.hosts.is_empty() || (named && rule.hosts.iter().all(each)))
        });
        open.map(|allow| allow.reason.as_str())
    }
}
