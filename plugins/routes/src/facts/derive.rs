//! Facts from the objects of a built tree, in one pass.

use krm::{Resource, ResourceList};

use super::ClusterFacts;

mod arguments;
mod cert_manager;
mod external_dns;
mod flags;
mod gateways;
mod image;
mod issuers;
mod middlewares;
mod mounted;
mod traefik;
mod tree;
mod workload;

use tree::Tree;
use workload::Program;

impl ClusterFacts {
    /// What the objects of a list say, each list by kind, namespace and name. A list of which nothing stands here is not
    /// given: the objects may be those of one app alone.
    pub fn of(list: &ResourceList) -> Self {
        let (mut facts, tree) = (Self::default(), Tree::new(list));
        for item in list.items() {
            facts.add(item, &tree);
        }
        facts.sort();
        facts
    }

    fn add<'a>(&mut self, item: &'a Resource, tree: &'a Tree<'a>) {
        let version = item.api_version();
        let group = version.rsplit_once('/').map_or("", |(group, _)| group);
        match (group, item.kind()) {
            ("apps", "Deployment" | "DaemonSet" | "StatefulSet") => {
                for controller in workload::controllers(item, tree) {
                    match controller.program {
                        Program::ExternalDns => {
                            put(&mut self.external_dns, external_dns::fact(&controller));
                        }
                        Program::Traefik => put(&mut self.traefik, traefik::fact(&controller)),
                        Program::CertManager => {
                            put(&mut self.cert_manager, cert_manager::fact(&controller));
                        }
                    }
                }
            }
            ("networking.k8s.io", "IngressClass") => {
                put(&mut self.ingress_classes, gateways::ingress_class(item));
            }
            ("gateway.networking.k8s.io", "Gateway" | "ListenerSet") => {
                put(&mut self.gateways, gateways::gateway(item));
            }
            ("traefik.io", "Middleware") => put(&mut self.middlewares, middlewares::fact(item)),
            (_, kind) if kind.ends_with("Issuer") && !item.name().is_empty() => {
                put(&mut self.issuers, issuers::fact(item, group));
            }
            _ => {}
        }
    }

    fn sort(&mut self) {
        let Self {
            external_dns,
            traefik,
            cert_manager,
            ingress_classes,
            issuers,
            middlewares,
            gateways,
        } = self;
        // Stable: the containers of one pod keep their order. What two builds share stands here once.
        sort(external_dns, |one| (one.namespace.clone(), one.name.clone()));
        sort(traefik, |one| (one.namespace.clone(), one.name.clone()));
        sort(cert_manager, |one| (one.namespace.clone(), one.name.clone()));
        sort(ingress_classes, |one| one.name.clone());
        sort(issuers, |one| {
            (one.kind.clone(), one.group.clone(), one.namespace.clone(), one.name.clone())
        });
        sort(middlewares, |one| (one.namespace.clone(), one.name.clone()));
        sort(gateways, |one| (one.kind.clone(), one.namespace.clone(), one.name.clone()));
    }
}

fn put<T>(list: &mut Option<Vec<T>>, fact: T) {
    list.get_or_insert_default().push(fact);
}

fn sort<T: PartialEq, K: Ord>(list: &mut Option<Vec<T>>, key: impl Fn(&T) -> K) {
    if let Some(list) = list {
        list.sort_by_cached_key(key);
        list.dedup();
    }
}
