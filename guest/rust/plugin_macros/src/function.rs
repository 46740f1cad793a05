//! A function item as `#[export]` and `#[import]` read it, or the error that says why they can't.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::{quote, ToTokens};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{
    Attribute, Error, FnArg, Ident, Pat, Result, ReturnType, Signature, Token, Type, Visibility,
};

/// What a macro does with the function, and so who owns the body.
#[derive(Clone, Copy, PartialEq)]
pub enum Direction {
    Export,
    Import,
}

/// A function that can cross the boundary.
pub struct Function {
    pub attributes: Vec<Attribute>,
    pub visibility: Visibility,
    pub signature: Signature,
    /// Everything after the signature, unparsed: newer syntax than this parser's may stand there.
    pub body: TokenStream,
    /// The name without `r#`.
    pub name: String,
    pub parameters: Vec<(Ident, Type)>,
    /// The result, `()` where none is written.
    pub result: Type,
}

/// Names whose export would be mistaken for a part of the ABI or of the start-up.
const RESERVED: [&str; 3] = ["alloc_buffer", "free_buffer", "wasm_call_ctors"];

impl Function {
    /// Reads `item`, to which `#[attribute(arguments)]` is attached.
    pub fn read(
        attribute: &str,
        direction: Direction,
        arguments: TokenStream,
        item: TokenStream,
    ) -> Result<Function> {
        if !arguments.is_empty() {
            let message = format!("#[{}] takes no arguments", attribute);
            return Err(Error::new_spanned(arguments, message));
        }
        let parse = |input: ParseStream| Function::parse(attribute, direction, input);
        parse.parse2(item)
    }

    fn parse(attribute: &str, direction: Direction, input: ParseStream) -> Result<Function> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility: Visibility = input.parse()?;
        if !starts_function(input) {
            return Err(input.error(format!("#[{}] goes on a function", attribute)));
        }
        let signature: Signature = input.parse()?;
        let name = signature.ident.unraw().to_string();
        let refuse = Refusal {
            direction,
            name: &name,
        };

        check_qualifiers(&refuse, direction, &signature)?;
        check_body(&refuse, direction, &signature, input)?;
        if direction == Direction::Export && RESERVED.contains(&name.as_str()) {
            return Err(refuse.at(
                &signature.ident,
                "the name is reserved, expected another one",
            ));
        }
        let parameters = read_parameters(&refuse, &signature)?;
        let result = read_result(&refuse, direction, &signature)?;
        let body = input.parse()?;
        Ok(Function {
            attributes,
            visibility,
            signature,
            body,
            name,
            parameters,
            result,
        })
    }

    /// The types of the parameters.
    pub fn types(&self) -> impl Iterator<Item = &Type> {
        self.parameters.iter().map(|(_, ty)| ty)
    }

    /// The names of the parameters.
    pub fn names(&self) -> impl Iterator<Item = &Ident> {
        self.parameters.iter().map(|(name, _)| name)
    }
}

/// The most elements of a tuple for which serde has an implementation.
const TUPLE_LIMIT: usize = 16;

/// A tuple of any length. Past serde's limit the rest is a tuple in last place, which has the same
/// bytes, since a tuple in bincode is its elements one after the other.
pub fn tuple<T: ToTokens>(elements: impl Iterator<Item = T>) -> TokenStream {
    nest(&elements.collect::<Vec<_>>())
}

