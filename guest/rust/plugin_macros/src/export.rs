//! `#[export]` and its older name `#[bind]`.

use crate::function::{Direction, Function};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Result;

/// The function as it was, and beside it the Wasm export `__name` that calls it.
pub fn expand(attribute: &str, arguments: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let function = Function::read(attribute, Direction::Export, arguments, item)?;
    let (types, names) = (function.parameter_types(), function.parameter_names());
    let Function { attributes, visibility, signature, body, name, parameters, result } = function;
    let ident = &signature.ident;
    let values = parameters.iter().map(|(name, _)| name);
    let symbol = format!("__{}", name);
    let shim = format_ident!("__{}", name);

    // The shim exists natively too, unexported, so that `cargo check` finds every type error.
    Ok(quote! {
        #(#attributes)* #visibility #signature #body

        const _: () = {
            #[cfg_attr(target_arch = "wasm32", export_name = #symbol)]
            #[allow(dead_code, deprecated)]
            extern "C" fn #shim(arguments: u64) -> u64 {
                unsafe {
                    ::plugin::abi::answer::<#types, #result>(#name, arguments, |#names| {
                        #ident(#(#values),*)
                    })
                }
            }
        };
    })
}
