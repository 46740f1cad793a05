//! `#[derive(Serialize, Deserialize)]` for a crate that does not depend on serde itself.
//!
//! Serde's derive names its crate `serde`, which such a crate cannot see, unless the type carries
//! `#[serde(crate = "...")]`; and a derive macro cannot add an attribute to the type. So serde
//! derives for a hidden copy of the definition, as a remote definition of the real type.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{format_ident, quote, ToTokens};
use syn::{parse_quote, Attribute, Data, DeriveInput, Fields, Generics, Result, Visibility};

#[derive(Clone, Copy, PartialEq)]
pub enum Derive {
    Serialize,
    Deserialize,
}

pub fn expand(derive: Derive, item: TokenStream) -> Result<TokenStream> {
    let mut definition: DeriveInput = syn::parse2(item)?;
    let name = definition.ident.clone();
    let generics = definition.generics.clone();
    let (_, arguments, _) = generics.split_for_impl();
    let real = quote!(#name #arguments);
    let remote = name.to_string();

    keep_serde_attributes(&mut definition);
    definition.vis = Visibility::Inherited;
    definition.ident = format_ident!("{}Definition", name);
    let hidden = &definition.ident;
    let hidden = quote!(#hidden #arguments);
    let definition = replace_self(definition.to_token_stream(), &real);
    let (derived, implementation) = match derive {
        Derive::Serialize => (quote!(Serialize), serialize(&real, &hidden, &generics)),
        Derive::Deserialize => (quote!(Deserialize), deserialize(&real, &hidden, &generics)),
    };
    Ok(quote! {
        const _: () = {
            #[allow(dead_code)]
            #[derive(::plugin::serde::#derived)]
            #[serde(crate = "::plugin::serde", remote = #remote)]
            #definition

            #implementation
        };
    })
}

fn serialize(real: &TokenStream, hidden: &TokenStream, generics: &Generics) -> TokenStream {
    let mut generics = generics.clone();
    for parameter in generics.type_params_mut() {
        parameter
            .bounds
            .push(parse_quote!(::plugin::serde::Serialize));
    }
    let (parameters, _, clause) = generics.split_for_impl();
    quote! {
        impl #parameters ::plugin::serde::Serialize for #real #clause {
            fn serialize<__S>(&self, serializer: __S) -> ::core::result::Result<__S::Ok, __S::Error>
            where
                __S: ::plugin::serde::Serializer,
            {
                <#hidden>::serialize(self, serializer)
            }
        }
    }
}

fn deserialize(real: &TokenStream, hidden: &TokenStream, generics: &Generics) -> TokenStream {
    let mut generics = generics.clone();
    let mut lifetime: syn::LifetimeDef = parse_quote!('de);
    lifetime
        .bounds
        .extend(generics.lifetimes().map(|own| own.lifetime.clone()));
    for parameter in generics.type_params_mut() {
        parameter
            .bounds
            .push(parse_quote!(::plugin::serde::Deserialize<'de>));
    }
    generics.params.insert(0, lifetime.into());
    let (parameters, _, clause) = generics.split_for_impl();
    quote! {
        impl #parameters ::plugin::serde::Deserialize<'de> for #real #clause {
            fn deserialize<__D>(deserializer: __D) -> ::core::result::Result<Self, __D::Error>
            where
                __D: ::plugin::serde::Deserializer<'de>,
            {
                <#hidden>::deserialize(deserializer)
            }
        }
    }
}

/// Drops what other derives and attributes own: the copy knows none of them.
fn keep_serde_attributes(definition: &mut DeriveInput) {
    let keep = |attributes: &mut Vec<Attribute>| {
        attributes.retain(|attribute| attribute.path.is_ident("serde"));
    };
    let keep_in = |fields: &mut Fields| fields.iter_mut().for_each(|field| keep(&mut field.attrs));

    keep(&mut definition.attrs);
    match &mut definition.data {
        Data::Struct(data) => keep_in(&mut data.fields),
        Data::Enum(data) => {
            for variant in &mut data.variants {
                keep(&mut variant.attrs);
                keep_in(&mut variant.fields);
            }
        }
        Data::Union(_) => {}
    }
}

/// In the copy, `Self` has to mean the real type.
fn replace_self(tokens: TokenStream, real: &TokenStream) -> TokenStream {
    let replace = |token| match token {
        TokenTree::Ident(ident) if ident == "Self" => real.clone(),
        TokenTree::Group(group) => {
            let mut replaced = Group::new(group.delimiter(), replace_self(group.stream(), real));
            replaced.set_span(group.span());
            TokenTree::Group(replaced).into()
        }
        token => token.into(),
    };
    tokens.into_iter().map(replace).collect()
}
