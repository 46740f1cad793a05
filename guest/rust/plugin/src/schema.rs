//! Descriptions of types, as the schema of a plugin has them.
//!
//! [`export`](crate::prelude::export) and [`import`](crate::prelude::import) write the signatures of
//! their functions, and the derive of [`Schema`] writes types, into the module's custom section
//! `plugin.schema`. A host reads it and calls the plugin without being told the types.
//!
//! A function whose types do not all implement [`Schema`] works as well. What is not described is
//! `unknown` in the schema, and a host calls the function with types that it states itself.

mod std_types;

/// A type that can be described in a schema.
///
/// The derive describes a struct or an enum. A concrete type is declared once, under its name and
/// with its documentation, and may contain itself. A generic type is described anew wherever it is
/// used. Two types of one name in one plugin have to be the same; `#[serde(rename = "…")]` gives one
/// of them another name.
///
/// ```
/// use plugin::prelude::*;
///
/// /// A point of the plane.
/// #[derive(Serialize, Deserialize, Schema)]
/// struct Point {
///     x: f64,
///     y: f64,
/// }
/// # assert_eq!(plugin::schema::declaration::<Point>(), "/// A point of the plane.\nstruct Point { x: f64, y: f64 }\n");
/// ```
///
/// The names follow `rename` and `rename_all` of serde, and `skip`, `transparent`, `from` with `into`
/// are understood. Other attributes of serde that change the bytes are refused at compile time, unless
/// `#[schema(as = "T")]` says which type has the same bytes:
///
/// ```
/// # use plugin::prelude::*;
/// # mod hex {
/// #     use plugin::serde::{Deserialize, Deserializer, Serializer};
/// #     pub fn serialize<S: Serializer>(color: &u32, to: S) -> Result<S::Ok, S::Error> { to.collect_str(&format_args!("{:x}", color)) }
/// #     pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> { Ok(u32::from_str_radix(&String::deserialize(from)?, 16).unwrap()) }
/// # }
/// #[derive(Serialize, Deserialize, Schema)]
/// struct Pixel {
///     #[serde(with = "hex")]
///     #[schema(as = "String")]
///     color: u32,
/// }
/// # assert_eq!(plugin::schema::declaration::<Pixel>(), "struct Pixel { color: string }\n");
/// ```
///
/// ```compile_fail
/// # use plugin::prelude::*;
/// #[derive(Schema)]
/// struct Pixel {
///     #[serde(with = "hex")] // Cannot describe "Pixel": ...
///     color: u32,
/// }
/// ```
///
/// A type with a form of its own names one with the same bytes:
///
/// ```
/// # use plugin::prelude::*;
/// use plugin::schema::Text;
///
/// struct Meters(f64);
///
/// impl Schema for Meters {
///     const TYPE: Text = f64::TYPE;
/// }
/// ```
pub trait Schema {
    /// The type where it is used: a word, the name of a declaration, or its whole structure.
    const TYPE: Text;

    /// A list of it, which is `bytes` for bytes.
    #[doc(hidden)]
    const LIST: Text = Text::Parts(&[Text::Word("vec<"), Self::TYPE, Text::Word(">")]);

    /// An array of it, up to its length.
    #[doc(hidden)]
    const ARRAY: Text = Text::Parts(&[Text::Word("array<"), Self::TYPE, Text::Word(", ")]);

    /// What declares its name, if it has one.
    #[doc(hidden)]
    const DECLARATION: Text = Text::Word("");
}

