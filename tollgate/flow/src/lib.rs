//! The loops: gather, record, watch
