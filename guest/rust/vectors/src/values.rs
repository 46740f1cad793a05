//! Values of every type, with their edges.

use crate::samples::{
    Colour, Empty, Level, List, Marker, Meters, Pair, Person, Point, Polygon, Tree,
};
use crate::table::Table;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::path::PathBuf;
use std::time::Duration;

pub fn scalars(table: &mut Table) {
    table.values("unit", [()]);
    table.values("bool", [false, true]);
    table.values("u8", [0u8, 1, 127, 128, u8::MAX]);
    table.values("u16", [0u16, 1, 0x0102, u16::MAX]);
    table.values("u32", [0u32, 1, 0x0102_0304, 1 << 31, u32::MAX]);
    table.values(
        "u64",
        [
            0u64,
            1,
            0x0102_0304_0506_0708,
            (1 << 53) + 1,
            1 << 63,
            u64::MAX,
        ],
    );
    table.values(
        "u128",
        [0u128, 1, u64::MAX as u128, 1 << 64, 1 << 127, u128::MAX],
    );
    table.values("i8", [0i8, 1, -1, i8::MIN, i8::MAX]);
    table.values("i16", [0i16, 1, -1, 0x0102, i16::MIN, i16::MAX]);
    table.values("i32", [0i32, 1, -1, 0x0102_0304, i32::MIN, i32::MAX]);
    table.values("i64", [0i64, 1, -1, -(1 << 53) - 1, i64::MIN, i64::MAX]);
    table.values(
        "i128",
        [
            0i128,
            1,
            -1,
            1 << 64,
            -(1 << 64),
            (1 << 64) - 1,
            i128::MIN,
            i128::MAX,
        ],
    );
    table.values("usize", [0usize, 4096]);
    table.values("isize", [-4096isize]);
    table.values(
        "f32",
        [
            0f32,
            -0.0,
            1.0,
            -1.5,
            0.1,
            f32::MIN_POSITIVE,
            f32::MIN,
            f32::MAX,
        ],
    );
    table.values(
        "f32 below normal",
        [f32::from_bits(1), f32::from_bits(0x007f_ffff)],
    );
    table.values(
        "f32 not finite",
        [
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::from_bits(0x7fc0_0000),
        ],
    );
    table.values(
        "f64",
        [
            0f64,
            -0.0,
            1.0,
            -1.5,
            0.1,
            f64::MIN_POSITIVE,
            f64::MIN,
            f64::MAX,
        ],
    );
    table.values(
        "f64 below normal",
        [f64::from_bits(1), f64::from_bits(0x000f_ffff_ffff_ffff)],
    );
    table.values(
        "f64 precise",
        [f64::EPSILON, std::f64::consts::PI, 9_007_199_254_740_993.0],
    );
    table.values(
        "f64 not finite",
        [
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::from_bits(0x7ff8_0000_0000_0000),
        ],
    );
    table.values(
        "Duration",
        [
            Duration::ZERO,
            Duration::from_nanos(1),
            Duration::from_millis(1500),
            Duration::new(0, 999_999_999),
            Duration::new(1 << 63, 1),
            Duration::MAX,
        ],
    );
}

pub fn text(table: &mut Table) {
    table.values("char of one byte", ['\0', 'a', '"', '\\', '\u{7f}']);
    table.values("char of two bytes", ['\u{80}', 'é', '\u{7ff}']);
    table.values(
        "char of three bytes",
        [
            '\u{800}', '€', '\u{d7ff}', '\u{e000}', '\u{feff}', '\u{ffff}',
        ],
    );
    table.values("char of four bytes", ['\u{10000}', '🦀', '\u{10ffff}']);
    let strings =
        |texts: &[&str]| -> Vec<String> { texts.iter().map(|text| text.to_string()).collect() };
    for text in strings(&["", "a", "abcdefghij", "abcdefghijkl", "abcdefghijklm"]) {
        table.values(&format!("String of {} ASCII bytes", text.len()), [text]);
    }
    for length in [24, 25, 255, 256, 1000] {
        table.values(
            &format!("String of {} times x", length),
            ["x".repeat(length)],
        );
    }
    table.values(
        "String with zero bytes",
        ["\0".to_string(), "a\0b\0".to_string()],
    );
    table.values(
        "String with a byte order mark",
        ["\u{feff}a".to_string(), "a\u{feff}".to_string()],
    );
    table.values(
        "String short, not ASCII",
        ["é".to_string(), "naïve".into(), "日本".into(), "🦀".into()],
    );
    table.values(
        "String long, not ASCII",
        ["é".repeat(50), "日本語".repeat(20), "🦀".repeat(30)],
    );
    table.values(
        "String of 24 characters, the last not ASCII",
        [format!("{}é", "x".repeat(23))],
    );
    table.values(
        "String of all widths",
        ["a\u{7ff}\u{ffff}\u{10ffff}".to_string()],
    );
    table.values(
        "String combining, right to left, joined",
        ["e\u{301}".to_string(), "שלום".into(), "👩‍👩‍👧".into()],
    );
    table.values(
        "PathBuf",
        [
            PathBuf::new(),
            PathBuf::from("/tmp/é.txt"),
            PathBuf::from("../a b"),
        ],
    );
}

