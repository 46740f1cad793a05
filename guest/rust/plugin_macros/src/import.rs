//! `#[import]`.

use crate::function::{tuple, Direction, Function};
use crate::signature::describe;
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Result;

/// The signature with a body that calls the Wasm import `env.__name`.
pub fn expand(arguments: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let function = Function::read("import", Direction::Import, arguments, item)?;
    let description = describe("import fn ", &function);
    let (types, values) = (tuple(function.types()), tuple(function.names()));
    let Function {
        attributes,
        visibility,
        signature,
        name,
        result,
        ..
    } = function;
    let symbol = format!("__{}", name);

    // The names of this body and those of the parameters do not see each other.
    let body = quote_spanned! {Span::mixed_site()=>
        #[cfg(target_arch = "wasm32")]
        {
            #[link(wasm_import_module = "env")]
            extern "C" {
                #[link_name = #symbol]
                fn host(arguments: u64) -> u64;
            }
            unsafe {
                ::plugin::abi::ask::<#types, #result>(#name, #values, |arguments| host(arguments))
            }
        }
        #[cfg(not(target_arch = "wasm32"))]
        ::plugin::abi::ask_nobody::<#types, #result>(#name, #values)
    };
    Ok(quote! {
        #(#attributes)* #visibility #signature { #body }
        #description
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(item: &str) -> String {
        let expansion = expand(TokenStream::new(), item.parse().unwrap());
        expansion.unwrap_err().to_string()
    }

    #[test]
    fn the_signature_is_kept_and_gets_a_body() {
        let item = "/// Runs.\npub fn run(command: String) -> Vec<u8>;";
        let expansion = expand(TokenStream::new(), item.parse().unwrap()).unwrap();
        let expansion = expansion.to_string().replace(' ', "");
        assert!(expansion.contains("pubfnrun(command:String)->Vec<u8>{"));
        assert!(expansion.contains("wasm_import_module=\"env\""));
        assert!(expansion.contains("link_name=\"__run\""));
    }

    #[test]
    fn each_thing_that_cannot_cross_the_boundary_is_named() {
        for (item, reason) in [
            (
                "fn f() {}",
                "it has a body, expected `;` since the host provides the function",
            ),
            ("const fn f();", "it is `const`, expected a plain function"),
            (
                "fn f(mut x: u8);",
                "a parameter is `mut`, expected its name",
            ),
            ("fn f(x: &str);", "a type is a reference, expected `String`"),
            (
                "fn f() -> &'static str;",
                "a type is a reference, expected `String`",
            ),
            ("fn f<T>(x: T);", "it is generic, expected concrete types"),
            (
                "fn f() -> !;",
                "its result is `!`, expected `()` or a value",
            ),
        ] {
            let expected = format!("Cannot import function \"f\": {}", reason);
            assert_eq!(refusal(item), expected, "{}", item);
        }
    }
}
