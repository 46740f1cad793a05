//! Types such as a plugin declares, in all shapes that serde tells apart.

use crate::describe::Describe;
use crate::describe_struct;
use crate::json::{array, object, string, Json};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}
describe_struct!(Point { x: f64, y: f64 });

#[derive(Serialize, Deserialize)]
pub struct Person {
    pub id: u32,
    pub name: String,
    pub score: f64,
}
describe_struct!(Person {
    id: u32,
    name: String,
    score: f64
});

#[derive(Serialize, Deserialize)]
pub struct Polygon {
    pub name: Option<String>,
    pub points: Vec<Point>,
    pub closed: bool,
    pub fill: Colour,
}
describe_struct!(Polygon { name: Option<String>, points: Vec<Point>, closed: bool, fill: Colour });

#[derive(Serialize, Deserialize)]
pub struct Empty {}
describe_struct!(Empty {});

#[derive(Serialize, Deserialize)]
pub struct Meters(pub f64);

impl Describe for Meters {
    fn schema() -> Json {
        f64::schema()
    }
    fn value(&self) -> Json {
        self.0.value()
    }
}

#[derive(Serialize, Deserialize)]
pub struct Pair(pub u8, pub String);

impl Describe for Pair {
    fn schema() -> Json {
        <(u8, String)>::schema()
    }
    fn value(&self) -> Json {
        array([self.0.value(), self.1.value()])
    }
}

#[derive(Serialize, Deserialize)]
pub struct Marker;

impl Describe for Marker {
    fn schema() -> Json {
        <()>::schema()
    }
    fn value(&self) -> Json {
        ().value()
    }
}

/// An enum whose variants carry nothing.
#[derive(Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Low,
    Middle,
    High,
}

impl Describe for Level {
    fn schema() -> Json {
        let variants = [
            ("Low", <()>::schema()),
            ("Middle", <()>::schema()),
            ("High", <()>::schema()),
        ];
        array([string("enumeration"), object(variants)])
    }
    fn value(&self) -> Json {
        let name = match self {
            Level::Low => "Low",
            Level::Middle => "Middle",
            Level::High => "High",
        };
        array([string(name), ().value()])
    }
}

/// An enum with all four shapes of variants.
#[derive(Serialize, Deserialize)]
pub enum Colour {
    Black,
    Named(String),
    Rgb(u8, u8, u8),
    Gradient { from: Box<Colour>, stops: Vec<f32> },
}

impl Colour {
    pub fn definition() -> Json {
        array([
            string("enumeration"),
            object([
                ("Black", <()>::schema()),
                ("Named", String::schema()),
                ("Rgb", <(u8, u8, u8)>::schema()),
                (
                    "Gradient",
                    array([
                        string("struct"),
                        object([("from", Colour::schema()), ("stops", Vec::<f32>::schema())]),
                    ]),
                ),
            ]),
        ])
    }
}

impl Describe for Colour {
    fn schema() -> Json {
        string("Colour")
    }
    /// `[variant, value]`, as of every enumeration.
    fn value(&self) -> Json {
        match self {
            Colour::Black => array([string("Black"), ().value()]),
            Colour::Named(name) => array([string("Named"), name.value()]),
            Colour::Rgb(r, g, b) => array([string("Rgb"), (*r, *g, *b).value()]),
            Colour::Gradient { from, stops } => array([
                string("Gradient"),
                object([("from", from.value()), ("stops", stops.value())]),
            ]),
        }
    }
}

#[derive(Serialize, Deserialize)]
pub struct Tree {
    pub label: String,
    pub children: Vec<Tree>,
}

impl Tree {
    pub fn definition() -> Json {
        array([
            string("struct"),
            object([
                ("label", String::schema()),
                ("children", Vec::<Tree>::schema()),
            ]),
        ])
    }
}

impl Describe for Tree {
    fn schema() -> Json {
        string("Tree")
    }
    fn value(&self) -> Json {
        object([
            ("label", self.label.value()),
            ("children", self.children.value()),
        ])
    }
}

#[derive(Serialize, Deserialize)]
pub struct List {
    pub head: i16,
    pub tail: Option<Box<List>>,
}

impl List {
    pub fn of(heads: &[i16]) -> List {
        let (&head, rest) = heads.split_first().expect("a list has a head");
        let tail = if rest.is_empty() {
            None
        } else {
            Some(Box::new(List::of(rest)))
        };
        List { head, tail }
    }

    pub fn definition() -> Json {
        array([
            string("struct"),
            object([
                ("head", i16::schema()),
                ("tail", Option::<Box<List>>::schema()),
            ]),
        ])
    }
}

impl Describe for List {
    fn schema() -> Json {
        string("List")
    }
    fn value(&self) -> Json {
        object([("head", self.head.value()), ("tail", self.tail.value())])
    }
}
