//! A piece of a schema, as a macro writes it: words that it knows, and types that the compiler knows.

use proc_macro2::TokenStream;
use quote::{quote, ToTokens};
use syn::{Attribute, Lit, Meta, MetaNameValue};

/// Makes an expression of type `plugin::schema::Text`.
#[derive(Default)]
pub struct Text {
    parts: Vec<Part>,
}

enum Part {
    Word(String),
    Text(TokenStream),
}

impl Text {
    pub fn word(&mut self, word: &str) {
        match self.parts.last_mut() {
            Some(Part::Word(last)) => last.push_str(word),
            _ => self.parts.push(Part::Word(word.to_string())),
        }
    }

    /// A name of the schema's grammar.
    pub fn name(&mut self, name: &str) {
        self.word(&spelled(name));
    }

    /// The documentation among `attributes`, which starts a line of its own if there is any.
    pub fn docs(&mut self, attributes: &[Attribute]) {
        let lines = doc_lines(attributes);
        if lines.is_empty() {
            return;
        }
        if let Some(Part::Word(last)) = self.parts.last_mut() {
            last.truncate(last.trim_end().len());
        }
        if !self.parts.is_empty() {
            self.word("\n");
        }
        for line in lines {
            self.word(&format!("///{}\n", line));
        }
    }

    /// An expression of type `plugin::schema::Text`.
    pub fn text(&mut self, text: TokenStream) {
        self.parts.push(Part::Text(text));
    }

    pub fn append(&mut self, text: Text) {
        for part in text.parts {
            match part {
                Part::Word(word) => self.word(&word),
                Part::Text(text) => self.text(text),
            }
        }
    }

    /// Items, in brackets and with commas between them.
    pub fn list<T>(
        &mut self,
        (open, close): (&str, &str),
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Text, T),
    ) {
        self.word(open);
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.word(", ");
            }
            write(self, item);
        }
        self.word(close);
    }
}

impl ToTokens for Text {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let parts = self.parts.iter().map(|part| match part {
            Part::Word(word) => quote!(::plugin::schema::Text::Word(#word)),
            Part::Text(text) => text.clone(),
        });
        tokens.extend(quote!(::plugin::schema::Text::Parts(&[#(#parts),*])));
    }
}

/// Writes the constant `text` into the module's schema, with whatever it names. Natively it is only
/// checked. The names of the constants are none that a type of the author mentions.
pub fn section(text: TokenStream) -> TokenStream {
    quote! {
        const __SCHEMA_TEXT: ::plugin::schema::Text = #text;
        #[cfg(target_arch = "wasm32")]
        #[link_section = "plugin.schema"]
        #[allow(dead_code)]
        static __SCHEMA_SECTION: [u8; __SCHEMA_TEXT.length()] = __SCHEMA_TEXT.bytes();
        #[cfg(target_arch = "wasm32")]
        #[used]
        static __SCHEMA_NAMES: [fn(); __SCHEMA_TEXT.count_names()] = __SCHEMA_TEXT.anchors();
    }
}

/// The constants of a type that has the declaration `declaration`.
pub fn named(name: &str, declaration: impl ToTokens) -> TokenStream {
    let name = spelled(name);
    quote! {
        const TYPE: ::plugin::schema::Text = {
            #[inline(never)]
            fn anchor() {}
            ::plugin::schema::Text::Name(#name, anchor)
        };
        const DECLARATION: ::plugin::schema::Text = #declaration;
    }
}

/// The lines of the documentation, as they stand behind the slashes.
fn doc_lines(attributes: &[Attribute]) -> Vec<String> {
    let mut lines = Vec::new();
    for attribute in attributes {
        if !attribute.path.is_ident("doc") {
            continue;
        }
        if let Ok(Meta::NameValue(MetaNameValue {
            lit: Lit::Str(text),
            ..
        })) = attribute.parse_meta()
        {
            lines.extend(text.value().split('\n').map(|line| line.replace('\r', "")));
        }
    }
    lines
}

/// A name as the grammar has it: an identifier, or else a JSON string.
fn spelled(name: &str) -> String {
    let is_word =
        |character: char| matches!(character, '_' | '$') || character.is_ascii_alphanumeric();
    let is_identifier =
        name.chars().all(is_word) && !name.starts_with(|first: char| first.is_ascii_digit());
    if is_identifier && !name.is_empty() {
        name.to_string()
    } else {
        json_string(name)
    }
}

fn json_string(text: &str) -> String {
    let mut string = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => string.extend(['\\', character]),
            character if character < ' ' => {
                string.push_str(&format!("\\u{:04x}", character as u32))
            }
            character => string.push(character),
        }
    }
    string + "\""
}
