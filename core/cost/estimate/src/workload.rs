//! Objects that run pods or hold what is paid for by the hour.
//!
//! ```text
//! object ──Kind──> replicas, run, nodes ─┐
//!              └─> pod ──> PodPrice ─────┴──> Draft
//! ```

mod claim;
mod cron_job;
mod custom;
mod daemon;
mod job;
mod lines;
mod replicas;
mod run;
mod scaled;
mod service;
mod surge;

use tollgate_vocabulary::Ratio;

use crate::estimate::{Draft, Replicas};
use crate::exact::Exact;
use crate::kind::Kind;
use crate::node::Node;
use crate::pod::{PodPrice, PodRequest, Setting, request};
use crate::pool::{Offer, Pool};
use crate::rate::Rates;
use crate::{Around, EstimateError, NodePools};

pub(crate) use claim::Claim;
pub(crate) use custom::{has_template, runs_pods};

/// What an estimate is made with.
#[derive(Clone, Copy)]
pub(crate) struct Desk<'e> {
    pub(crate) rates: Rates<'e>,
    pub(crate) pools: &'e NodePools,
    /// no pool in particular
    pub(crate) plain: &'e Offer,
    pub(crate) around: &'e Around<'e>,
    /// whether a tree is wanted
    pub(crate) explain: bool,
}

/// The pods of an object, one by one.
pub(crate) struct Pods<'e> {
    pub(crate) request: PodRequest,
    pub(crate) price: PodPrice<'e>,
    /// where they may run
    pub(crate) pools: Vec<&'e Pool>,
}

impl<'e> Desk<'e> {
    /// What an object of this kind costs; nothing of one that costs nothing.
    pub(crate) fn draft(&self, kind: Kind, object: &Node<'_, '_>) -> Result<Option<Draft>, EstimateError> {
        let spec = object.get("spec").checked()?;
        match kind {
            Kind::Pod => self.pod(object, &spec).map(Some),
            Kind::Deployment | Kind::ReplicaSet | Kind::ReplicationController | Kind::StatefulSet => {
                self.scaled(kind, &spec).map(Some)
            }
            Kind::DaemonSet => self.daemon(&spec).map(Some),
            Kind::Job => self.job(&spec).map(Some),
            Kind::CronJob => self.cron_job(&spec).map(Some),
            Kind::ScaledJob => self.scaled_job(&spec).map(Some),
            Kind::Claim => self.claim(object).map(Some),
            Kind::Service => self.service(&spec),
            Kind::Custom => self.custom(object),
            Kind::Free => Ok(None),
        }
    }

    /// The pods of a spec; `claims` come with each of them.
    pub(crate) fn pods(
        &self,
        pod: &Node<'_, '_>,
        status: &Node<'_, '_>,
        claims: Vec<Claim>,
        daemon: bool,
    ) -> Result<Pods<'e>, EstimateError> {
        let pools = self.pools.matching(pod, self.around.runtime_class, daemon)?;
        let setting = Setting { around: self.around, pools: &pools, explain: self.explain };
        let mut request = request(pod, status, &setting)?;
        request.claims.extend(claims);
        request.unbounded.extend(request.claims.iter().filter_map(Claim::without_size));
        let mut offers: Vec<&Offer> = Vec::new();
        for pool in &pools {
            if !offers.contains(&&pool.offer) {
                offers.push(&pool.offer);
            }
        }
        let (first, others) = match offers.split_first() {
            Some((first, others)) => (*first, others),
            None => (self.plain, [].as_slice()),
        };
        let price = PodPrice::of(&request, &self.rates, first, others)?;
        Ok(Pods { request, price, pools })
    }

    fn pod(&self, object: &Node<'_, '_>, spec: &Node<'_, '_>) -> Result<Draft, EstimateError> {
        let pods = self.pods(spec, &object.get("status"), Vec::new(), false)?;
        let one = Replicas { expected: 1, worst: 1 };
        let mut draft = Draft { replicas: Some(one), ..Draft::default() };
        draft.run(&pods, one, 1)?;
        if self.explain {
            draft.tree = self.lines(&pods)?;
            draft.tree.extend(self.sums(&pods, one, 1)?);
        }
        Ok(draft)
    }
}

impl Draft {
    /// So many pods all the time, and so many at the peak.
    pub(crate) fn run(
        &mut self,
        pods: &Pods<'_>,
        replicas: Replicas,
        peak: u64,
    ) -> Result<(), EstimateError> {
        self.expected.per_hour = pods.price.expected.times_whole(replicas.expected)?;
        self.worst.per_hour = pods.price.worst.times_whole(replicas.worst)?;
        self.peak = pods.price.worst.times_whole(peak)?;
        self.gpus = Some(pods.price.gpus.times(Ratio::from(replicas.worst))?);
        if replicas.worst > 0 {
            self.open_ends(pods);
        }
        Ok(())
    }

    /// What of the pods has no bound or no price.
    pub(crate) fn open_ends(&mut self, pods: &Pods<'_>) {
        self.unbounded.extend_from_slice(&pods.request.unbounded);
        self.unpriced.extend_from_slice(&pods.price.unpriced);
    }
}

impl Default for Exact {
    fn default() -> Self {
        Self::ZERO
    }
}
