//! What a Rust plugin for Cloche depends on.
//!
//! A plugin is a `cdylib` for Wasm whose functions the host calls and which calls functions of the
//! host. Values travel as bincode through buffers in the plugin's memory; the macros of the
//! [`prelude`] write that code.
//!
//! ```
//! use plugin::prelude::*;
//!
//! #[derive(Serialize, Deserialize, Schema)]
//! pub struct Item {
//!     name: String,
//!     price: f64,
//! }
//!
//! #[export]
//! pub fn total(items: Vec<Item>) -> f64 {
//!     items.iter().map(|item| item.price).sum()
//! }
//! # assert_eq!(total(vec![Item { name: "tea".into(), price: 2.5 }]), 2.5);
//! ```
//!
//! The module describes its functions and types to the host, see [`schema`]. Objects of the host are
//! held by handles, see [`mod@resource`].
//!
//! A function that panics prints the message and its place to standard error and traps; the host
//! then fails that call and discards the instance.
//!
//! # Start-up
//! A plugin exports `_initialize`, which the host calls once before anything else. It runs the
//! constructors of the C library: without it the linker would run them around every call.
//! Newer Rust links it in; for older Rust this crate defines it.

#![deny(missing_docs)]
// `defines_initialize` comes from build.rs, which can declare it in newer cargo only.
#![allow(unexpected_cfgs)]

pub mod abi;
mod arguments;
#[cfg(target_arch = "wasm32")]
mod exports;
mod numbers;
pub mod resource;
pub mod schema;
#[cfg(defines_initialize)]
mod start;

pub use {bincode, serde};

/// Everything a plugin uses, for `use plugin::prelude::*;`.
///
/// Beside the macros these are the traits and derives [`Serialize`](serde::Serialize) and
/// [`Deserialize`](serde::Deserialize), which need no dependency on serde here, and
/// [`Schema`](crate::schema::Schema); the type [`Borrow`](crate::resource::Borrow); and the crates
/// [`serde`] and [`bincode`].
pub mod prelude {
    pub use crate::resource::Borrow;
    pub use crate::schema::Schema;
    pub use plugin_macros::{bind, export, import, resource, Deserialize, Schema, Serialize};
    pub use serde::de::Deserialize;
    pub use serde::ser::Serialize;
    pub use {bincode, serde};
}
