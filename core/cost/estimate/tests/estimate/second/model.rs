//! Prices, quantities and pods of the second implementation.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::fraction::Fraction;

/// What an object comes to.
pub(crate) struct Figures {
    pub(crate) expected: Fraction,
    pub(crate) worst: Fraction,
    pub(crate) peak: Fraction,
    pub(crate) gpus: Fraction,
    pub(crate) unbounded: Vec<String>,
}

/// Prices in 10^-12, and the unit of each.
#[derive(Clone, Debug)]
pub(crate) struct Prices(BTreeMap<&'static str, (u64, &'static str)>);

const GIB: u64 = 1 << 30;

pub(crate) fn any_prices() -> impl Strategy<Value = Prices> {
    let one = |units: &'static [&'static str]| (1_u64..10_u64.pow(15), proptest::sample::select(units));
    let gib = || one(&["GiB-hour", "GiB-month"]);
    let gpu = one(&["gpu-hour", "hour", "month"]);
    (one(&["core-hour"]), gib(), gib(), gib(), gpu).prop_map(|(cpu, memory, ephemeral, storage, gpu)| {
        Prices(BTreeMap::from([
            ("cpu", cpu),
            ("memory", memory),
            ("ephemeral-storage", ephemeral),
            ("storage", storage),
            ("nvidia.com/gpu", gpu),
        ]))
    })
}

impl Prices {
    pub(crate) fn to_csv(&self) -> String {
        let rows = self.0.iter().map(|(resource, (price, unit))| {
            let (whole, fraction) = (price / 10_u64.pow(12), price % 10_u64.pow(12));
            format!("{resource},{unit},{whole}.{fraction:012},USD\n")
        });
        format!("resource,unit,price,currency\n{}", rows.collect::<String>())
    }

    /// What so much of a resource costs for an hour.
    pub(crate) fn hour(&self, resource: &str, amount: &Fraction) -> Fraction {
        let (price, unit) = self.0[resource];
        let price = Fraction::of(price, 10_u64.pow(12));
        let per = match unit {
            "GiB-hour" => GIB,
            "GiB-month" => GIB * 730,
            "month" => 730,
            _ => 1,
        };
        price.times(amount).over(&Fraction::whole(per))
    }
}

/// A quantity, and how it is written.
#[derive(Clone, Debug)]
pub(crate) struct Amount {
    pub(crate) text: String,
    value: Fraction,
}

impl Amount {
    fn of(digits: u64, suffix: &str, above: u64, below: u64) -> Self {
        Self {
            text: format!("{digits}{suffix}"),
            value: Fraction::whole(digits).times(&Fraction::of(above, below)),
        }
    }

    pub(crate) fn value(&self) -> Fraction {
        self.value.to_nano()
    }
}

pub(crate) fn any_cores() -> impl Strategy<Value = Amount> {
    prop_oneof![
        (0_u64..9000).prop_map(|milli| Amount::of(milli, "m", 1, 1000)),
        (0_u64..64).prop_map(|cores| Amount::of(cores, "", 1, 1)),
        (1_u64..10_000).prop_map(|digits| Amount::of(digits, "e-3", 1, 1000)),
        (1_u64..10_u64.pow(12)).prop_map(|digits| Amount::of(digits, "e-11", 1, 10_u64.pow(11))),
        (1_u64..10_u64.pow(9)).prop_map(|micro| Amount::of(micro, "u", 1, 1_000_000)),
    ]
}

pub(crate) fn any_bytes() -> impl Strategy<Value = Amount> {
    prop_oneof![
        (0_u64..9000).prop_map(|mebi| Amount::of(mebi, "Mi", 1 << 20, 1)),
        (0_u64..64).prop_map(|gibi| Amount::of(gibi, "Gi", 1 << 30, 1)),
        (1_u64..64).prop_map(|giga| Amount::of(giga, "G", 1_000_000_000, 1)),
        (1_u64..10_u64.pow(14)).prop_map(|milli| Amount::of(milli, "m", 1, 1000)),
        (1_u64..10_u64.pow(11)).prop_map(|bytes| Amount::of(bytes, "", 1, 1)),
    ]
}

/// What a container says of its resources.
#[derive(Clone, Debug)]
pub(crate) struct Container {
    pub(crate) requests: BTreeMap<&'static str, Amount>,
    pub(crate) limits: BTreeMap<&'static str, Amount>,
}

impl Container {
    fn of(&self, resource: &str) -> Option<Fraction> {
        self.requests.get(resource).or_else(|| self.limits.get(resource)).map(Amount::value)
    }
}

