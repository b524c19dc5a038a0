# Two commands do all their own set-up on a machine with Rust, Go, git and make: `make demo` and `make test`.
.DEFAULT_GOAL := help
.PHONY: help lock demo test test-hooks test-argocd test-apps test-helm bench-argocd tools update static sbom bench fuzz mutants

BUILD := $(or $(CARGO_TARGET_DIR),target)
# The seconds that each fuzz target runs, and which mutants are tried (all, so many at random, those of a package
# or of a list of tests/mutations.d; those of tier 3 only when their list is named).
FUZZ_SECONDS ?= 600
MUTANTS ?= all
# What `make lock` does: `write` or `verify`.
LOCK ?= write
# Whether a goal of the bench that is missed fails (`enforce`) or is only said (`report`).
GOALS ?= enforce

help: ## what there is to make
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

demo: ## build examples/quickstart with the real kustomize through our binary
	@tests/tools/build kustomize
	@cargo build --quiet --locked
	@PLEACH=$(BUILD)/debug/pleach examples/quickstart/demo

test: tools ## run every test, those against the real kustomize, sops, age, gpg and pre-commit included
	@cargo test --workspace --locked --no-fail-fast

test-hooks: tools ## let pre-commit build the last commit from source, as a user's machine does, and run that
	@cargo test --locked --test pleach hooks -- --ignored

test-argocd: static ## push commits to the real Argo CD and see the Secrets in a real API server; as root, on Linux
	@tests/tools/build kustomize sops age argocd kube-apiserver
	@tests/tools/crds
	@PLEACH=$(BUILD)/static/pleach cargo test --locked -p pleach-argocd --test argocd -- --ignored --test-threads=2
	@echo "not checked: the values of argocd/helm, which need the chart: make test-helm CHART=FOLDER"

test-helm: ## render the values of argocd/helm by the real helm, in the argo-cd chart that stands in the folder CHART
	@tests/tools/build helm kube-apiserver
	@CHART=$(CHART) cargo test --locked -p pleach-argocd --test helm -- --ignored

test-apps: static ## let a real API server judge everything that apps/ builds to; on Linux
	@tests/tools/build kustomize sops age kube-apiserver
	@tests/tools/crds
	@tests/tools/mirror
	@PLEACH=$(BUILD)/static/pleach cargo test --locked -p pleach-test-apps --test dry_run --test bootstrap -- --ignored --nocapture

bench-argocd: static ## measure what Secrets cost in the real repo-server, at one, four and eight requests at a time; as root, on Linux
	@tests/tools/build kustomize sops argocd kube-apiserver
	@PLEACH=$(BUILD)/static/pleach cargo run --quiet --release --locked -p pleach-argocd --bin pleach-bench-argocd

tools: ## install the pinned kustomize, sops, age and pre-commit, once per version
	@tests/tools/build

lock: tools ## write apps/upstream.lock.yaml (LOCK=verify: compare it), over the network or from UPSTREAM_MIRROR
	@cargo run --quiet --locked -p pleach-test-apps --bin pleach-lock -- $(LOCK)

update: tools ## rewrite what is derived from the code: reference pages, schemas, wrappers, goldens
	@UPDATE=1 cargo test --workspace --locked --no-fail-fast

static: ## build the static binary that an initContainer copies, as target/static/pleach
	@tests/image/static $(BUILD)

sbom: ## write what the static binary links, as target/static/pleach.cdx.json (CycloneDX)
	@mkdir -p $(BUILD)/static
	@tests/image/sbom > $(BUILD)/static/pleach.cdx.json

bench: static tools ## measure CPU time and peak memory against sops; a missed goal fails, unless GOALS=report
	@benches/run $(BUILD) $(GOALS)

fuzz: ## run each fuzz target for FUZZ_SECONDS (600)
	@fuzz/run $(FUZZ_SECONDS)

mutants: tools ## break the code once for each trap, refusal and rule, and see that its test fails
	@cargo run --quiet --locked -p pleach-mutants -- $(MUTANTS)
