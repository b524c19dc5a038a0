//! `make bench-argocd`: what Secrets cost in the real repo-server: requests a second, CPU per request of the server and of
//! its children, and the children's peak memory, beside the same applications without Secrets, in one run.
#![expect(
    clippy::print_stdout,
    reason = "a program of the test suite: what it prints is the report"
)]

mod apps;
mod cpu;
mod memory;

use std::process::ExitCode;

use argocd::{Answers, Options, RepoServer, Requests};

use crate::apps::Apps;
use crate::cpu::Cpu;
use crate::memory::{Memory, Peak};

/// The flag of the plugin form.
const BUILD_OPTIONS: &str = "--enable-alpha-plugins";

/// One load: what was answered, what it cost and how large it grew.
struct Load {
    answers: Answers,
    server: f64,
    children: f64,
    peak: Peak,
}

impl Load {
    /// CPU of the server and its children for one request, in milliseconds.
    fn cpu(&self) -> f64 {
        self.server + self.children
    }
}

/// What the issue asks for, and what came out.
struct Goal {
    what: String,
    got: f64,
    limit: f64,
}

fn main() -> ExitCode {
    let seconds = std::env::args().nth(1).and_then(|seconds| seconds.parse().ok()).unwrap_or(15);
    let repo_server = RepoServer::start(&Options::default());
    let apps = Apps::write(&repo_server);
    // The first request clones.
    load(&repo_server, &apps.plain, 1, 2);

    println!(
        "argocd bench: {seconds} s a row; CPU in ms per request; peaks in MiB, of all children at one moment"
    );
    println!(
        "{:<22} {:>2} {:>7} {:>6} {:>7} {:>8} {:>6} {:>9} {:>10} {:>5}",
        "applications",
        "c",
        "req/s",
        "p50",
        "server",
        "children",
        "CPU",
        "peak",
        "kustomize",
        "fail"
    );
    let mut goals = Vec::new();
    let mut failures = 0;
    for concurrency in [1, 4, 8] {
        let rows = [
            ("without Secrets", &apps.plain),
            ("1 to 10 Secrets", &apps.secrets),
            ("10 generators", &apps.ten),
            ("10 that do nothing", &apps.nothing),
        ];
        let loads = rows.map(|(name, paths)| {
            let load = load(&repo_server, paths, concurrency, seconds);
            print(name, concurrency, &load);
            load
        });
        failures += loads.iter().map(|load| load.answers.failures).sum::<u64>();
        let [plain, secrets, ten, nothing] = loads;
        let goal = |what: String, got: f64, limit: f64| Goal { what, got, limit };
        goals.push(goal(
            format!("CPU of Secrets on top of none at concurrency {concurrency}, ms"),
            secrets.cpu() - plain.cpu(),
            10.0,
        ));
        goals.push(goal(
            format!(
                "CPU of ten generators on top of none at concurrency {concurrency}, ms; kustomize alone takes {:.1}",
                nothing.cpu() - plain.cpu()
            ),
            ten.cpu() - plain.cpu(),
            60.0,
        ));
        if concurrency == 8 {
            let kustomize = secrets.peak.kustomize;
            let builds = f64::from(secrets.peak.builds);
            goals.push(goal(
                format!("peak of all children at concurrency 8, MiB; kustomize's own is {kustomize:.0}, builds {builds}"),
                secrets.peak.children,
                kustomize + 8.0 * builds,
            ));
        }
    }
    let own = cpu::of_one_process(&repo_server, &apps);
    goals.push(Goal { what: "CPU of one process of ours, ms".to_owned(), got: own, limit: 3.0 });
    #[expect(clippy::cast_precision_loss, reason = "a count of failures")]
    goals.push(Goal { what: "failures".to_owned(), got: failures as f64, limit: 0.0 });

    let missed = goals.iter().filter(|goal| goal.got > goal.limit).count();
    for Goal { what, got, limit } in &goals {
        let verdict = if got > limit { "missed" } else { "met" };
        println!("{verdict:<6} {what}: {got:.1}, at most {limit:.1}");
    }
    println!("argocd bench: {} of {} goals met", goals.len() - missed, goals.len());
    // Time on a shared machine decides nothing; a failed request does.
    if failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn load(repo_server: &RepoServer, paths: &[String], concurrency: u32, seconds: u32) -> Load {
    let memory = Memory::watch(repo_server.pid());
    let before = Cpu::of(repo_server.pid());
    let answers = repo_server.ask(&Requests {
        paths,
        build_options: BUILD_OPTIONS,
        project: "default",
        concurrency,
        count: 0,
        seconds,
        objects: false,
    });
    let spent = Cpu::of(repo_server.pid()).since(before);
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    let requests = answers.requests.max(1) as f64;
    Load {
        server: spent.own / requests,
        children: spent.children / requests,
        peak: memory.peak(),
        answers,
    }
}

fn print(name: &str, concurrency: u32, load: &Load) {
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    let rate = load.answers.requests as f64 / load.answers.seconds;
    println!(
        "{name:<22} {concurrency:>2} {rate:>7.1} {:>6.0} {:>7.1} {:>8.1} {:>6.1} {:>9.1} {:>10.1} {:>5}",
        load.answers.median,
        load.server,
        load.children,
        load.cpu(),
        load.peak.children,
        load.peak.kustomize,
        load.answers.failures
    );
    for error in &load.answers.errors {
        println!("    {error}");
    }
}
