//! The one decision: change, judges, settle, verdict
