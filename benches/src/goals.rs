//! The goals, and what the run came to.

use pleach_bench::measure::Results;

/// Prints each goal beside its measure; the number of those that are missed.
pub(crate) fn report(results: &Results) -> usize {
    let cpu = |name: &str| results.of(name).cpu_ms();
    let peak =
        |name: &str| f64::from(u32::try_from(results.of(name).peak_kib()).unwrap_or(u32::MAX));
    let mut missed = 0;
    let mut goal = |met: bool, text: String| {
        println!("{} {text}", if met { "ok    " } else { "MISSED" });
        missed += usize::from(!met);
    };

    for (count, least) in [(1, 9.0), (10, 5.6), (100, 1.3)] {
        let ratio = cpu("sops -d age") / cpu(&format!("pleach age x{count}"));
        goal(
            ratio >= least,
            format!(
                "one `sops -d` of an age file costs {ratio:.1}x ours of {count}, goal {least}x or more"
            ),
        );
    }

    let ratio = cpu("pleach cv25519 x100") / cpu("sops -d cv25519");
    goal(
        ratio <= 1.5,
        format!(
            "100 cv25519 files cost {ratio:.2}x one `sops -d` of a cv25519 file, goal 1.5x or less"
        ),
    );

    for (ours, theirs) in [
        ("pleach age x1", "sops -d age"),
        ("pleach age x100", "sops -d age"),
        ("pleach cv25519 x100", "sops -d cv25519"),
        ("pleach rsa4096 x100", "sops -d rsa4096"),
    ] {
        let part = peak(ours) / peak(theirs);
        goal(
            part <= 0.1,
            format!("peak memory of {ours} is {part:.3} of {theirs}, goal 0.1 or less"),
        );
    }

    let over = cpu("pleach, empty") - cpu("no-op");
    goal(
        over <= 0.5,
        format!("an empty run costs {over:.2} ms more than a no-op process, goal 0.5 ms or less"),
    );
    missed
}
