//! Every type, there and back unchanged.

use plugin::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::time::Duration;

/// Makes an exported function of one parameter, which it returns.
macro_rules! echo {
    ($($name:ident: $type:ty;)*) => {
        $(
            #[export]
            pub fn $name(value: $type) -> $type {
                value
            }
        )*
    };
}

echo! {
    echo_bool: bool;
    echo_u8: u8;
    echo_u16: u16;
    echo_u32: u32;
    echo_u64: u64;
    echo_u128: u128;
    echo_i8: i8;
    echo_i16: i16;
    echo_i32: i32;
    echo_i64: i64;
    echo_i128: i128;
    echo_f32: f32;
    echo_f64: f64;
    echo_char: char;
    echo_string: String;
    echo_bytes: Vec<u8>;
    echo_unit: ();
    echo_option: Option<u32>;
    echo_nested_option: Option<Option<u32>>;
    echo_vec: Vec<f64>;
    echo_array: [u16; 4];
    echo_tuple: (u8, String, bool);
    echo_map: BTreeMap<String, u32>;
    echo_hash_map: HashMap<String, u32>;
    echo_set: BTreeSet<u32>;
    echo_struct: Point;
    echo_enumeration: Shape;
    echo_result: Result<u32, String>;
    echo_duration: Duration;
    echo_path: PathBuf;
    echo_tree: Tree;
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Point {
    x: f64,
    y: f64,
    label: String,
}

#[derive(Serialize, Deserialize, Schema)]
pub enum Shape {
    Empty,
    Circle(f64),
    Segment(Point, Point),
    Rectangle {
        corner: Point,
        width: f64,
        height: f64,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Tree {
    value: i32,
    children: Vec<Tree>,
}

/// Writes its parameters one after the other, to show that each arrived in its place.
#[export]
pub fn many(
    a: u8,
    b: String,
    c: f64,
    d: bool,
    e: Vec<u8>,
    f: Option<i64>,
    g: char,
    h: (u16, u16),
) -> String {
    format!("{a} {b} {c} {d} {e:?} {f:?} {g} {h:?}")
}

/// Has more parameters than serde has tuples for.
#[export]
#[allow(clippy::too_many_arguments)]
pub fn sum_of_twenty(
    a: u8,
    b: u16,
    c: u32,
    d: u64,
    e: u8,
    f: u16,
    g: u32,
    h: u64,
    i: u8,
    j: u16,
    k: u32,
    l: u64,
    m: u8,
    n: u16,
    o: u32,
    p: u64,
    q: u8,
    r: u16,
    s: u32,
    t: u64,
) -> u64 {
    let bytes: u64 = [a, e, i, m, q].into_iter().map(u64::from).sum();
    let shorts: u64 = [b, f, j, n, r].into_iter().map(u64::from).sum();
    let words: u64 = [c, g, k, o, s].into_iter().map(u64::from).sum();
    bytes + shorts + words + d + h + l + p + t
}

#[export]
pub fn nothing() {}
