//! The descriptions of types. `src/schema` reads those of the example plugins, with their functions.

use plugin::prelude::*;
use plugin::schema::{declaration, Described, Undescribed as _};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::marker::PhantomData;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

macro_rules! assert_types {
    ($($type:ty: $text:literal,)*) => {
        $(
            assert_eq!(Described::<$type>::TYPE.to_string(), $text, stringify!($type));
            const LENGTH: usize = Described::<$type>::TYPE.length();
            assert_eq!(LENGTH, $text.len());
            const BYTES: [u8; LENGTH] = Described::<$type>::TYPE.bytes();
            assert_eq!(std::str::from_utf8(&BYTES).unwrap(), $text);
        )*
    };
}

macro_rules! each_in_a_block {
    ($($type:ty: $text:literal,)*) => {
        $({ assert_types!($type: $text,); })*
    };
}

#[test]
fn types_of_the_standard_library_have_words() {
    each_in_a_block! {
        bool: "bool",
        u8: "u8",
        u128: "u128",
        i16: "i16",
        f32: "f32",
        usize: "u64",
        char: "char",
        String: "string",
        &'static str: "string",
        PathBuf: "string",
        Duration: "duration",
        (): "()",
        PhantomData<f64>: "()",
        Box<u32>: "u32",
        Rc<str>: "string",
        Arc<[u8]>: "bytes",
        Cow<'static, str>: "string",
        Vec<f64>: "vec<f64>",
        VecDeque<Vec<char>>: "vec<vec<char>>",
        &'static [i8]: "vec<i8>",
        Vec<u8>: "bytes",
        Vec<Vec<u8>>: "vec<bytes>",
        [i32; 3]: "array<i32, 3>",
        [[u8; 1024]; 0]: "array<fixedBytes<1024>, 0>",
        Option<Option<u8>>: "option<option<u8>>",
        Result<(), String>: "result<(), string>",
        HashMap<String, u64>: "map<string, u64>",
        BTreeMap<u8, Vec<u8>>: "map<u8, bytes>",
        HashSet<i64>: "set<i64>",
        BTreeSet<String>: "set<string>",
        (u8,): "(u8,)",
        (u8, String): "(u8, string)",
        (u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, bool): "(u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, bool)",
    }
}

#[derive(Serialize, Deserialize)]
struct Silent;

#[test]
fn a_type_that_is_not_described_is_unknown() {
    assert_eq!(Described::<Silent>::TYPE.to_string(), "unknown");
    assert_eq!(Described::<Vec<Silent>>::TYPE.to_string(), "unknown");
}

#[export]
fn undescribed(silent: Silent) -> Silent {
    silent
}

const TEXT: usize = 2;

#[export]
fn constant(bytes: [u8; TEXT]) -> [u8; TEXT] {
    bytes
}

#[test]
fn functions_of_any_types_compile() {
    undescribed(Silent);
    assert_eq!(constant([1, 2]), [1, 2]);
}

/// A point.
///
/// Of "the" plane\, with `é`.
#[derive(Serialize, Deserialize, Schema)]
struct Point {
    x: f64,
    /// Upwards.
    r#type: f64,
}

#[derive(Serialize, Deserialize, Schema)]
struct Unit;

#[derive(Serialize, Deserialize, Schema)]
struct Meters(f64);

#[derive(Serialize, Deserialize, Schema)]
struct Pair(Point, Vec<u8>);

/// A figure.
#[derive(Serialize, Deserialize, Schema)]
#[allow(dead_code)]
enum Shape {
    /// Nothing.
    Empty,
    Circle(Point),
    Segment(Point, Point),
    Box {
        corner: Point,
        /// Both.
        sides: [f64; 2],
    },
    Void(),
}

#[derive(Serialize, Deserialize, Schema)]
struct Tree {
    children: Vec<Self>,
    parent: Option<Box<Tree>>,
}

#[derive(Serialize, Schema)]
struct Lent<'a, 'b: 'a> {
    name: &'a str,
    parts: &'b [Cow<'a, str>],
}

#[test]
fn concrete_types_are_declared_by_name() {
    assert_eq!(Vec::<Point>::TYPE.to_string(), "vec<Point>");
    assert_eq!(
        declaration::<Point>(),
        "/// A point.\n///\n/// Of \"the\" plane\\, with `é`.\nstruct Point { x: f64,\n/// Upwards.\ntype: f64 }\n"
    );
    assert_eq!(declaration::<Unit>(), "type Unit = ();\n");
    assert_eq!(declaration::<Meters>(), "type Meters = f64;\n");
    assert_eq!(declaration::<Pair>(), "type Pair = (Point, bytes);\n");
    assert_eq!(
        declaration::<Shape>(),
        "/// A figure.\nenum Shape {\n/// Nothing.\nEmpty, Circle(Point), Segment(Point, Point), \
         Box { corner: Point,\n/// Both.\nsides: array<f64, 2> }, Void }\n"
    );
    assert_eq!(
        declaration::<Tree>(),
        "struct Tree { children: vec<Tree>, parent: option<Tree> }\n"
    );
    assert_eq!(
        declaration::<Lent>(),
        "struct Lent { name: string, parts: vec<string> }\n"
    );
}

