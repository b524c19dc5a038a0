# Two commands do all their own set-up on a machine with Rust, Go, git and make: `make demo` and `make test`.
.DEFAULT_GOAL := help
.PHONY: help demo test tools update static bench fuzz mutants

help: ## what there is to make
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 10

tools: ## build the pinned kustomize, sops and age, once per version
	@tests/tools/build

test: tools ## run every test: unit tests, and those against the real kustomize, sops, age and gpg
	@cargo test --workspace --locked

update: tools ## rewrite what is derived from the code: reference pages, schemas, wrappers, goldens
	@UPDATE=1 cargo test --workspace --locked
