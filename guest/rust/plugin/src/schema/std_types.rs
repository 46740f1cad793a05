//! The types of the standard library that serde knows and the schema has words for.

use super::{Schema, Text};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

macro_rules! words {
    ($($type:ty: $word:literal,)*) => {
        $(
            impl Schema for $type {
                const TYPE: Text = Text::Word($word);
            }
        )*
    };
}

words! {
    bool: "bool",
    u16: "u16",
    u32: "u32",
    u64: "u64",
    u128: "u128",
    i8: "i8",
    i16: "i16",
    i32: "i32",
    i64: "i64",
    i128: "i128",
    f32: "f32",
    f64: "f64",
    // Serde gives these 64 bits everywhere.
    usize: "u64",
    isize: "i64",
    char: "char",
    str: "string",
    String: "string",
    Path: "string",
    PathBuf: "string",
    Duration: "duration",
    (): "()",
}

impl Schema for u8 {
    const TYPE: Text = Text::Word("u8");
    const LIST: Text = Text::Word("bytes");
    const ARRAY: Text = Text::Word("fixedBytes<");
}

impl<T: Schema, const N: usize> Schema for [T; N] {
    const TYPE: Text = Text::Parts(&[T::ARRAY, Text::Number(N), Text::Word(">")]);
}

/// Types with the description of another type.
macro_rules! same {
    ($([$($parameters:tt)*] $type:ty: $text:expr,)*) => {
        $(
            impl<$($parameters)*> Schema for $type {
                const TYPE: Text = $text;
            }
        )*
    };
}

same! {
    ['a, T: Schema + ?Sized] &'a T: T::TYPE,
    [T: Schema + ?Sized] Box<T>: T::TYPE,
    [T: Schema + ?Sized] Rc<T>: T::TYPE,
    [T: Schema + ?Sized] Arc<T>: T::TYPE,
    ['a, T: Schema + ToOwned + ?Sized] Cow<'a, T>: T::TYPE,
    [T: Schema] [T]: T::LIST,
    [T: Schema] Vec<T>: T::LIST,
    [T: Schema] VecDeque<T>: T::LIST,
    [T: Schema] LinkedList<T>: T::LIST,
    [T: Schema] BinaryHeap<T>: T::LIST,
    [T: ?Sized] PhantomData<T>: Text::Word("()"),
}

/// Types with commas between them.
macro_rules! list {
    ($first:ident $(, $more:ident)*) => {
        Text::Parts(&[$first::TYPE, $(Text::Word(", "), $more::TYPE,)*])
    };
}

/// Types that are a word with types in angle brackets.
macro_rules! wrappers {
    ($($word:literal [$($argument:ident),*] $type:ident<$($parameter:ident),*>,)*) => {
        $(
            impl<$($parameter),*> Schema for $type<$($parameter),*>
            where
                $($argument: Schema,)*
            {
                const TYPE: Text = Text::Parts(&[Text::Word($word), list!($($argument),*), Text::Word(">")]);
            }
        )*
    };
}

wrappers! {
    "option<" [T] Option<T>,
    "result<" [T, E] Result<T, E>,
    "set<" [T] BTreeSet<T>,
    "set<" [T] HashSet<T, S>,
    "map<" [K, V] BTreeMap<K, V>,
    "map<" [K, V] HashMap<K, V, S>,
}

macro_rules! tuples {
    ($first:ident) => {};
    ($first:ident $($more:ident)+) => {
        impl<$first: Schema, $($more: Schema),+> Schema for ($first, $($more),+) {
            const TYPE: Text = Text::Parts(&[Text::Word("("), list!($first, $($more),+), Text::Word(")")]);
        }
        tuples!($($more)+);
    };
}

tuples!(A B C D E F G H I J K L);

impl<A: Schema> Schema for (A,) {
    const TYPE: Text = Text::Parts(&[Text::Word("("), A::TYPE, Text::Word(",)")]);
}
