//! `#[export]` and its older name `#[bind]`.

use crate::function::{tuple, Direction, Function};
use crate::signature::describe;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Result;

/// The function as it was, and beside it the Wasm export `__name` that calls it.
pub fn expand(attribute: &str, arguments: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let function = Function::read(attribute, Direction::Export, arguments, item)?;
    let description = describe("fn ", &function);
    let types = tuple(function.types());
    let values: Vec<Ident> = function.names().map(local).collect();
    let pattern = tuple(values.iter());
    let Function {
        attributes,
        visibility,
        signature,
        body,
        name,
        result,
        ..
    } = function;
    let ident = &signature.ident;
    let symbol = format!("__{}", name);
    let shim = format_ident!("__{}", name);

    // The shim exists natively too, unexported, so that `cargo check` finds every type error.
    let export = quote_spanned! {Span::mixed_site()=>
        const _: () = {
            #[cfg_attr(target_arch = "wasm32", export_name = #symbol)]
            #[allow(dead_code, deprecated)]
            extern "C" fn #shim(arguments: u64) -> u64 {
                unsafe {
                    ::plugin::abi::answer::<#types, #result>(#name, arguments, |#pattern| {
                        #ident(#(#values),*)
                    })
                }
            }
        };
    };
    Ok(quote! {
        #(#attributes)* #visibility #signature #body
        #export
        #description
    })
}

/// A variable of that name which hides nothing of the same name, such as the function itself.
fn local(name: &Ident) -> Ident {
    let mut name = name.clone();
    name.set_span(Span::mixed_site().located_at(name.span()));
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expansion(item: &str) -> String {
        let expansion = expand("export", TokenStream::new(), item.parse().unwrap());
        expansion.unwrap().to_string().replace(' ', "")
    }

    fn refusal(item: &str) -> String {
        let expansion = expand("export", TokenStream::new(), item.parse().unwrap());
        expansion.unwrap_err().to_string()
    }

    #[test]
    fn the_function_is_kept_as_it_is() {
        let item =
            "/// Doubles.\n#[must_use] pub(crate) fn double(mut x: Vec<f64>) -> Vec<f64> { x }";
        let kept: TokenStream = item.parse().unwrap();
        assert!(expansion(item).starts_with(&kept.to_string().replace(' ', "")));
    }

    #[test]
    fn the_export_is_named_with_two_underscores_and_without_the_raw_prefix() {
        assert!(expansion("fn double(x: f64) {}").contains("export_name=\"__double\""));
        assert!(expansion("fn r#type() {}").contains("export_name=\"__type\""));
    }

    #[test]
    fn arguments_are_a_tuple_of_any_length() {
        assert!(expansion("fn f() {}").contains("answer::<(),()>"));
        assert!(expansion("fn f(a: u8) -> u8 { a }").contains("answer::<(u8,),u8>"));
        let parameters = |count| {
            (0..count)
                .map(|i| format!("p{}: u8,", i))
                .collect::<String>()
        };
        let flat = format!("answer::<({}),()>", "u8,".repeat(16));
        assert!(expansion(&format!("fn f({}) {{}}", parameters(16))).contains(&flat));
        let nested = format!("answer::<({}(u8,u8,)),()>", "u8,".repeat(15));
        assert!(expansion(&format!("fn f({}) {{}}", parameters(17))).contains(&nested));
    }

    #[test]
    fn each_thing_that_cannot_cross_the_boundary_is_named() {
        for (item, reason) in [
            ("fn f<T>(x: T) {}", "it is generic, expected concrete types"),
            (
                "fn f<'a>(x: u8) {}",
                "it is generic, expected concrete types",
            ),
            (
                "fn f(x: u8) where u8: Copy {}",
                "it has a `where` clause, expected concrete types",
            ),
            (
                "fn f(&self) {}",
                "it takes `self`, expected a free function",
            ),
            (
                "fn f(self: Box<u8>) {}",
                "it takes `self`, expected a free function",
            ),
            (
                "fn f((a, b): (u8, u8)) {}",
                "a parameter is a pattern, expected a name",
            ),
            (
                "fn f(_: u8) {}",
                "a parameter is a pattern, expected a name",
            ),
            (
                "fn f(ref x: u8) {}",
                "a parameter is a pattern, expected a name",
            ),
            (
                "fn f(x: &str) {}",
                "a type is a reference, expected `String`",
            ),
            (
                "fn f(x: &'static mut str) {}",
                "a type is a reference, expected `String`",
            ),
            ("fn f(x: &[u8]) {}", "a type is a reference, expected `Vec`"),
            (
                "fn f(x: &Path) {}",
                "a type is a reference, expected `PathBuf`",
            ),
            (
                "fn f(x: Option<(u8, &Point)>) {}",
                "a type is a reference, expected the owned type",
            ),
            (
                "fn f(x: impl Into<u8>) {}",
                "a type is `impl Trait`, expected a concrete type",
            ),
            (
                "fn f() -> impl Copy {}",
                "a type is `impl Trait`, expected a concrete type",
            ),
            (
                "fn f() -> ! { loop {} }",
                "its result is `!`, expected `()` or a value",
            ),
            (
                "async fn f() {}",
                "it is `async`, expected a function that returns when done",
            ),
            (
                "unsafe fn f() {}",
                "it is `unsafe`, expected a safe function",
            ),
            (
                "extern \"C\" fn f() {}",
                "it is `extern`, expected a plain function",
            ),
            (
                "fn f(x: u8, ...) {}",
                "it is variadic, expected a fixed list of parameters",
            ),
        ] {
            let expected = format!("Cannot export function \"f\": {}", reason);
            assert_eq!(refusal(item), expected, "{}", item);
        }
    }

    #[test]
    fn a_missing_body_is_refused_with_a_hint_at_import() {
        assert!(refusal("fn f(x: u8);").contains("it has no body, expected one (#[import]"));
    }

    #[test]
    fn the_names_of_the_abi_are_reserved() {
        for name in ["alloc_buffer", "free_buffer", "wasm_call_ctors"] {
            let message = refusal(&format!("fn {}() {{}}", name));
            assert!(message.ends_with("the name is reserved, expected another one"));
        }
    }

    #[test]
    fn the_attribute_goes_on_a_function_and_takes_no_arguments() {
        assert_eq!(refusal("struct Point;"), "#[export] goes on a function");
        assert_eq!(
            refusal("pub const X: u8 = 1;"),
            "#[export] goes on a function"
        );
        assert_eq!(refusal("extern \"C\" {}"), "#[export] goes on a function");
        let expansion = expand(
            "bind",
            quote!(name),
            quote!(
                fn f() {}
            ),
        );
        assert_eq!(
            expansion.unwrap_err().to_string(),
            "#[bind] takes no arguments"
        );
    }
}