fn nest<T: ToTokens>(elements: &[T]) -> TokenStream {
    if elements.len() <= TUPLE_LIMIT {
        return quote!((#(#elements,)*));
    }
    let (first, rest) = elements.split_at(TUPLE_LIMIT - 1);
    let rest = nest(rest);
    quote!((#(#first,)* #rest))
}

/// Words the errors of one function: `Cannot export function "x": <found>, expected <wanted>`.
struct Refusal<'a> {
    direction: Direction,
    name: &'a str,
}

impl Refusal<'_> {
    fn at(&self, tokens: impl ToTokens, reason: &str) -> Error {
        Error::new_spanned(tokens, self.message(reason))
    }

    fn at_span(&self, span: Span, reason: &str) -> Error {
        Error::new(span, self.message(reason))
    }

    fn message(&self, reason: &str) -> String {
        let verb = match self.direction {
            Direction::Export => "export",
            Direction::Import => "import",
        };
        format!("Cannot {} function \"{}\": {}", verb, self.name, reason)
    }
}

fn starts_function(input: ParseStream) -> bool {
    // `const`, `unsafe` and `extern` also start other items.
    let fork = input.fork();
    while !fork.is_empty() && !fork.peek(Token![fn]) {
        let qualifier = fork.peek(Token![const])
            || fork.peek(Token![async])
            || fork.peek(Token![unsafe])
            || fork.peek(Token![extern])
            || fork.peek(syn::LitStr);
        if !qualifier || fork.parse::<TokenTree>().is_err() {
            return false;
        }
    }
    fork.peek(Token![fn])
}

fn check_qualifiers(refuse: &Refusal, direction: Direction, signature: &Signature) -> Result<()> {
    if let Some(token) = &signature.asyncness {
        return Err(refuse.at(
            token,
            "it is `async`, expected a function that returns when done",
        ));
    }
    if let Some(token) = &signature.unsafety {
        return Err(refuse.at(token, "it is `unsafe`, expected a safe function"));
    }
    if let Some(token) = &signature.abi {
        return Err(refuse.at(token, "it is `extern`, expected a plain function"));
    }
    if let (Direction::Import, Some(token)) = (direction, &signature.constness) {
        return Err(refuse.at(token, "it is `const`, expected a plain function"));
    }
    if !signature.generics.params.is_empty() {
        let generics = &signature.generics;
        return Err(refuse.at(generics, "it is generic, expected concrete types"));
    }
    if let Some(clause) = &signature.generics.where_clause {
        return Err(refuse.at(clause, "it has a `where` clause, expected concrete types"));
    }
    if let Some(dots) = &signature.variadic {
        return Err(refuse.at(dots, "it is variadic, expected a fixed list of parameters"));
    }
    Ok(())
}

fn check_body(
    refuse: &Refusal,
    direction: Direction,
    signature: &Signature,
    input: ParseStream,
) -> Result<()> {
    match direction {
        Direction::Export if !input.peek(syn::token::Brace) => Err(refuse.at(
            signature,
            "it has no body, expected one (#[import] is for functions that the host provides)",
        )),
        Direction::Import if !input.peek(Token![;]) => Err(refuse.at_span(
            input.span(),
            "it has a body, expected `;` since the host provides the function",
        )),
        _ => Ok(()),
    }
}

const TAKES_SELF: &str = "it takes `self`, expected a free function";

fn read_parameters(refuse: &Refusal, signature: &Signature) -> Result<Vec<(Ident, Type)>> {
    let mut parameters = Vec::new();
    for input in &signature.inputs {
        let typed = match input {
            FnArg::Typed(typed) => typed,
            FnArg::Receiver(receiver) => {
                return Err(refuse.at(receiver, TAKES_SELF));
            }
        };
        let name = match &*typed.pat {
            Pat::Ident(pattern) if pattern.ident == "self" => {
                return Err(refuse.at(typed, TAKES_SELF));
            }
            Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.subpat.is_none() => {
                if refuse.direction == Direction::Import && pattern.mutability.is_some() {
                    return Err(refuse.at(pattern, "a parameter is `mut`, expected its name"));
                }
                &pattern.ident
            }
            pattern => {
                return Err(refuse.at(pattern, "a parameter is a pattern, expected a name"));
            }
        };
        check_type(refuse, &typed.ty, true)?;
        parameters.push((name.clone(), (*typed.ty).clone()));
    }
    Ok(parameters)
}

fn read_result(refuse: &Refusal, direction: Direction, signature: &Signature) -> Result<Type> {
    let ty = match &signature.output {
        ReturnType::Default => {
            let span = signature.paren_token.span;
            return Ok(syn::parse_quote_spanned!(span=> ()));
        }
        ReturnType::Type(_, ty) => ty,
    };
    if let Type::Never(never) = &**ty {
        return Err(refuse.at(never, "its result is `!`, expected `()` or a value"));
    }
    // A guest may answer with what it borrows from a static: only the bytes travel.
    check_type(refuse, ty, direction == Direction::Import)?;
    Ok((**ty).clone())
}

/// Refuses `impl Trait` and, in an owned position, references, at any depth of `ty`.
fn check_type(refuse: &Refusal, ty: &Type, owned: bool) -> Result<()> {
    check_tokens(refuse, ty.to_token_stream(), owned)
}

fn check_tokens(refuse: &Refusal, tokens: TokenStream, owned: bool) -> Result<()> {
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => check_tokens(refuse, group.stream(), owned)?,
            TokenTree::Ident(ident) if ident == "impl" => {
                return Err(refuse.at(ident, "a type is `impl Trait`, expected a concrete type"));
            }
            TokenTree::Punct(punct) if owned && punct.as_char() == '&' => {
                let wanted = owned_form(tokens);
                let reason = format!("a type is a reference, expected {}", wanted);
                return Err(refuse.at_span(punct.span(), &reason));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Names the owned type to use for the reference whose `&` precedes `tokens`.
fn owned_form(tokens: impl Iterator<Item = TokenTree>) -> &'static str {
    let mut after_quote = false;
    for token in tokens {
        match token {
            TokenTree::Punct(punct) => after_quote = punct.as_char() == '\'',
            TokenTree::Ident(_) if after_quote => after_quote = false,
            TokenTree::Ident(ident) if ident == "mut" => {}
            TokenTree::Ident(ident) if ident == "str" => return "`String`",
            TokenTree::Ident(ident) if ident == "Path" => return "`PathBuf`",
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => return "`Vec`",
            _ => break,
        }
    }
    "the owned type"
}
