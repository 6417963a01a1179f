//! What is kept: entries, bodies, state, in one SQLite database; tiles in files
