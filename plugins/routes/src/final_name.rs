//! Names and namespaces that are not known yet, because outer levels of kustomize still set them.

use krm::{Finding, Resource};

/// The namespace of an object that a reference to it, or an object beside it, must name.
///
/// # Errors
/// It has none: `namespace:` of an outer kustomization has not run, and would not rewrite what is written now.
pub fn namespace<'a>(item: &'a Resource, what: &str) -> Result<&'a str, Box<Finding>> {
    item.namespace().filter(|namespace| !namespace.is_empty()).ok_or_else(|| {
        Box::new(
            Finding::error(
                "namespace-unknown",
                format!("{what} names its namespace, and it has none yet"),
            )
            .on(item.id())
            .field("metadata.namespace")
            .hint(
                "list the config in the outermost kustomization, where `namespace:` has run, \
                     or use the stream form: kustomize build DIR | pleach run",
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use krm::ResourceList;
    use serde_json::json;

    use super::*;

    #[test]
    fn an_object_without_a_namespace_is_refused_with_the_two_ways_out() {
        let metadata = |namespace: Option<&str>| {
            let manifest =
                json!({"kind": "Ingress", "metadata": {"name": "web", "namespace": namespace}});
            ResourceList::new([manifest])
        };
        for none in [None, Some("")] {
            let list = metadata(none);
            let error = namespace(&list.items()[0], "the id of a middleware").unwrap_err();
            assert_eq!(
                error.to_string(),
                "error: Ingress web: metadata.namespace: the id of a middleware names its namespace, and it has none yet\n\
                 hint: list the config in the outermost kustomization, where `namespace:` has run, or use the stream form: \
                 kustomize build DIR | pleach run\n"
            );
        }
        let list = metadata(Some("media"));
        assert_eq!(namespace(&list.items()[0], "x").unwrap(), "media");
    }
}