pub fn containers(table: &mut Table) {
    table.values("Option<u8>", [None, Some(0u8), Some(255)]);
    table.values(
        "Option<String>",
        [None, Some(String::new()), Some("a".into())],
    );
    table.values("Option<()>", [None, Some(())]);
    table.values("Option<Option<u8>>", [None, Some(None), Some(Some(7u8))]);
    table.values(
        "Option<Option<Option<()>>>",
        [None, Some(None), Some(Some(None)), Some(Some(Some(())))],
    );
    table.values(
        "Option<Vec<Option<bool>>>",
        [None, Some(vec![]), Some(vec![None, Some(true)])],
    );

    table.values("Vec<u8>", [vec![], vec![0u8], vec![1, 2, 255]]);
    table.values("Vec<u8> of 40", [(0..40).collect::<Vec<u8>>()]);
    table.values("Vec<i8>", [vec![-1i8, 0, 127], (-20..20).collect()]);
    table.values("Vec<u16>", [vec![1u16, 0xffff], (300..340).collect()]);
    table.values("Vec<i16>", [vec![-2i16, 2], (-20..20).collect()]);
    table.values(
        "Vec<u32>",
        [vec![1u32, u32::MAX], (70_000..70_040).collect()],
    );
    table.values("Vec<i32>", [vec![i32::MIN, 2], (-20..20).collect()]);
    table.values(
        "Vec<u64>",
        [vec![1u64, u64::MAX], (1 << 60..(1 << 60) + 40).collect()],
    );
    table.values("Vec<i64>", [vec![i64::MIN, 2], (-20..20).collect()]);
    table.values(
        "Vec<f32>",
        [
            vec![],
            vec![1.5f32, -0.0],
            (0..40).map(|i| i as f32 / 3.0).collect(),
        ],
    );
    table.values(
        "Vec<f64>",
        [
            vec![],
            vec![1.0f64, 2.5, -0.0],
            (0..40).map(|i| i as f64 / 3.0).collect(),
        ],
    );
    table.values("Vec<bool>", [vec![true, false, true]]);
    table.values("Vec<char>", [vec!['a', 'é', '€', '🦀']]);
    table.values("Vec<u128>", [vec![0u128, u128::MAX]]);
    table.values("Vec<()>", [vec![], vec![(), (), ()]]);
    table.values(
        "Vec<String>",
        [vec![], vec![String::new(), "a".into(), "é".into()]],
    );
    table.values(
        "Vec<Vec<u8>>",
        [vec![], vec![vec![]], vec![vec![1u8], vec![], vec![2, 3]]],
    );
    table.values(
        "Vec<Vec<Vec<String>>>",
        [vec![vec![vec![], vec!["x".to_string()]], vec![]]],
    );
    table.values("VecDeque<u16>", [VecDeque::from([1u16, 2, 3])]);

    table.values("[u8; 0]", [[0u8; 0]]);
    table.values("[u8; 4]", [[1u8, 2, 3, 4]]);
    table.values("[u8; 32]", [[0xabu8; 32]]);
    table.values("[f64; 3]", [[1.0f64, f64::INFINITY, -0.0]]);
    table.values("[String; 2]", [["a".to_string(), "bc".to_string()]]);
    table.values("[[i16; 2]; 2]", [[[1i16, -1], [2, -2]]]);
    table.values("[Option<()>; 3]", [[None, Some(()), None]]);

    table.values(
        "HashMap<String, u32>",
        [HashMap::new(), HashMap::from([("a".to_string(), 1u32)])],
    );
    table.values(
        "HashMap<u64, Vec<u8>>",
        [HashMap::from([(u64::MAX, vec![1u8, 2])])],
    );
    table.values(
        "BTreeMap<String, i32>",
        [
            BTreeMap::new(),
            BTreeMap::from([("a".to_string(), -1i32)]),
            BTreeMap::from([
                ("b".to_string(), 2),
                ("__proto__".to_string(), 0),
                ("a".to_string(), 1),
            ]),
        ],
    );
    table.values(
        "BTreeMap<i8, ()>",
        [BTreeMap::from([(-1i8, ()), (0, ()), (1, ())])],
    );
    table.values(
        "BTreeMap<(u8, bool), char>",
        [BTreeMap::from([((1u8, true), 'x'), ((1, false), 'y')])],
    );
    table.values(
        "BTreeMap<u16, BTreeMap<u16, String>>",
        [BTreeMap::from([
            (1u16, BTreeMap::from([(2u16, "deep".to_string())])),
            (3, BTreeMap::new()),
        ])],
    );
    table.values(
        "BTreeMap<Level, u8>",
        [BTreeMap::from([(Level::Low, 1u8), (Level::High, 3)])],
    );
    table.values("HashSet<u8>", [HashSet::new(), HashSet::from([9u8])]);
    table.values(
        "BTreeSet<String>",
        [
            BTreeSet::new(),
            BTreeSet::from(["b".to_string(), "a".to_string()]),
        ],
    );
    table.values(
        "BTreeSet<i64>",
        [BTreeSet::from([i64::MIN, -1, 0, i64::MAX])],
    );
    table.values("BTreeSet<(u8, u8)>", [BTreeSet::from([(2u8, 1u8), (1, 2)])]);

    table.values("Result<u8, String>", [Ok(7u8), Err("no".to_string())]);
    table.values("Result<(), ()>", [Ok::<(), ()>(()), Err(())]);
    table.values(
        "Result<Option<u8>, Vec<String>>",
        [
            Ok::<_, Vec<String>>(None),
            Ok(Some(1u8)),
            Err(vec!["a".to_string()]),
        ],
    );
    table.values(
        "Option<Result<bool, u8>>",
        [None, Some(Ok(true)), Some(Err(1u8))],
    );
    table.values("Vec<Result<(), u16>>", [vec![Ok(()), Err(2u16)]]);
    table.values(
        "Vec<Duration>",
        [vec![Duration::from_secs(1), Duration::from_millis(1)]],
    );
}

