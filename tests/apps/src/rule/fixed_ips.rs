//! Fixed addresses of Services: inside a pool, each once; and pools that do not overlap.

use std::net::IpAddr;

use super::Report;
use crate::World;
use crate::object::{everything_at, text};

/// Annotations of `MetalLB` that ask for an address: today's, and the one before 0.15.
const ASKED: [&str; 2] = ["metallb.io/loadBalancerIPs", "metallb.universe.tf/loadBalancerIPs"];

pub(super) fn check(world: &World, report: &mut Report) {
    let mut pools: Vec<(String, Range)> = Vec::new();
    for pool in world.of_kind("IPAddressPool") {
        for (at, address) in everything_at(&pool.value, "/spec/addresses/*") {
            let range = Range::read(address.as_str().unwrap_or_default());
            report.hold(range.is_some(), pool.id(), format!("{at}: no range of addresses"));
            let Some(range) = range else { continue };
            for (other, one) in &pools {
                let what = format!("{at} overlaps {other}");
                report.hold(!range.overlaps(one), pool.id(), what);
            }
            pools.push((pool.id(), range));
        }
    }
    let mut taken: Vec<(IpAddr, String)> = Vec::new();
    for service in world.of_kind("Service") {
        let annotated =
            ASKED.iter().filter_map(|key| service.annotation(key)).flat_map(|list| list.split(','));
        let deprecated = [text(&service.value, "/spec/loadBalancerIP")];
        for address in annotated.chain(deprecated).map(str::trim).filter(|one| !one.is_empty()) {
            let Ok(ip) = address.parse::<IpAddr>() else {
                report.refuse(service.id(), format!("{address} is no address"));
                continue;
            };
            let inside = pools.iter().any(|(_, pool)| pool.holds(ip));
            report.hold(inside, service.id(), format!("{address} lies in no pool"));
            for (_, other) in taken.iter().filter(|(one, _)| *one == ip) {
                report.refuse(service.id(), format!("{address} is asked for by {other}, too"));
            }
            taken.push((ip, service.id()));
        }
    }
}

/// A range of addresses, first and last.
#[derive(Debug, PartialEq, Eq)]
struct Range(u128, u128, bool);

impl Range {
    /// `a-b`, or CIDR.
    fn read(text: &str) -> Option<Self> {
        if let Some((first, last)) = text.split_once('-') {
            let (first, last): (IpAddr, IpAddr) =
                (first.trim().parse().ok()?, last.trim().parse().ok()?);
            let same = first.is_ipv4() == last.is_ipv4() && number(first) <= number(last);
            return same.then(|| Self(number(first), number(last), first.is_ipv4()));
        }
        let (address, length) = text.split_once('/')?;
        let (address, length): (IpAddr, u32) = (address.parse().ok()?, length.parse().ok()?);
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let host = bits - Some(length).filter(|length| *length <= bits)?;
        let mask = if host == 128 { u128::MAX } else { (1 << host) - 1 };
        let first = number(address) & !mask;
        Some(Self(first, first | mask, address.is_ipv4()))
    }

    fn holds(&self, ip: IpAddr) -> bool {
        ip.is_ipv4() == self.2 && (self.0..=self.1).contains(&number(ip))
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.2 == other.2 && self.0 <= other.1 && other.0 <= self.1
    }
}

fn number(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(ip) => u128::from(u32::from(ip)),
        IpAddr::V6(ip) => u128::from(ip),
    }
}
