//! In whose words an Ingress is written: those of the controller that serves its class.

use routes::Facts;
use routes::select::Subject;

use crate::config::Dialect;

/// The words of one controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Words {
    Traefik,
    Nginx,
}

/// The words of the controller that serves the object, or why they are not known.
pub(crate) fn of(dialect: Dialect, subject: &Subject<'_>, facts: &Facts) -> Result<Words, String> {
    match dialect {
        Dialect::Traefik => return Ok(Words::Traefik),
        Dialect::Nginx => return Ok(Words::Nginx),
        Dialect::Auto => {}
    }
    let Some(name) = subject.class else {
        return Err("it names no ingress class, and no default one is known".to_owned());
    };
    match facts.controller_of(name).found().flatten() {
        // Traefik 3.7, `pkg/provider/kubernetes/ingress/kubernetes.go`.
        Some("traefik.io/ingress-controller") => Ok(Words::Traefik),
        // ingress-nginx, and Traefik's provider for it.
        Some("k8s.io/ingress-nginx") => Ok(Words::Nginx),
        Some(other) => {
            Err(format!("its class `{name}` is served by `{other}`, whose words are not known"))
        }
        None => Err(format!("nothing says which controller serves its class `{name}`")),
    }
}
