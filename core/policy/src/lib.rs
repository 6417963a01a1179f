//! May it: the estate's rules, compiled once and asked by many
