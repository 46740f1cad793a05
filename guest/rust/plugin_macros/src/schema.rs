//! `#[derive(Schema)]`.
//!
//! A concrete type gets a declaration, and is referred to by its name. A generic type is its structure,
//! wherever it is used, since each instance is another type.

use crate::rename_rule::Rule;
use crate::serde_attributes::{read, refusal, Form, Place};
use crate::text::{named, section, Text};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{parse_quote, Data, DataEnum, DeriveInput, Field, Fields, GenericParam, Result, Type};

/// The words of types, which cannot be names of types.
const RESERVED: &str = "bool u8 u16 u32 u64 u128 i8 i16 i32 i64 i128 f32 f64 char string bytes \
     duration unknown i8Array u16Array i16Array u32Array i32Array u64Array i64Array f32Array \
     f64Array vec set option map result array fixedBytes borrow enum";

pub fn expand(item: TokenStream) -> Result<TokenStream> {
    let definition: DeriveInput = syn::parse2(item)?;
    let form = read(
        &definition.ident.to_string(),
        Place::Type,
        &definition.attrs,
    )?;
    let name = form
        .rename
        .clone()
        .unwrap_or_else(|| definition.ident.unraw().to_string());
    let (kind, structure) = describe(&definition, &name, &form)?;

    let mut generics = definition.generics.clone();
    for parameter in generics.type_params_mut() {
        parameter
            .bounds
            .push(parse_quote!(::plugin::schema::Schema));
    }
    let (parameters, arguments, clause) = generics.split_for_impl();
    let ident = &definition.ident;
    if is_generic(&definition) {
        refuse_recursion(&definition, &name)?;
        return Ok(quote! {
            impl #parameters ::plugin::schema::Schema for #ident #arguments #clause {
                const TYPE: ::plugin::schema::Text = #structure;
            }
        });
    }

    let declaration = declare(&definition, &name, kind, structure)?;
    let constants = named(&name, declaration);
    let lifetimes = generics.lifetimes().map(|_| quote!('static));
    let section = section(quote! {
        <#ident<#(#lifetimes),*> as ::plugin::schema::Schema>::DECLARATION
    });
    Ok(quote! {
        const _: () = {
            impl #parameters ::plugin::schema::Schema for #ident #arguments #clause {
                #constants
            }
            #section
        };
    })
}

/// Whether it is several types. Lifetimes make no difference to the bytes.
fn is_generic(definition: &DeriveInput) -> bool {
    let is_lifetime = |parameter: &GenericParam| matches!(parameter, GenericParam::Lifetime(_));
    !definition.generics.params.iter().all(is_lifetime)
}

/// Refuses names that mean something else in a schema.
pub fn check_name(name: &str, ident: &Ident) -> Result<()> {
    if !RESERVED.split(' ').any(|word| word == name) {
        return Ok(());
    }
    let reason = "the name is a word of the schema; choose another with #[serde(rename = \"…\")]";
    Err(refusal(name, ident, reason))
}

/// What a declaration begins with.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Struct,
    Enum,
    Type,
}

/// `docs keyword name structure`.
fn declare(definition: &DeriveInput, name: &str, kind: Kind, structure: Text) -> Result<Text> {
    check_name(name, &definition.ident)?;
    let mut text = Text::default();
    text.docs(&definition.attrs);
    text.word(match kind {
        Kind::Struct => "struct ",
        Kind::Enum => "enum ",
        Kind::Type => "type ",
    });
    text.name(name);
    text.word(if kind == Kind::Type { " = " } else { " " });
    text.append(structure);
    text.word(if kind == Kind::Type { ";\n" } else { "\n" });
    Ok(text)
}

/// The structure of the type, as it follows the keyword of its kind and a name.
fn describe(definition: &DeriveInput, name: &str, form: &Form) -> Result<(Kind, Text)> {
    let mut text = Text::default();
    if let Some(same) = &form.same_as {
        text.text(described(same));
        return Ok((Kind::Type, text));
    }
    match &definition.data {
        Data::Struct(data) => {
            let members = members(name, &data.fields, form.rename_all)?;
            let is_named = matches!(data.fields, Fields::Named(_)) && !form.is_transparent;
            if is_named {
                fields(&mut text, members);
                return Ok((Kind::Struct, text));
            }
            match members.as_slice() {
                [] => text.word("()"),
                [only] => text.text(only.described.clone()),
                _ => tuple(&mut text, members),
            }
            Ok((Kind::Type, text))
        }
        Data::Enum(data) => {
            // Within a type the structure of an enum has its keyword, as a struct has none.
            if is_generic(definition) {
                text.word("enum ");
            }
            variants(&mut text, name, data, form)?;
            Ok((Kind::Enum, text))
        }
        Data::Union(data) => Err(refusal(
            name,
            data.union_token,
            "it is a union, which has no bytes in bincode",
        )),
    }
}

fn variants(text: &mut Text, name: &str, data: &DataEnum, form: &Form) -> Result<()> {
    let mut written = Vec::new();
    let mut skipped = None;
    for variant in &data.variants {
        let own = read(name, Place::Variant, &variant.attrs)?;
        if own.is_skipped {
            skipped.get_or_insert(variant);
            continue;
        }
        if let Some(skipped) = skipped {
            let reason = "a variant after it has another number when written than when read; \
                          move skipped variants to the end";
            return Err(refusal(name, skipped, reason));
        }
        let rule = own.rename_all.or(form.rename_all_fields);
        let members = members(name, &variant.fields, rule)?;
        written.push((variant, own, members));
    }
    text.list(("{ ", " }"), written, |text, (variant, own, members)| {
        text.docs(&variant.attrs);
        text.name(&renamed(
            &own,
            form.rename_all,
            Rule::of_variant,
            &variant.ident,
        ));
        if let Some(same) = &own.same_as {
            text.list(("(", ")"), [same], |text, same| text.text(described(same)));
        } else if matches!(variant.fields, Fields::Named(_)) {
            text.word(" ");
            fields(text, members);
        } else if !members.is_empty() {
            tuple(text, members);
        }
    });
    Ok(())
}

