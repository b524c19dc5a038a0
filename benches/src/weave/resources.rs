//! The resources: a quarter each Ingress, IngressRoute, Service and Deployment, the same for the same number.

use std::fmt::Write;

/// `count` resources, as a file of a tree.
pub(crate) fn resources(count: usize) -> String {
    let mut text = String::new();
    for index in 0..count.div_ceil(4) {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web-{index}
  namespace: apps
  labels: {{app.kubernetes.io/name: web-{index}, app.kubernetes.io/part-of: bench}}
spec:
  ingressClassName: traefik
  rules:
  - host: web-{index}.example.org
    http:
      paths:
      - path: /
        pathType: Prefix
        backend: {{service: {{name: web-{index}, port: {{name: http}}}}}}
  tls:
  - hosts: [web-{index}.example.org]
    secretName: web-{index}-tls
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata:
  name: api-{index}
  namespace: apps
  labels: {{app.kubernetes.io/name: api-{index}, app.kubernetes.io/part-of: bench}}
spec:
  entryPoints: [websecure]
  routes:
  - match: Host(`api-{index}.example.org`) && PathPrefix(`/v1`)
    kind: Rule
    services: [{{name: api-{index}, port: 80}}]
  - match: Host(`api-{index}.example.org`) && PathPrefix(`/v2`)
    kind: Rule
    services: [{{name: api-{index}, port: 80}}]
  tls: {{}}
---
apiVersion: v1
kind: Service
metadata:
  name: web-{index}
  namespace: apps
  labels: {{app.kubernetes.io/name: web-{index}, app.kubernetes.io/part-of: bench}}
spec:
  selector: {{app.kubernetes.io/name: web-{index}}}
  ports:
  - {{name: http, port: 80, targetPort: http}}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-{index}
  namespace: apps
  labels: {{app.kubernetes.io/name: web-{index}, app.kubernetes.io/part-of: bench}}
spec:
  replicas: 2
  selector: {{matchLabels: {{app.kubernetes.io/name: web-{index}}}}}
  template:
    metadata:
      labels: {{app.kubernetes.io/name: web-{index}}}
    spec:
      containers:
      - name: web
        image: registry.example.org/web:1.2.{index}
        ports:
        - {{name: http, containerPort: 8080}}
        env:
        - {{name: LOG_LEVEL, value: info}}
        resources:
          requests: {{cpu: 10m, memory: 32Mi}}
          limits: {{memory: 64Mi}}
"
        );
    }
    text
}
