//! Exercises everything that a guest and a host can do to each other.

mod echo;
mod fail;
mod host;
mod system;
