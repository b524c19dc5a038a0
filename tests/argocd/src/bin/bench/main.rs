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

/// How often the four sorts of applications take turns: what else the machine does meanwhile falls on all of them.
const ROUNDS: u32 = 5;

/// One load: what was answered and what it cost.
struct Load {
    answers: Answers,
    server: f64,
    children: f64,
}

impl Load {
    /// CPU of the server and its children for one request, in milliseconds.
    fn cpu(&self) -> f64 {
        self.server + self.children
    }
}

/// One sort of applications: its loads, one in each round, and how large its builds grew.
struct Row {
    name: &'static str,
    loads: Vec<Load>,
    peak: Peak,
}

impl Row {
    fn failures(&self) -> u64 {
        self.loads.iter().map(|load| load.answers.failures).sum()
    }

    /// What a request costs more than one of `other` in the same round, in milliseconds: the median of the rounds.
    fn above(&self, other: &Self) -> f64 {
        let pairs = self.loads.iter().zip(&other.loads);
        median(pairs.map(|(own, other)| own.cpu() - other.cpu()))
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// What the issue asks for, and what came out.
struct Goal {
    what: String,
    got: f64,
    limit: f64,
}

fn main() -> ExitCode {
    let seconds =
        std::env::args().nth(1).and_then(|seconds| seconds.parse().ok()).unwrap_or(15_u32);
    let repo_server = RepoServer::start(&Options::default());
    let apps = Apps::write(&repo_server);
    // The first request clones.
    load(&repo_server, &apps.plain, 1, 2);

    println!(
        "argocd bench: {ROUNDS} rounds, {seconds} s a row; medians; CPU in ms per request; peaks in MiB, of all children at one moment"
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
        let mut rows = rows.map(|(name, paths)| {
            // Sampling costs what it samples: the peak has a load of its own.
            let memory = Memory::watch(repo_server.pid());
            load(&repo_server, paths, concurrency, seconds.div_ceil(ROUNDS));
            (paths, Row { name, loads: Vec::new(), peak: memory.peak() })
        });
        for _ in 0..ROUNDS {
            for (paths, row) in &mut rows {
                row.loads.push(load(&repo_server, paths, concurrency, seconds.div_ceil(ROUNDS)));
            }
        }
        let [plain, secrets, ten, nothing] = rows.map(|(_, row)| {
            print(concurrency, &row);
            row
        });
        failures += [&plain, &secrets, &ten, &nothing].map(Row::failures).iter().sum::<u64>();
        let goal = |what: String, got: f64, limit: f64| Goal { what, got, limit };
        goals.push(goal(
            format!("CPU of Secrets on top of none at concurrency {concurrency}, ms"),
            secrets.above(&plain),
            10.0,
        ));
        goals.push(goal(
            format!(
                "CPU of ten generators on top of none at concurrency {concurrency}, ms; kustomize alone takes {:.1}",
                nothing.above(&plain)
            ),
            ten.above(&plain),
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
    Load { server: spent.own / requests, children: spent.children / requests, answers }
}

fn print(concurrency: u32, row: &Row) {
    let of = |what: fn(&Load) -> f64| median(row.loads.iter().map(what));
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    let rate = of(|load| load.answers.requests as f64 / load.answers.seconds);
    println!(
        "{:<22} {concurrency:>2} {rate:>7.1} {:>6.0} {:>7.1} {:>8.1} {:>6.1} {:>9.1} {:>10.1} {:>5}",
        row.name,
        of(|load| load.answers.median),
        of(|load| load.server),
        of(|load| load.children),
        of(Load::cpu),
        row.peak.children,
        row.peak.kustomize,
        row.failures()
    );
    for error in row.loads.iter().flat_map(|load| &load.answers.errors) {
        println!("    {error}");
    }
}
