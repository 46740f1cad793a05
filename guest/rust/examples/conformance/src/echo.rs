//! Values, there and back.

use plugin::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// A point of the plane.
#[derive(Serialize, Deserialize, Schema)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Tree {
    label: String,
    children: Vec<Tree>,
}

/// A figure.
#[derive(Serialize, Deserialize, Schema)]
pub enum Shape {
    Circle {
        center: Point,
        radius: f64,
    },
    /// Corners, in order.
    Polygon {
        corners: Vec<Point>,
    },
    Empty,
}

/// Does nothing.
#[export]
pub fn nothing() {}

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
    echo_duration: Duration;
    echo_numbers: Vec<f64>;
    echo_floats: Vec<f32>;
    echo_strings: Vec<String>;
    echo_nested: Vec<Vec<u32>>;
    echo_array: [i32; 3];
    echo_tuple: (u8, String);
    echo_option: Option<String>;
    echo_option_point: Option<Point>;
    echo_map: BTreeMap<String, u32>;
    echo_set: BTreeSet<String>;
    echo_point: Point;
    echo_tree: Tree;
    echo_shape: Shape;
    echo_shapes: Vec<Shape>;
}

/// Joins words. Of several parameters.
#[export]
pub fn join(words: Vec<String>, separator: String) -> String {
    words.join(&separator)
}

/// The quotient; "division by zero" where b is 0.
#[export]
pub fn divide(a: f64, b: f64) -> Result<f64, String> {
    if b == 0.0 {
        return Err("division by zero".to_string());
    }
    Ok(a / b)
}
