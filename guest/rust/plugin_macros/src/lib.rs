//! The attribute macros of the [`plugin`](../plugin/index.html) crate.
//!
//! Depend on `plugin`, which re-exports everything here; the generated code names it by the path
//! `::plugin`. Each macro is documented where a plugin finds it, in `plugin::prelude`.

#![deny(missing_docs)]

mod derive;
mod export;
mod function;
mod import;
mod rename_rule;
mod resource;
mod schema;
mod serde_attributes;
mod signature;
mod text;

use proc_macro2::TokenStream;

/// Offers a function to the host, as the Wasm export `__name`.
///
/// The function itself stays as it is and can still be called from Rust. Its parameters and its
/// result travel as bincode, so every parameter type implements
/// [`Deserialize`](https://docs.rs/serde/1/serde/trait.Deserialize.html) without borrowing and the
/// result implements [`Serialize`](https://docs.rs/serde/1/serde/trait.Serialize.html).
///
/// ```
/// use plugin::prelude::*;
///
/// #[export]
/// pub fn join(words: Vec<String>, separator: String) -> String {
///     words.join(&separator)
/// }
///
/// assert_eq!(join(vec!["a".into(), "b".into()], "-".into()), "a-b");
/// ```
///
/// What cannot cross the boundary is refused at compile time: generics, `self`, references,
/// patterns, `async`, `unsafe` and `extern` functions.
///
/// ```compile_fail
/// use plugin::prelude::*;
///
/// #[export]
/// fn shout(text: &str) -> String {
///     text.to_uppercase()
/// }
/// ```
#[proc_macro_attribute]
pub fn export(
    arguments: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    finish(export::expand("export", arguments.into(), item.into()))
}

/// The older name of [`macro@export`].
///
/// ```
/// use plugin::prelude::*;
///
/// #[bind]
/// pub fn length(text: String) -> u64 {
///     text.len() as u64
/// }
/// # assert_eq!(length("four".into()), 4);
/// ```
#[proc_macro_attribute]
pub fn bind(
    arguments: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    finish(export::expand("bind", arguments.into(), item.into()))
}

/// Declares a function that the host provides, imported as `__name` from the module `env`.
///
/// It goes on a signature without a body and makes it an ordinary function: parameters implement
/// `Serialize`, the result implements `Deserialize` without borrowing. The call returns when the
/// host has answered. If the host function fails, the call never returns: the host abandons the
/// guest call that made it.
///
/// ```no_run
/// use plugin::prelude::*;
///
/// #[import]
/// fn run(command: String) -> Vec<u8>;
///
/// #[export]
/// pub fn today() -> Vec<u8> {
///     run("date".to_string())
/// }
/// # today();
/// ```
///
/// Outside Wasm there is no host: a native build, such as the one of `cargo test`, compiles and
/// links, and the call panics.
///
/// ```should_panic
/// # use plugin::prelude::*;
/// # #[import]
/// # fn run(command: String) -> Vec<u8>;
/// run("date".to_string()); // Cannot call host function "run": ...
/// ```
///
/// A body is refused, since the host has it.
///
/// ```compile_fail
/// # use plugin::prelude::*;
/// #[import]
/// fn run(command: String) -> Vec<u8> {
///     Vec::new()
/// }
/// ```
#[proc_macro_attribute]
pub fn import(
    arguments: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    finish(import::expand(arguments.into(), item.into()))
}

/// Serde's `#[derive(Serialize)]`, for a crate that depends on `plugin` alone.
///
/// Every `#[serde(...)]` attribute works as documented by serde.
#[proc_macro_derive(Serialize, attributes(serde))]
pub fn derive_serialize(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    finish(derive::expand(derive::Derive::Serialize, item.into()))
}

/// Serde's `#[derive(Deserialize)]`, for a crate that depends on `plugin` alone.
///
/// Every `#[serde(...)]` attribute works as documented by serde.
#[proc_macro_derive(Deserialize, attributes(serde))]
pub fn derive_deserialize(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    finish(derive::expand(derive::Derive::Deserialize, item.into()))
}

/// Describes a struct or an enum in the plugin's schema, with its documentation.
///
/// See the trait of the name.
#[proc_macro_derive(Schema, attributes(schema, serde))]
pub fn derive_schema(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    finish(schema::expand(item.into()))
}

/// Makes a unit struct the type of objects that stay on the host.
///
/// A value of the type is a handle that the plugin owns. Dropping it tells the host that the object is
/// not needed any more. Passing it to a host function or returning it gives it away, and so does
/// anything else that serializes it. `Borrow` is a handle that is only lent.
///
/// ```
/// use plugin::prelude::*;
///
/// /// A text of the editor.
/// #[resource]
/// pub struct Rope;
///
/// #[import]
/// fn rope_slice(text: Borrow<Rope>, start: u64, end: u64) -> String;
///
/// /// The first characters of a text.
/// #[export]
/// fn preview(text: Borrow<Rope>) -> String {
///     rope_slice(text, 0, 80)
/// }
///
/// /// The same, of a text that nobody else needs.
/// #[export]
/// fn consume(text: Rope) -> String {
///     rope_slice(text.borrow(), 0, 80)
/// }
/// ```
///
/// A lent handle cannot be kept:
///
/// ```compile_fail
/// # use plugin::prelude::*;
/// # #[resource]
/// # pub struct Rope;
/// static KEPT: std::sync::Mutex<Option<Borrow<Rope>>> = std::sync::Mutex::new(None);
///
/// #[export]
/// fn keep(text: Borrow<Rope>) {
///     *KEPT.lock().unwrap() = Some(text);
/// }
/// ```
#[proc_macro_attribute]
pub fn resource(
    arguments: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    finish(resource::expand(arguments.into(), item.into()))
}

fn finish(expansion: syn::Result<TokenStream>) -> proc_macro::TokenStream {
    expansion
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}