/// A field that is in the bytes.
struct Member<'a> {
    field: &'a Field,
    name: String,
    described: TokenStream,
}

fn members<'a>(name: &str, fields: &'a Fields, rule: Option<Rule>) -> Result<Vec<Member<'a>>> {
    let mut members = Vec::new();
    for field in fields {
        let form = read(name, Place::Field, &field.attrs)?;
        if form.is_skipped {
            continue;
        }
        members.push(Member {
            field,
            name: field.ident.as_ref().map_or_else(String::new, |ident| {
                renamed(&form, rule, Rule::of_field, ident)
            }),
            described: described(form.same_as.as_ref().unwrap_or(&field.ty)),
        });
    }
    Ok(members)
}

fn renamed(
    form: &Form,
    rule: Option<Rule>,
    apply: fn(Rule, &str) -> String,
    ident: &Ident,
) -> String {
    let ident = ident.unraw().to_string();
    match (&form.rename, rule) {
        (Some(name), _) => name.clone(),
        (None, Some(rule)) => apply(rule, &ident),
        (None, None) => ident,
    }
}

fn fields(text: &mut Text, members: Vec<Member>) {
    text.list(("{ ", " }"), members, |text, member| {
        text.docs(&member.field.attrs);
        text.name(&member.name);
        text.word(": ");
        text.text(member.described);
    });
}

fn tuple(text: &mut Text, members: Vec<Member>) {
    text.list(("(", ")"), members, |text, member| {
        text.text(member.described)
    });
}

/// The description of a type that has to have one: the error stands at the type.
fn described(ty: &Type) -> TokenStream {
    quote_spanned!(ty.span()=> <#ty as ::plugin::schema::Schema>::TYPE)
}

/// A structure in the place of a name cannot contain itself.
fn refuse_recursion(definition: &DeriveInput, name: &str) -> Result<()> {
    let mut fields: Vec<&Field> = Vec::new();
    match &definition.data {
        Data::Struct(data) => fields.extend(&data.fields),
        Data::Enum(data) => fields.extend(data.variants.iter().flat_map(|variant| &variant.fields)),
        Data::Union(_) => {}
    }
    for field in fields {
        let ty = &field.ty;
        if mentions(quote!(#ty), &definition.ident) {
            let reason = "it is generic and contains itself, which has no description; \
                          make it concrete, or leave Schema out";
            return Err(refusal(name, ty, reason));
        }
    }
    Ok(())
}

fn mentions(tokens: TokenStream, ident: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(found) => found == "Self" || found == *ident,
        TokenTree::Group(group) => mentions(group.stream(), ident),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_that_cannot_be_described_is_named_with_what_to_do() {
        let unknown = |attribute| {
            format!(
                "#[serde({})] gives it bytes that are not known here; \
                 add #[schema(as = \"Type\")] with a type of the same bytes, or implement Schema by hand",
                attribute
            )
        };
        for (item, reason) in [
            ("struct T { #[serde(with = \"m\")] a: u8 }", unknown("with")),
            ("struct T { #[serde(flatten)] a: U }", unknown("flatten")),
            (
                "struct T { #[serde(skip_serializing_if = \"f\")] a: u8 }",
                unknown("skip_serializing_if"),
            ),
            (
                "struct T { #[serde(of_the_future)] a: u8 }",
                unknown("of_the_future"),
            ),
            ("#[serde(untagged)] enum T { A }", unknown("untagged")),
            ("#[serde(tag = \"t\")] enum T { A }", unknown("tag")),
            ("enum T { #[serde(other)] A }", unknown("other")),
            (
                "struct T { #[serde(skip_serializing)] a: u8 }",
                "it is skipped one way only, so its bytes differ; use #[serde(skip)]".to_string(),
            ),
            (
                "#[serde(from = \"u8\", into = \"u16\")] struct T(u8);",
                "its bytes depend on the way; give `from` and `into` of serde one type, \
                 or implement Schema by hand"
                    .to_string(),
            ),
            (
                "struct T { #[serde(rename(serialize = \"b\"))] a: u8 }",
                "a schema has one name for both ways; give one".to_string(),
            ),
            (
                "enum T { #[serde(skip)] A, B }",
                "a variant after it has another number when written than when read; \
                 move skipped variants to the end"
                    .to_string(),
            ),
            (
                "struct T<U> { a: U, more: Vec<T<U>> }",
                "it is generic and contains itself, which has no description; \
                 make it concrete, or leave Schema out"
                    .to_string(),
            ),
            (
                "union T { a: u8 }",
                "it is a union, which has no bytes in bincode".to_string(),
            ),
            (
                "#[schema(of = \"u8\")] struct T;",
                "the attribute must be #[schema(as = \"Type\")]".to_string(),
            ),
        ] {
            let refusal = expand(item.parse().unwrap()).unwrap_err().to_string();
            assert_eq!(
                refusal,
                format!("Cannot describe \"T\": {}", reason),
                "{}",
                item
            );
        }
    }

    #[test]
    fn words_of_the_schema_are_no_names() {
        let refusal = expand("#[serde(rename = \"vec\")] struct T;".parse().unwrap()).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "Cannot describe \"vec\": the name is a word of the schema; choose another with #[serde(rename = \"…\")]"
        );
    }
}