/// A pod: containers, init containers (and whether each is a sidecar), pod-level requests, overhead.
#[derive(Clone, Debug)]
pub(crate) struct Pod {
    pub(crate) containers: Vec<Container>,
    pub(crate) inits: Vec<(Container, bool)>,
    pub(crate) level: BTreeMap<&'static str, Amount>,
    pub(crate) overhead: BTreeMap<&'static str, Amount>,
    pub(crate) deadline: Option<u64>,
}

const RESOURCES: [&str; 4] = ["cpu", "memory", "ephemeral-storage", "nvidia.com/gpu"];

pub(crate) fn any_pod() -> impl Strategy<Value = Pod> {
    let inits = proptest::collection::vec((any_container(), any::<bool>()), 0..4);
    let few = || (proptest::option::weighted(0.2, any_cores()), proptest::option::weighted(0.2, any_bytes()));
    let deadline = proptest::option::weighted(0.4, 1_u64..100_000);
    (proptest::collection::vec(any_container(), 1..4), inits, few(), few(), deadline).prop_map(
        |(containers, inits, level, overhead, deadline)| Pod {
            containers,
            inits,
            level: two(level),
            overhead: two(overhead),
            deadline,
        },
    )
}

fn any_container() -> impl Strategy<Value = Container> {
    let some = |chance| {
        let cores = proptest::option::weighted(chance, any_cores());
        let bytes = || proptest::option::weighted(chance, any_bytes());
        (cores, bytes(), bytes())
    };
    let gpu = proptest::option::weighted(0.2, 0_u64..9);
    (some(0.9), some(0.3), gpu).prop_map(|(requests, limits, gpu)| {
        let all = |(cpu, memory, ephemeral): (Option<Amount>, Option<Amount>, Option<Amount>)| {
            let pairs = [("cpu", cpu), ("memory", memory), ("ephemeral-storage", ephemeral)];
            pairs.into_iter().filter_map(|(name, amount)| Some((name, amount?))).collect::<BTreeMap<_, _>>()
        };
        let mut limits = all(limits);
        limits.extend(gpu.map(|gpu| ("nvidia.com/gpu", Amount::of(gpu, "", 1, 1))));
        Container { requests: all(requests), limits }
    })
}

fn two((cpu, memory): (Option<Amount>, Option<Amount>)) -> BTreeMap<&'static str, Amount> {
    [("cpu", cpu), ("memory", memory)]
        .into_iter()
        .filter_map(|(name, amount)| Some((name, amount?)))
        .collect()
}

impl Pod {
    /// Steady state against init containers, pod-level requests in their place, and overhead, as it is written down.
    pub(crate) fn request(&self, resource: &str) -> Fraction {
        let zero = || Fraction::whole(0);
        let of = |container: &Container| container.of(resource).unwrap_or_else(zero);
        let mut steady = zero();
        for container in &self.containers {
            steady = steady.plus(&of(container));
        }
        for (container, is_sidecar) in &self.inits {
            if *is_sidecar {
                steady = steady.plus(&of(container));
            }
        }
        let mut most = steady;
        for (at, (container, is_sidecar)) in self.inits.iter().enumerate() {
            let mut sidecars = zero();
            for (before, was_sidecar) in &self.inits[..at] {
                if *was_sidecar {
                    sidecars = sidecars.plus(&of(before));
                }
            }
            let _ = is_sidecar;
            most = most.max(sidecars.plus(&of(container)));
        }
        if let Some(level) = self.level.get(resource) {
            most = level.value();
        }
        match self.overhead.get(resource) {
            Some(overhead) => most.plus(&overhead.value()),
            None => most,
        }
    }

    pub(crate) fn hour(&self, prices: &Prices) -> Fraction {
        RESOURCES.iter().fold(Fraction::whole(0), |sum, resource| {
            sum.plus(&prices.hour(resource, &self.request(resource)))
        })
    }

    /// Requests for cpu and memory that nobody states.
    pub(crate) fn unbounded(&self, prefix: &str) -> Vec<String> {
        let containers =
            self.containers.iter().enumerate().map(|(at, container)| ("containers", at, container));
        let inits =
            self.inits.iter().enumerate().map(|(at, (container, _))| ("initContainers", at, container));
        let mut paths = Vec::new();
        for (list, at, container) in containers.chain(inits) {
            for resource in ["cpu", "memory"] {
                if container.of(resource).is_none() && !self.level.contains_key(resource) {
                    paths.push(format!("{prefix}.{list}[{at}].resources.requests.{resource}"));
                }
            }
        }
        paths
    }
}