pub fn composites(table: &mut Table) {
    table.values("(u8,)", [(1u8,)]);
    table.values("(u8, u16)", [(1u8, 2u16)]);
    table.values("(bool, char, String)", [(true, 'é', "x".to_string())]);
    table.values("(u8, u64, u8, f64)", [(1u8, 2u64, 3u8, 4.0f64)]);
    table.values("((), u8, (), u8, ())", [((), 1u8, (), 2u8, ())]);
    table.values(
        "(u8, i8, u16, i16, u32, i32)",
        [(1u8, -1i8, 1u16, -1i16, 1u32, -1i32)],
    );
    table.values(
        "(Vec<u8>, String, Option<u8>, bool, f32, (), char)",
        [(
            vec![1u8],
            "s".to_string(),
            Some(1u8),
            false,
            0.5f32,
            (),
            'c',
        )],
    );
    table.values(
        "(u8, u16, u32, u64, i8, i16, i32, i64)",
        [(1u8, 2u16, 3u32, 4u64, -1i8, -2i16, -3i32, -4i64)],
    );
    table.values(
        "((u8, (u8, u8)), [(u8, u8); 2])",
        [((1u8, (2u8, 3u8)), [(4u8, 5u8), (6, 7)])],
    );

    table.values("Point", [Point { x: 1.0, y: -2.5 }]);
    table.values(
        "Person",
        [Person {
            id: 7,
            name: "abcdefghij".into(),
            score: 1.5,
        }],
    );
    table.values("Empty", [Empty {}]);
    table.values("Marker, a unit struct", [Marker]);
    table.values("Meters, a newtype struct", [Meters(1.5)]);
    table.values("Pair, a tuple struct", [Pair(1, "x".into())]);
    table.values("Vec<Meters>", [vec![Meters(1.0), Meters(2.0)]]);
    table.values("Option<Point>", [None, Some(Point { x: 0.0, y: 1.0 })]);
    table.values("Level", [Level::Low, Level::Middle, Level::High]);
    table.values("Vec<Level>", [vec![Level::High, Level::Low]]);
    table.values("Colour::Black", [Colour::Black]);
    table.values(
        "Colour::Named",
        [Colour::Named(String::new()), Colour::Named("red".into())],
    );
    table.values("Colour::Rgb", [Colour::Rgb(1, 2, 255)]);
    table.values(
        "Colour::Gradient",
        [
            Colour::Gradient {
                from: Box::new(Colour::Black),
                stops: vec![],
            },
            Colour::Gradient {
                from: Box::new(Colour::Gradient {
                    from: Box::new(Colour::Rgb(0, 0, 0)),
                    stops: vec![0.5],
                }),
                stops: vec![0.0, 1.0],
            },
        ],
    );
    table.values(
        "Polygon",
        [
            Polygon {
                name: None,
                points: vec![],
                closed: false,
                fill: Colour::Black,
            },
            Polygon {
                name: Some("triangle".into()),
                points: vec![
                    Point { x: 0.0, y: 0.0 },
                    Point { x: 1.0, y: 0.0 },
                    Point { x: 0.0, y: 1.0 },
                ],
                closed: true,
                fill: Colour::Named("blue".into()),
            },
        ],
    );
    table.values("List", [List::of(&[1]), List::of(&[1, -2, 3])]);
    let leaf = |label: &str| Tree {
        label: label.into(),
        children: vec![],
    };
    table.values(
        "Tree",
        [
            leaf(""),
            Tree {
                label: "root".into(),
                children: vec![
                    leaf("a"),
                    Tree {
                        label: "b".into(),
                        children: vec![leaf("c")],
                    },
                ],
            },
        ],
    );
    table.values(
        "BTreeMap<String, Vec<Option<Point>>>",
        [BTreeMap::from([(
            "line".to_string(),
            vec![Some(Point { x: 1.0, y: 2.0 }), None],
        )])],
    );
}
