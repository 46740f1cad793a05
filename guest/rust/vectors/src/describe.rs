//! The type and the value of what is encoded, as JSON that the tests turn into a codec and a
//! JavaScript value. `schema.test-kit.ts` beside the codec reads these forms.

use crate::json::{array, null, number, string, Json};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::path::PathBuf;
use std::time::Duration;

pub trait Describe {
    /// The type: a name, or `[kind, …]`.
    fn schema() -> Json;
    /// The value, in the form that its type asks for.
    fn value(&self) -> Json;
}

fn kind(name: &str, inner: impl IntoIterator<Item = Json>) -> Json {
    array(std::iter::once(string(name)).chain(inner))
}

macro_rules! describe {
    ($($type:ty: $name:literal, $self:ident => $value:expr;)*) => {$(
        impl Describe for $type {
            fn schema() -> Json { string($name) }
            fn value(&$self) -> Json { $value }
        }
    )*};
}

describe! {
    bool: "bool", self => Json(self.to_string());
    u8: "u8", self => number(self);
    u16: "u16", self => number(self);
    u32: "u32", self => number(self);
    u64: "u64", self => string(&self.to_string());
    usize: "u64", self => string(&self.to_string());
    u128: "u128", self => string(&self.to_string());
    i8: "i8", self => number(self);
    i16: "i16", self => number(self);
    i32: "i32", self => number(self);
    i64: "i64", self => string(&self.to_string());
    isize: "i64", self => string(&self.to_string());
    i128: "i128", self => string(&self.to_string());
    // As text, for JSON has no NaN, infinity or -0. What an f32 holds is written out as an f64.
    f32: "f32", self => string(&format!("{:?}", *self as f64).replace("inf", "Infinity"));
    f64: "f64", self => string(&format!("{:?}", self).replace("inf", "Infinity"));
    char: "char", self => string(&self.to_string());
    String: "string", self => string(self);
    PathBuf: "string", self => string(self.to_str().expect("paths of the table are UTF-8"));
    (): "unit", self => null();
    Duration: "duration", self => array([
        string(&self.as_secs().to_string()),
        number(self.subsec_nanos()),
    ]);
}

impl<T: Describe> Describe for Box<T> {
    fn schema() -> Json {
        T::schema()
    }
    fn value(&self) -> Json {
        T::value(self)
    }
}

impl<T: Describe> Describe for Option<T> {
    fn schema() -> Json {
        kind("option", [T::schema()])
    }
    /// `[]` or `[value]`.
    fn value(&self) -> Json {
        array(self.iter().map(T::value))
    }
}

impl<T: Describe, E: Describe> Describe for Result<T, E> {
    fn schema() -> Json {
        kind("result", [T::schema(), E::schema()])
    }
    /// `["ok", value]` or `["error", value]`.
    fn value(&self) -> Json {
        match self {
            Ok(value) => array([string("ok"), value.value()]),
            Err(error) => array([string("error"), error.value()]),
        }
    }
}

macro_rules! describe_sequences {
    ($($name:literal: $type:ident<T>;)*) => {$(
        impl<T: Describe> Describe for $type<T> {
            fn schema() -> Json { kind($name, [T::schema()]) }
            fn value(&self) -> Json { array(self.iter().map(T::value)) }
        }
    )*};
}

describe_sequences! {
    "vec": Vec<T>;
    "vec": VecDeque<T>;
    "set": BTreeSet<T>;
    "set": HashSet<T>;
}

impl<T: Describe, const N: usize> Describe for [T; N] {
    fn schema() -> Json {
        kind("array", [T::schema(), number(N)])
    }
    fn value(&self) -> Json {
        array(self.iter().map(T::value))
    }
}

macro_rules! describe_maps {
    ($($type:ident)*) => {$(
        impl<K: Describe, V: Describe> Describe for $type<K, V> {
            fn schema() -> Json { kind("map", [K::schema(), V::schema()]) }
            /// A list of `[key, value]`.
            fn value(&self) -> Json {
                array(self.iter().map(|(key, value)| array([key.value(), value.value()])))
            }
        }
    )*};
}

describe_maps! { BTreeMap HashMap }

macro_rules! describe_tuples {
    ($(($($index:tt $item:ident),+))*) => {$(
        impl<$($item: Describe),+> Describe for ($($item,)+) {
            fn schema() -> Json { kind("tuple", [$($item::schema()),+]) }
            fn value(&self) -> Json { array([$(self.$index.value()),+]) }
        }
    )*};
}

describe_tuples! {
    (0 A)
    (0 A, 1 B)
    (0 A, 1 B, 2 C)
    (0 A, 1 B, 2 C, 3 D)
    (0 A, 1 B, 2 C, 3 D, 4 E)
    (0 A, 1 B, 2 C, 3 D, 4 E, 5 F)
    (0 A, 1 B, 2 C, 3 D, 4 E, 5 F, 6 G)
    (0 A, 1 B, 2 C, 3 D, 4 E, 5 F, 6 G, 7 H)
}

/// Describes a struct with named fields.
#[macro_export]
macro_rules! describe_struct {
    ($type:ident { $($field:ident: $inner:ty),* }) => {
        impl $crate::describe::Describe for $type {
            fn schema() -> Json {
                array([string("struct"), object([$((stringify!($field), <$inner>::schema())),*])])
            }
            fn value(&self) -> Json {
                object([$((stringify!($field), self.$field.value())),*])
            }
        }
    };
}
