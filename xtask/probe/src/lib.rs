//! Nothing: `cargo xtask prove` compiles generated clients against what this crate depends on.
