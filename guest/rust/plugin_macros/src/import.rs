//! `#[import]`.

use crate::function::{Direction, Function};
use proc_macro2::TokenStream;
use quote::quote;
use syn::Result;

/// The signature with a body that calls the Wasm import `env.__name`.
pub fn expand(arguments: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let function = Function::read("import", Direction::Import, arguments, item)?;
    let (types, names) = (function.parameter_types(), function.parameter_names());
    let Function { attributes, visibility, signature, name, result, .. } = function;
    let symbol = format!("__{}", name);

    Ok(quote! {
        #(#attributes)* #visibility #signature {
            #[cfg(target_arch = "wasm32")]
            {
                #[link(wasm_import_module = "env")]
                extern "C" {
                    #[link_name = #symbol]
                    fn host(arguments: u64) -> u64;
                }
                unsafe {
                    ::plugin::abi::ask::<#types, #result>(#name, #names, |arguments| {
                        host(arguments)
                    })
                }
            }
            #[cfg(not(target_arch = "wasm32"))]
            ::plugin::abi::ask_nobody::<#types, #result>(#name, #names)
        }
    })
}