#[derive(Schema)]
#[allow(dead_code)]
struct Tagged<T, const N: usize> {
    /// Of any type.
    tag: T,
    bytes: [u8; N],
}

#[derive(Serialize, Deserialize, Schema)]
#[allow(dead_code)]
enum Either<A, B = A> {
    Left(A),
    Right { value: B },
}

#[derive(Serialize, Deserialize, Schema)]
struct Wrapper<T>(T);

#[test]
fn generic_types_are_described_in_place() {
    assert_eq!(
        Tagged::<Point, 4>::TYPE.to_string(),
        "{\n/// Of any type.\ntag: Point, bytes: fixedBytes<4> }"
    );
    assert_eq!(
        Vec::<Either<u8>>::TYPE.to_string(),
        "vec<enum { Left(u8), Right { value: u8 } }>"
    );
    assert_eq!(Wrapper::<Option<bool>>::TYPE.to_string(), "option<bool>");
    assert_eq!(declaration::<Wrapper<u8>>(), "");
}

mod text {
    use plugin::serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(value: &u8, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&value.to_string())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
        Ok(String::deserialize(deserializer)?.parse().unwrap())
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Schema)]
#[serde(rename = "Öl", rename_all = "camelCase", deny_unknown_fields)]
struct Attributed {
    long_name: u8,
    #[serde(rename = "a \"b\"\n", alias = "c")]
    renamed: u8,
    #[serde(skip)]
    skipped: u16,
    #[serde(skip_serializing, skip_deserializing, default)]
    both: u16,
    #[serde(with = "text")]
    #[schema(as = "String")]
    text: u8,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Schema)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
enum Rules {
    FirstOne,
    #[serde(rename_all = "PascalCase")]
    Other {
        long_name: u8,
    },
    #[serde(rename = "third")]
    Third(#[serde(skip)] u8, u16),
    #[serde(skip)]
    #[allow(dead_code)]
    Last,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Schema)]
#[serde(transparent)]
struct Transparent {
    value: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Schema)]
#[serde(from = "Vec<u8>", into = "Vec<u8>")]
struct Converted {
    sum: u64,
}

impl From<Vec<u8>> for Converted {
    fn from(bytes: Vec<u8>) -> Converted {
        Converted {
            sum: bytes.into_iter().map(u64::from).sum(),
        }
    }
}

impl From<Converted> for Vec<u8> {
    fn from(converted: Converted) -> Vec<u8> {
        vec![converted.sum as u8]
    }
}

fn assert_bytes<T>(value: T, expected: &[u8])
where
    T: Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
{
    assert_eq!(bincode::serialize(&value).unwrap(), expected);
    assert_eq!(bincode::deserialize::<T>(expected).unwrap(), value);
}

#[test]
fn attributes_of_serde_describe_the_bytes() {
    assert_eq!(Attributed::TYPE.to_string(), "\"Öl\"");
    assert_eq!(
        declaration::<Attributed>(),
        "struct \"Öl\" { longName: u8, \"a \\\"b\\\"\\u000a\": u8, text: string }\n"
    );
    let attributed = Attributed {
        long_name: 1,
        renamed: 2,
        skipped: 0,
        both: 0,
        text: 3,
    };
    assert_bytes(attributed, &[1, 2, 1, 0, 0, 0, 0, 0, 0, 0, b'3']);

    assert_eq!(
        declaration::<Rules>(),
        "enum Rules { \"FIRST-ONE\", OTHER { LongName: u8 }, third(u16) }\n"
    );
    assert_bytes(Rules::Third(0, 5), &[2, 0, 0, 0, 5, 0]);
    assert_bytes(Rules::Other { long_name: 7 }, &[1, 0, 0, 0, 7]);

    assert_eq!(declaration::<Transparent>(), "type Transparent = u32;\n");
    assert_bytes(Transparent { value: 6 }, &[6, 0, 0, 0]);
    assert_eq!(declaration::<Converted>(), "type Converted = bytes;\n");
    assert_bytes(Converted { sum: 9 }, &[1, 0, 0, 0, 0, 0, 0, 0, 9]);
}

/// A text.
#[resource]
#[derive(Debug)]
pub struct Rope;

#[test]
fn a_resource_is_its_handle() {
    assert_eq!(declaration::<Rope>(), "/// A text.\nresource Rope;\n");
    assert_eq!(Option::<Rope>::TYPE.to_string(), "option<Rope>");
    assert_eq!(Borrow::<Rope>::TYPE.to_string(), "borrow<Rope>");

    let bytes = [7, 0, 0, 0, 0, 0, 0, 1];
    let rope: Rope = bincode::deserialize(&bytes).unwrap();
    assert_eq!(bincode::serialize(&rope.borrow()).unwrap(), bytes);
    assert_eq!(bincode::serialize(&rope).unwrap(), bytes);
}
