//! A real API server for tests: etcd and kube-apiserver on loopback, gone when dropped.
