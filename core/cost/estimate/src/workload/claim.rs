//! Claims of storage: PersistentVolumeClaims, templates of them, volumes that live with a pod.

use std::sync::Arc;

use tollgate_vocabulary::{MoneyError, Path};

use crate::exact::Exact;
use crate::node::Node;
use crate::pool::Offer;
use crate::rate::{Case, Rate, Rates};
use crate::{EstimateError, Field, Quantity};

/// A claim of storage.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    /// its storage class; the cluster's default where it names none
    pub(crate) class: Option<Arc<str>>,
    /// how much; nothing where it does not say
    pub(crate) size: Option<Quantity>,
    /// where it says how much, or would: not kept where nobody will ask for it
    pub(crate) field: Option<Field>,
}

/// The annotation that named the class before there was a field, and that still counts.
const CLASS: &str = "volume.beta.kubernetes.io/storage-class";

impl Claim {
    /// Reads a claim or a template of one.
    pub(crate) fn of(node: &Node<'_, '_>, explain: bool) -> Result<Self, EstimateError> {
        let spec = node.get("spec").checked()?;
        let resources = spec.get("resources").checked()?;
        let requests = resources.get("requests");
        let storage = requests.get("storage");
        let annotated = node.get("metadata").get("annotations").get(CLASS).text()?;
        let class = match annotated {
            Some(class) => Some(class),
            None => spec.get("storageClassName").text()?,
        };
        let size = storage.quantity()?;
        Ok(Self {
            class: class.filter(|class| !class.is_empty()).map(Arc::from),
            size,
            field: (explain || size.is_none()).then(|| storage.field()),
        })
    }

    /// What it costs for an hour; the name that has no price, where it has none.
    pub(crate) fn hourly(
        &self,
        rates: &Rates<'_>,
        offer: &Offer,
    ) -> Result<Result<Exact, Arc<str>>, MoneyError> {
        let Some(size) = self.size.filter(|size| !size.is_zero()) else { return Ok(Ok(Exact::ZERO)) };
        match self.rate(rates, offer) {
            Some(rate) => rate.hourly(size).map(Ok),
            None => Ok(Err(self.name())),
        }
    }

    /// Where it would say how much, if it does not.
    pub(crate) fn without_size(&self) -> Option<Path> {
        self.field.as_ref().filter(|_| self.size.is_none()).map(|field| field.path.clone())
    }

    pub(crate) fn rate<'e>(&self, rates: &Rates<'e>, offer: &Offer) -> Option<Rate<'e>> {
        rates.of(&Arc::from("storage"), self.class.as_ref(), &offer.place(), Case::Expected)
    }

    /// What a price would be of: `storage/fast`.
    pub(crate) fn name(&self) -> Arc<str> {
        match &self.class {
            Some(class) => format!("storage/{class}").into(),
            None => Arc::from("storage"),
        }
    }
}
