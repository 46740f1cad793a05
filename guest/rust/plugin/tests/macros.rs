//! What the macros generate, in a native build: the functions stay callable from Rust, and the
//! derives give serde's own bytes.

use plugin::prelude::*;
use std::fmt::Debug;

fn bytes(value: &impl Serialize) -> Vec<u8> {
    bincode::serialize(value).unwrap()
}

fn assert_round_trip<T>(value: T, expected: &[u8])
where
    T: Serialize + serde::de::DeserializeOwned + PartialEq + Debug,
{
    assert_eq!(bytes(&value), expected);
    assert_eq!(bincode::deserialize::<T>(expected).unwrap(), value);
}

/// Doubles every number.
#[export]
pub fn double(mut x: Vec<f64>) -> Vec<f64> {
    x.iter_mut().for_each(|x| *x *= 2.0);
    x
}

#[bind]
#[must_use]
fn add(a: u8, b: u8) -> u8 {
    a + b
}

#[export]
const fn answer() -> u8 {
    42
}

#[export]
fn greeting() -> &'static str {
    "hello"
}

#[export]
fn r#type(r#match: u8) -> u8 {
    r#match
}

#[export]
fn arguments(arguments: u8, __arguments: u8) -> u8 {
    arguments - __arguments
}

#[export]
#[deprecated]
#[allow(dead_code)]
fn old() {}

#[import]
fn host(host: String, arguments: u8) -> Vec<u8>;

#[import]
pub(crate) fn note();

#[test]
fn an_exported_function_stays_callable() {
    assert_eq!(double(vec![1.5, 2.0]), [3.0, 4.0]);
    assert_eq!(add(1, 2), 3);
    const ANSWER: u8 = answer();
    assert_eq!(ANSWER, 42);
    assert_eq!(greeting(), "hello");
    assert_eq!(r#type(7), 7);
    assert_eq!(arguments(3, 1), 2);
}

#[test]
#[should_panic(expected = "Cannot call host function \"host\": this is a native build")]
fn a_host_function_panics_natively() {
    host("a".into(), 1);
}

#[test]
#[should_panic(expected = "Cannot call host function \"note\": this is a native build")]
fn a_host_function_without_parameters_panics_natively() {
    note();
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Point {
    /// Documented.
    x: u8,
    pub y: u16,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Unit;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Wrapper(u16);

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
enum Shape {
    #[default]
    Empty,
    Circle(u8),
    Segment(u8, u8),
    Square {
        side: u8,
    },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct List {
    head: u8,
    tail: Option<Box<Self>>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Pair<A, B: Clone = u8>
where
    A: Debug,
{
    first: A,
    second: Vec<B>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Block<const N: usize>
where
    [u8; N]: Serialize + serde::de::DeserializeOwned,
{
    bytes: [u8; N],
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Borrowed<'a> {
    #[serde(borrow)]
    name: &'a str,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attributed {
    kept: u8,
    #[serde(skip)]
    skipped: u8,
    #[serde(with = "inverted")]
    inverted: u8,
}

mod inverted {
    use plugin::serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(value: &u8, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(!value)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
        u8::deserialize(deserializer).map(|value| !value)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "u8", into = "u8")]
struct Level(u8);

impl From<u8> for Level {
    fn from(level: u8) -> Level {
        Level(level)
    }
}

impl From<Level> for u8 {
    fn from(level: Level) -> u8 {
        level.0
    }
}

#[test]
fn structs_derive_serde_without_depending_on_it() {
    assert_round_trip(Point { x: 1, y: 2 }, &[1, 2, 0]);
    assert_round_trip(Unit, &[]);
    assert_round_trip(Wrapper(5), &[5, 0]);
}

#[test]
fn enums_derive_serde_without_depending_on_it() {
    assert_round_trip(Shape::Empty, &[0, 0, 0, 0]);
    assert_round_trip(Shape::Circle(7), &[1, 0, 0, 0, 7]);
    assert_round_trip(Shape::Segment(7, 8), &[2, 0, 0, 0, 7, 8]);
    assert_round_trip(Shape::Square { side: 9 }, &[3, 0, 0, 0, 9]);
}

#[test]
fn recursive_and_generic_types_derive_serde() {
    let tail = Some(Box::new(List {
        head: 2,
        tail: None,
    }));
    assert_round_trip(List { head: 1, tail }, &[1, 1, 2, 0]);
    let pair: Pair<u16> = Pair {
        first: 3,
        second: vec![4],
    };
    assert_round_trip(pair, &[3, 0, 1, 0, 0, 0, 0, 0, 0, 0, 4]);
    assert_round_trip(Block { bytes: [1, 2] }, &[1, 2]);
}

#[test]
fn a_borrowing_type_derives_serde() {
    let encoded = bytes(&Borrowed { name: "ab" });
    assert_eq!(encoded, [2, 0, 0, 0, 0, 0, 0, 0, b'a', b'b']);
    assert_eq!(
        bincode::deserialize::<Borrowed>(&encoded).unwrap().name,
        "ab"
    );
}

#[test]
fn serde_attributes_keep_their_meaning() {
    assert_round_trip(
        Attributed {
            kept: 1,
            skipped: 0,
            inverted: 0,
        },
        &[1, 255],
    );
    assert_round_trip(Level(3), &[3]);
}
