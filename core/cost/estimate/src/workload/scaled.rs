//! What runs a number of pods: Deployment, ReplicaSet, ReplicationController, StatefulSet, and KEDA's ScaledJob.

use super::lines::counted;
use super::replicas::Scale;
use super::run::Run;
use super::surge::{Surge, Unset};
use super::{Claim, Desk};
use crate::estimate::{Draft, Replicas};
use crate::kind::Kind;
use crate::node::Node;
use crate::{EstimateError, EstimateProblem, Explanation};

/// Jobs at once where a ScaledJob does not say how many.
const SCALED_JOBS: u64 = 100;

impl Desk<'_> {
    pub(super) fn scaled(&self, kind: Kind, spec: &Node<'_, '_>) -> Result<Draft, EstimateError> {
        let scale = Scale::of(&spec.get("replicas"), self.around, self.explain)?;
        let mut claims = Vec::new();
        if kind == Kind::StatefulSet {
            for template in spec.get("volumeClaimTemplates").list()? {
                claims.push(Claim::of(&template, self.explain)?);
            }
        }
        let template = spec.get("template").checked()?;
        let pods = self.pods(&template.get("spec"), &Node::absent(), claims, false)?;
        let worst = scale.replicas.worst;
        let surge = if kind == Kind::Deployment {
            Surge::of(&spec.get("strategy"), worst, Unset::Quarter, self.explain)?
        } else {
            Surge { pods: 0, tree: None }
        };
        let peak = worst.checked_add(surge.pods).ok_or_else(|| spec.wrong(EstimateProblem::Overflow))?;
        let mut draft = Draft { replicas: Some(scale.replicas), ..Draft::default() };
        draft.run(&pods, scale.replicas, peak)?;
        if self.explain {
            let mut line = scale.tree;
            line.below.extend(self.lines(&pods)?);
            draft.tree.push(line);
            draft.tree.extend(surge.tree);
            draft.tree.extend(self.sums(&pods, scale.replicas, peak)?);
        }
        Ok(draft)
    }

    /// As many Jobs as may be at once, all the time: what triggers them is not known.
    pub(super) fn scaled_job(&self, spec: &Node<'_, '_>) -> Result<Draft, EstimateError> {
        let target = spec.get("jobTargetRef").checked()?;
        let run = Run::of(&target, self.explain)?;
        let most = spec.get("maxReplicaCount");
        let jobs = most.count()?.unwrap_or(SCALED_JOBS);
        let template = target.get("template").checked()?;
        let pods = self.pods(&template.get("spec"), &Node::absent(), Vec::new(), false)?;
        let at_once = jobs.checked_mul(run.width).ok_or_else(|| most.wrong(EstimateProblem::Overflow))?;
        let at_once = if run.suspended { 0 } else { at_once };
        let replicas = Replicas { expected: at_once, worst: at_once };
        let mut draft = Draft { replicas: Some(replicas), ..Draft::default() };
        draft.run(&pods, replicas, at_once)?;
        if self.explain {
            let words = format!("{} x {}, all the time", counted(jobs, "Job"), counted(run.width, "pod"));
            let label = counted(at_once, "pod");
            let mut line = Explanation::of(label).saying(words).by_field(most.field());
            line.below.extend(run.tree);
            line.below.extend(self.lines(&pods)?);
            draft.tree.push(line);
            draft.tree.extend(self.sums(&pods, replicas, at_once)?);
        }
        Ok(draft)
    }
}
