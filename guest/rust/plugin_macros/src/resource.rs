//! `#[resource]`.

use crate::schema::check_name;
use crate::text::{named, section, Text};
use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::{Error, Fields, ItemStruct, Result};

/// A struct around a handle in place of the unit struct.
pub fn expand(arguments: TokenStream, item: TokenStream) -> Result<TokenStream> {
    if !arguments.is_empty() {
        return Err(Error::new_spanned(
            arguments,
            "#[resource] takes no arguments",
        ));
    }
    let message = "#[resource] goes on a unit struct, such as `struct Rope;`";
    let item: ItemStruct =
        syn::parse2(item.clone()).map_err(|_| Error::new_spanned(&item, message))?;
    if !matches!(item.fields, Fields::Unit) || !item.generics.params.is_empty() {
        return Err(Error::new_spanned(&item, message));
    }
    let ItemStruct {
        attrs, vis, ident, ..
    } = &item;
    let name = ident.unraw().to_string();
    check_name(&name, ident)?;
    let mut declaration = Text::default();
    declaration.docs(attrs);
    declaration.word("resource ");
    declaration.name(&name);
    declaration.word(";\n");
    let section = section(quote!(<#ident as ::plugin::schema::Schema>::DECLARATION));
    let constants = named(&name, declaration);
    Ok(quote! {
        #(#attrs)*
        #vis struct #ident(::plugin::resource::Handle);

        const _: () = {
            impl ::plugin::resource::Resource for #ident {
                fn from_handle(handle: ::plugin::resource::Handle) -> Self {
                    Self(handle)
                }

                fn handle(&self) -> &::plugin::resource::Handle {
                    &self.0
                }
            }

            impl #ident {
                /// Lends it to a host function.
                #[allow(dead_code)]
                #vis fn borrow(&self) -> ::plugin::resource::Borrow<'_, Self> {
                    ::plugin::resource::Borrow::of(self)
                }
            }

            impl ::plugin::serde::Serialize for #ident {
                fn serialize<__S>(&self, serializer: __S) -> ::core::result::Result<__S::Ok, __S::Error>
                where
                    __S: ::plugin::serde::Serializer,
                {
                    ::plugin::resource::Handle::give(&self.0, serializer)
                }
            }

            impl<'de> ::plugin::serde::Deserialize<'de> for #ident {
                fn deserialize<__D>(deserializer: __D) -> ::core::result::Result<Self, __D::Error>
                where
                    __D: ::plugin::serde::Deserializer<'de>,
                {
                    ::plugin::resource::Handle::receive(deserializer).map(Self)
                }
            }

            impl ::plugin::schema::Schema for #ident {
                #constants
            }
            #section
        };
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_unit_struct_is_a_resource() {
        for item in [
            "struct A { b: u8 }",
            "struct A(u8);",
            "struct A<T>;",
            "enum A {}",
            "fn a() {}",
        ] {
            let refusal = expand(TokenStream::new(), item.parse().unwrap()).unwrap_err();
            let expected = "#[resource] goes on a unit struct, such as `struct Rope;`";
            assert_eq!(refusal.to_string(), expected, "{}", item);
        }
        let refusal = expand(
            quote!(name),
            quote!(
                struct A;
            ),
        )
        .unwrap_err();
        assert_eq!(refusal.to_string(), "#[resource] takes no arguments");
    }
}
