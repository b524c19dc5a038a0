//! Rules that were read before. Each function of a Pipeline reads the routes anew, because what stands in front of it may
//! have changed them; their rules are mostly the same texts, and a text always means the same.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::{Protocol, Rule, RuleError, Syntax};

/// By what a text is read as.
type Rules = HashMap<(Protocol, Syntax), HashMap<String, Arc<Rule>>>;

thread_local! {
    static RULES: RefCell<Rules> = RefCell::default();
}

impl Rule {
    /// [`Rule::parse`], once for each text.
    pub fn shared(text: &str, syntax: Syntax) -> Result<Arc<Self>, RuleError> {
        shared(text, Protocol::Http, syntax)
    }

    /// [`Rule::parse_tcp`], once for each text.
    pub fn shared_tcp(text: &str, syntax: Syntax) -> Result<Arc<Self>, RuleError> {
        shared(text, Protocol::Tcp, syntax)
    }
}

fn shared(text: &str, protocol: Protocol, syntax: Syntax) -> Result<Arc<Rule>, RuleError> {
    RULES.with_borrow_mut(|rules| {
        let known = rules.entry((protocol, syntax)).or_default();
        if let Some(rule) = known.get(text) {
            return Ok(Arc::clone(rule));
        }
        let rule = Arc::new(Rule::read(text, protocol, syntax)?);
        known.insert(text.to_owned(), Arc::clone(&rule));
        Ok(rule)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_once_for_each_protocol_and_syntax() {
        let text = "HostSNI(`a.example`)";
        let first = Rule::shared_tcp(text, Syntax::V3).unwrap();
        assert!(Arc::ptr_eq(&first, &Rule::shared_tcp(text, Syntax::V3).unwrap()));
        assert_eq!(Rule::shared_tcp(text, Syntax::V2).unwrap().syntax(), Syntax::V2);
        assert!(Rule::shared(text, Syntax::V3).is_err());
        let other = Rule::shared_tcp("HostSNI(`b.example`)", Syntax::V3).unwrap();
        assert_eq!(
            (&*first.hosts().exact[0], &*other.hosts().exact[0]),
            ("a.example", "b.example")
        );
    }
}
