//! The product's integration tests: one binary, a module for each subject.

mod attacks;
mod awkward;
mod build;
mod cli;
mod derived;
mod exec_env;
mod facts;
mod golden;
mod hooks;
mod ksops;
mod leaks;
mod machine;
mod operator;
mod passphrase;
mod pipeline;
mod not_woven;
mod policy;
mod process;
mod projects;
mod quickstart;
mod rivals;
mod sbom;
mod secret_generator;
mod stream_secrets;
mod traps;
mod wrapper;
