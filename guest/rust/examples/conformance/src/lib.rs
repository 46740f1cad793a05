//! What `guest/conformance` asks of every SDK, in Rust.

mod echo;
mod host;
mod ropes;
mod system;
