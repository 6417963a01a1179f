//! The binary as an admission webhook of a real API server.
//!
//! ```text
//! kubectl, Client ──> kube-apiserver ──> `tollgate up --kubeconfig` ──> ledger <── `tollgate log`
//! ```
//!
//! What leaves the gate as it is shares one gate and one cluster (`plane::shared`), each test in namespaces of its own;
//! what stops, starves or re-configures the gate has a cluster to itself. Every wait is for a condition, with a deadline
//! that only a failure meets. Processes end with the value that started them.

mod admission;
mod budget;
mod caller;
mod certificate;
mod client;
mod estate;
mod estimate;
mod fact;
mod full;
mod gate;
mod ledger;
mod object;
mod plane;
mod process;
mod restart;
mod rotation;
mod rules;
mod scope;
mod secret;
mod stop;
mod subresource;
mod wait;
