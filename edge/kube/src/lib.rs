//! What the cluster is asked and told: namespaces, webhook registration
