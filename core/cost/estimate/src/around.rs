//! What lies beside an object and bears on its cost.

use std::sync::Arc;

use tollgate_vocabulary::Value;

/// The objects around the one that is estimated, as far as they bear on its cost. Built by
/// [`World::around`](crate::World::around) from a set of objects, or from a fact. What stands in it is taken to reach
/// the object.
#[derive(Clone, Debug, Default)]
pub struct Around<'a> {
    /// HorizontalPodAutoscalers, ScaledObjects and VerticalPodAutoscalers that target it
    pub autoscalers: Vec<&'a Value>,
    /// LimitRanges of its namespace
    pub limit_ranges: Vec<&'a Value>,
    /// ResourceQuotas of its namespace
    pub quotas: Vec<&'a Value>,
    /// the RuntimeClass that its pods name
    pub runtime_class: Option<&'a Value>,
    /// who controls it, where that owner's estimate holds what it costs
    pub owner: Option<Owner>,
}

/// A controller that pays for what it controls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// its kind
    pub kind: Arc<str>,
    /// its name
    pub name: Arc<str>,
}
