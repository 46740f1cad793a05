//! The declaration of a function in the schema.

use crate::function::Function;
use crate::text::{section, Text};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned, ToTokens};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::Type;

/// Items that write `keywords name(…) -> …;` into the schema, with the function's documentation.
pub fn describe(keywords: &str, function: &Function) -> TokenStream {
    let mut text = Text::default();
    text.docs(&function.attributes);
    text.word(keywords);
    text.name(&function.name);
    text.list(("(", ")"), &function.parameters, |text, (name, ty)| {
        text.name(&name.unraw().to_string());
        text.word(": ");
        text.text(described(ty));
    });
    if !is_unit(&function.result) {
        text.word(" -> ");
        text.text(described(&function.result));
    }
    text.word(";\n");
    let section = section(text.to_token_stream());
    quote! {
        const _: () = {
            #[allow(unused_imports)]
            use ::plugin::schema::Undescribed as _;
            #section
        };
    }
}

/// The description of a type that may have none.
fn described(ty: &Type) -> TokenStream {
    quote_spanned!(ty.span()=> ::plugin::schema::Described::<#ty>::TYPE)
}

fn is_unit(ty: &Type) -> bool {
    match ty {
        Type::Tuple(tuple) => tuple.elems.is_empty(),
        // What a macro's `$type:ty` stands for.
        Type::Group(group) => is_unit(&group.elem),
        _ => false,
    }
}
