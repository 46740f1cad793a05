//! What serde's attributes and `#[schema(as = "…")]` say about the form of a type.
//!
//! An attribute that changes the bytes is understood or refused: what is passed over here makes a
//! schema that lies.

use crate::rename_rule::Rule;
use quote::ToTokens;
use syn::{Attribute, Error, Lit, Meta, MetaNameValue, NestedMeta, Path, Result, Type};

/// The place of an attribute.
#[derive(Clone, Copy, PartialEq)]
pub enum Place {
    Type,
    Variant,
    Field,
}

/// Attributes that say nothing about the bytes or the names.
const HARMLESS: [(Place, &[&str]); 3] = [
    (
        Place::Type,
        &[
            "bound",
            "crate",
            "default",
            "deny_unknown_fields",
            "expecting",
        ],
    ),
    (Place::Variant, &["alias", "borrow", "bound"]),
    (Place::Field, &["alias", "borrow", "bound", "default"]),
];

/// The form of a type, a variant or a field.
#[derive(Default)]
pub struct Form {
    pub rename: Option<String>,
    /// The rule for what is inside: variants of an enum, else fields.
    pub rename_all: Option<Rule>,
    /// The rule for the fields of all variants.
    pub rename_all_fields: Option<Rule>,
    pub is_skipped: bool,
    pub is_transparent: bool,
    /// The type with the same bytes.
    pub same_as: Option<Type>,
}

/// Reads the attributes at a place of the type called `name`.
pub fn read(name: &str, place: Place, attributes: &[Attribute]) -> Result<Form> {
    let mut form = Form::default();
    // Each is a half of what matters, and stands for something only with the other.
    let (mut skips, mut conversions) = (Vec::new(), Vec::new());
    let mut refused = None;
    for meta in metas("schema", attributes)? {
        match &meta {
            Meta::NameValue(pair) if pair.path.is_ident("as") => form.same_as = Some(parse(pair)?),
            meta => {
                return Err(refusal(
                    name,
                    meta,
                    "the attribute must be #[schema(as = \"Type\")]",
                ));
            }
        }
    }
    for meta in metas("serde", attributes)? {
        let word = word(meta.path());
        match (word.as_str(), &meta) {
            ("rename", meta) => form.rename = Some(both_ways(name, meta)?),
            ("rename_all", meta) if place != Place::Field => {
                form.rename_all = Some(rule(name, meta)?);
            }
            ("rename_all_fields", meta) if place == Place::Type => {
                form.rename_all_fields = Some(rule(name, meta)?);
            }
            ("skip", Meta::Path(_)) if place != Place::Type => form.is_skipped = true,
            ("transparent", Meta::Path(_)) if place == Place::Type => form.is_transparent = true,
            ("skip_serializing" | "skip_deserializing", Meta::Path(_)) if place != Place::Type => {
                skips.push(meta);
            }
            ("from" | "try_from" | "into", Meta::NameValue(pair)) if place == Place::Type => {
                conversions.push((word == "into", parse(pair)?, meta));
            }
            (word, _) if is_harmless(place, word) => {}
            _ => {
                refused.get_or_insert(meta);
            }
        }
    }
    if form.same_as.is_some() {
        return Ok(form);
    }
    if let Some(meta) = refused {
        let reason = format!(
            "#[serde({})] gives it bytes that are not known here; \
             add #[schema(as = \"Type\")] with a type of the same bytes, or implement Schema by hand",
            word(meta.path())
        );
        return Err(refusal(name, &meta, &reason));
    }
    match skips.as_slice() {
        [] => {}
        [_] => {
            let reason = "it is skipped one way only, so its bytes differ; use #[serde(skip)]";
            return Err(refusal(name, &skips[0], reason));
        }
        _ => form.is_skipped = true,
    }
    match conversions.as_slice() {
        [] => {}
        [(false, from, _), (true, into, _)] | [(true, into, _), (false, from, _)]
            if is_same(from, into) =>
        {
            form.same_as = Some(from.clone());
        }
        [(_, _, meta), ..] => {
            let reason = "its bytes depend on the way; give `from` and `into` of serde one type, \
                          or implement Schema by hand";
            return Err(refusal(name, meta, reason));
        }
    }
    Ok(form)
}

fn rule(name: &str, meta: &Meta) -> Result<Rule> {
    let rule = both_ways(name, meta)?;
    Rule::named(&rule)
        .ok_or_else(|| refusal(name, meta, &format!("\"{}\" is no rule of serde", rule)))
}

/// What stands in the attributes `#[attribute(…)]`.
fn metas(attribute: &str, attributes: &[Attribute]) -> Result<Vec<Meta>> {
    let mut metas = Vec::new();
    for each in attributes
        .iter()
        .filter(|each| each.path.is_ident(attribute))
    {
        let list = match each.parse_meta()? {
            Meta::List(list) => list,
            other => {
                return Err(Error::new_spanned(
                    other,
                    format!("expected #[{}(…)]", attribute),
                ))
            }
        };
        for nested in list.nested {
            match nested {
                NestedMeta::Meta(meta) => metas.push(meta),
                NestedMeta::Lit(literal) => {
                    return Err(Error::new_spanned(literal, "expected a name"))
                }
            }
        }
    }
    Ok(metas)
}

fn is_same(one: &Type, other: &Type) -> bool {
    let text = |ty: &Type| ty.to_token_stream().to_string();
    text(one) == text(other)
}

fn is_harmless(place: Place, word: &str) -> bool {
    HARMLESS
        .iter()
        .any(|(at, words)| *at == place && words.contains(&word))
}

/// The value of `word = "…"`, or of `word(serialize = "…", deserialize = "…")` where both are the same.
fn both_ways(name: &str, meta: &Meta) -> Result<String> {
    let values = match meta {
        Meta::NameValue(pair) => vec![string(&pair.lit)?],
        Meta::List(list) => {
            let mut values = Vec::new();
            for nested in &list.nested {
                if let NestedMeta::Meta(Meta::NameValue(pair)) = nested {
                    values.push(string(&pair.lit)?);
                }
            }
            values
        }
        Meta::Path(_) => Vec::new(),
    };
    match values.as_slice() {
        [value] if matches!(meta, Meta::NameValue(_)) => Ok(value.clone()),
        [one, other] if one == other => Ok(one.clone()),
        _ => Err(refusal(
            name,
            meta,
            "a schema has one name for both ways; give one",
        )),
    }
}

fn parse(pair: &MetaNameValue) -> Result<Type> {
    string(&pair.lit)?;
    match &pair.lit {
        Lit::Str(text) => text.parse(),
        other => Err(Error::new_spanned(other, "expected a type in quotes")),
    }
}

fn string(literal: &Lit) -> Result<String> {
    match literal {
        Lit::Str(text) => Ok(text.value()),
        other => Err(Error::new_spanned(other, "expected a text in quotes")),
    }
}

fn word(path: &Path) -> String {
    path.get_ident()
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// An error of the form `Cannot describe "Point": <reason>`.
pub fn refusal(name: &str, tokens: impl ToTokens, reason: &str) -> Error {
    Error::new_spanned(tokens, format!("Cannot describe \"{}\": {}", name, reason))
}