/// A piece of a schema, made of constants.
pub enum Text {
    /// Some characters.
    Word(&'static str),
    /// A number in decimal digits.
    Number(usize),
    /// Pieces, one after the other.
    Parts(&'static [Text]),
    /// The name of a declaration, and a function in the same object file. Without link-time
    /// optimization a linker leaves out files of libraries that nothing refers to.
    #[doc(hidden)]
    Name(&'static str, fn()),
}

impl Text {
    /// How many bytes it has.
    pub const fn length(&self) -> usize {
        match self {
            Text::Word(word) | Text::Name(word, _) => word.len(),
            Text::Number(number) => digits(*number),
            Text::Parts(parts) => {
                let (mut length, mut at) = (0, 0);
                while at < parts.len() {
                    length += parts[at].length();
                    at += 1;
                }
                length
            }
        }
    }

    /// How many names it has.
    #[doc(hidden)]
    pub const fn count_names(&self) -> usize {
        match self {
            Text::Name(..) => 1,
            Text::Parts(parts) => {
                let (mut count, mut at) = (0, 0);
                while at < parts.len() {
                    count += parts[at].count_names();
                    at += 1;
                }
                count
            }
            _ => 0,
        }
    }

    /// The functions beside its names. `COUNT` is its [`count_names`](Text::count_names).
    #[doc(hidden)]
    pub const fn anchors<const COUNT: usize>(&self) -> [fn(); COUNT] {
        const fn nothing() {}
        self.collect([nothing; COUNT], 0).0
    }

    const fn collect<const COUNT: usize>(
        &self,
        mut anchors: [fn(); COUNT],
        mut at: usize,
    ) -> ([fn(); COUNT], usize) {
        match self {
            Text::Name(_, anchor) => {
                anchors[at] = *anchor;
                at += 1;
            }
            Text::Parts(parts) => {
                let mut from = 0;
                while from < parts.len() {
                    let collected = parts[from].collect(anchors, at);
                    anchors = collected.0;
                    at = collected.1;
                    from += 1;
                }
            }
            _ => {}
        }
        (anchors, at)
    }

    /// Its bytes, in UTF-8. `LENGTH` is its [`length`](Text::length).
    pub const fn bytes<const LENGTH: usize>(&self) -> [u8; LENGTH] {
        self.write([0; LENGTH], 0).0
    }

    /// Writes it into `bytes` from `at`, and returns them with the place behind it.
    const fn write<const LENGTH: usize>(
        &self,
        mut bytes: [u8; LENGTH],
        mut at: usize,
    ) -> ([u8; LENGTH], usize) {
        match self {
            Text::Word(word) | Text::Name(word, _) => {
                let mut from = 0;
                while from < word.len() {
                    bytes[at] = word.as_bytes()[from];
                    at += 1;
                    from += 1;
                }
            }
            Text::Number(number) => {
                let (mut left, mut to) = (*number, at + digits(*number));
                at = to;
                loop {
                    to -= 1;
                    bytes[to] = b'0' + (left % 10) as u8;
                    left /= 10;
                    if left == 0 {
                        break;
                    }
                }
            }
            Text::Parts(parts) => {
                let mut from = 0;
                while from < parts.len() {
                    let written = parts[from].write(bytes, at);
                    bytes = written.0;
                    at = written.1;
                    from += 1;
                }
            }
        }
        (bytes, at)
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Text::Word(word) | Text::Name(word, _) => formatter.write_str(word),
            Text::Number(number) => number.fmt(formatter),
            Text::Parts(parts) => parts.iter().try_for_each(|part| part.fmt(formatter)),
        }
    }
}

const fn digits(mut number: usize) -> usize {
    let mut digits = 1;
    while number >= 10 {
        number /= 10;
        digits += 1;
    }
    digits
}

/// What the derive writes into the module for `T`; nothing if `T` has no name.
pub fn declaration<T: Schema>() -> String {
    T::DECLARATION.to_string()
}

/// Whether `T` is described is found out by name: `Described::<T>::TYPE` is the constant of this type
/// where `T` implements [`Schema`], and else the one of [`Undescribed`], which has to be in scope.
#[doc(hidden)]
pub struct Described<T>(std::marker::PhantomData<T>);

#[doc(hidden)]
impl<T: Schema> Described<T> {
    pub const TYPE: Text = T::TYPE;
}

#[doc(hidden)]
pub trait Undescribed {
    const TYPE: Text = Text::Word("unknown");
}

impl<T> Undescribed for Described<T> {}
