//! The goals of the transformers, and what the run came to.

use pleach_bench::measure::Results;

/// Our own CPU time on so many resources, in milliseconds.
pub(crate) struct Share {
    count: usize,
    function: f64,
}

/// The goals of whole builds; the number of those that are missed.
pub(crate) fn builds(results: &Results, count: usize) -> usize {
    let cpu = |name: &str| results.of(name).cpu_ms();
    let entry = cpu("Pipeline, one entry") / cpu("printed, one entry");
    let stream = cpu("build | pleach run") / cpu("bare");
    let missed = goal(
        entry <= 1.05,
        &format!(
            "{count}: a Pipeline entry costs {entry:.3}x a program that prints its output, goal 1.05x or less"
        ),
    ) + goal(
        stream <= 1.1,
        &format!("{count}: build and run cost {stream:.3}x the bare build, goal 1.1x or less"),
    );
    println!(
        "      {count}: three entries cost {:.2}x one Pipeline entry",
        cpu("three entries") / cpu("Pipeline, one entry")
    );
    println!();
    missed
}

/// The goals of our own process.
pub(crate) fn alone(results: &Results, count: usize, missed: &mut usize) -> Share {
    let over = |name: &str| results.of(name).cpu_ms() - results.of("no-op").cpu_ms();
    let (function, stream) = (over("function"), over("stream"));
    if count == 1000 {
        *missed += goal(
            function <= 50.0,
            &format!(
                "{count}: our own share is {function:.1} ms as a function, goal 50 ms or less"
            ),
        );
        *missed += goal(
            stream <= 30.0,
            &format!("{count}: our own share is {stream:.1} ms on the stream, goal 30 ms or less"),
        );
    }
    println!();
    Share { count, function }
}

/// How our share grows.
pub(crate) fn growth(shares: &[Share]) -> usize {
    let [few, many] = shares else { return 0 };
    let ratio = many.function / few.function;
    goal(
        ratio <= 12.0,
        &format!("{} resources cost {ratio:.1}x of {}, goal 12x or less", many.count, few.count),
    )
}

fn goal(met: bool, text: &str) -> usize {
    println!("{} {text}", if met { "ok    " } else { "MISSED" });
    usize::from(!met)
}
