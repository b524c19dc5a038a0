//! Runs the contenders in turn, and keeps what each run cost.

use std::collections::BTreeMap;
use std::io;
use std::process::{Command, Stdio};
use std::time::Duration;

use wait4::Wait4;

/// One command and its name in the table.
pub struct Contender {
    name: String,
    command: Command,
    usage: Usage,
    /// What the process ends with: a measure of something else is no measure.
    code: i32,
}

impl Contender {
    /// A contender that has not run yet.
    pub fn new(name: impl Into<String>, command: Command) -> Self {
        Self { name: name.into(), command, usage: Usage::default(), code: 0 }
    }

    /// One that refuses its input.
    pub fn refusing(name: impl Into<String>, command: Command) -> Self {
        Self { code: 1, ..Self::new(name, command) }
    }

    fn run(&mut self) -> io::Result<()> {
        let child = self
            .command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let result = child.wait4()?;
        if result.status.code() != Some(self.code) {
            return Err(io::Error::other(format!("`{}` ended with {}", self.name, result.status)));
        }
        self.usage.cpu.push(result.rusage.utime + result.rusage.stime);
        self.usage.peak.push(result.rusage.maxrss);
        Ok(())
    }
}

/// What the runs of one contender cost.
#[derive(Default)]
pub struct Usage {
    cpu: Vec<Duration>,
    peak: Vec<u64>,
}

impl Usage {
    /// The median of user and system time.
    pub fn cpu_ms(&self) -> f64 {
        median(&self.cpu).as_secs_f64() * 1000.0
    }

    /// The least user and system time: what the work costs when nothing disturbs it.
    pub fn least_cpu_ms(&self) -> f64 {
        self.cpu.iter().min().copied().unwrap_or_default().as_secs_f64() * 1000.0
    }

    /// The median of the largest resident set.
    pub fn peak_kib(&self) -> u64 {
        median(&self.peak) / 1024
    }
}

fn median<T: Copy + Default + Ord>(values: &[T]) -> T {
    let mut sorted = values.to_vec();
    sorted.sort();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// Every contender's usage, in the order in which they entered.
pub struct Results {
    order: Vec<String>,
    usage: BTreeMap<String, Usage>,
}

impl Results {
    /// Name and usage of each, in order.
    pub fn rows(&self) -> impl Iterator<Item = (&str, &Usage)> {
        self.order.iter().map(|name| (name.as_str(), &self.usage[name]))
    }

    /// Prints a table.
    pub fn print(&self) {
        println!("{:<24} {:>10} {:>10} {:>10}", "median", "CPU ms", "min", "peak KiB");
        for (name, usage) in self.rows() {
            let (cpu, least) = (usage.cpu_ms(), usage.least_cpu_ms());
            println!("{name:<24} {cpu:>10.2} {least:>10.2} {:>10}", usage.peak_kib());
        }
        println!();
    }

    /// The usage of one.
    pub fn of(&self, name: &str) -> &Usage {
        &self.usage[name]
    }
}

/// Runs all of them `rounds` times in turn, each round beginning with another, after one round that is not counted.
pub fn measure(mut contenders: Vec<Contender>, rounds: usize) -> io::Result<Results> {
    for contender in &mut contenders {
        contender.run()?;
        contender.usage = Usage::default();
    }
    let order = contenders.iter().map(|contender| contender.name.clone()).collect();
    for _ in 0..rounds {
        contenders.rotate_left(1);
        for contender in &mut contenders {
            contender.run()?;
        }
    }
    let usage = contenders.into_iter().map(|contender| (contender.name, contender.usage)).collect();
    Ok(Results { order, usage })
}
