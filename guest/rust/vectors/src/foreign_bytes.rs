//! Bytes that bincode would not write: some it reads all the same, most it refuses.

use crate::samples::{Colour, Level, List, Person, Point, Tree};
use crate::table::Table;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use std::time::Duration;

/// What bincode reads, though it would not write it so.
pub fn accepted(table: &mut Table) {
    table.accepted::<u8>("u8, then more bytes", &[7, 8, 9]);
    table.accepted::<String>(
        "String, then more bytes",
        &[1, 0, 0, 0, 0, 0, 0, 0, b'a', 0xff],
    );
    table.accepted::<()>("unit, where there are bytes", &[1]);
    let duration =
        |seconds: u64, nanoseconds: u32| bincode::serialize(&(seconds, nanoseconds)).unwrap();
    table.accepted::<Duration>(
        "Duration, a second in nanoseconds",
        &duration(1, 1_000_000_000),
    );
    table.accepted::<Duration>("Duration, the most nanoseconds", &duration(1, u32::MAX));
    table.accepted::<Duration>(
        "Duration, carried to the last second",
        &duration(u64::MAX - 4, u32::MAX),
    );
    table.accepted::<f32>("f32, a NaN with other bits", &0x7fa0_0001u32.to_le_bytes());
    table.accepted::<f64>(
        "f64, a NaN with other bits",
        &0xfff0_0000_0000_0001u64.to_le_bytes(),
    );
    let unsorted = [("b".to_string(), 1u8), ("a".to_string(), 2)];
    table.accepted::<Vec<(String, u8)>>(
        "entries in any order",
        &bincode::serialize(&unsorted.to_vec()).unwrap(),
    );
}

pub fn refused_scalars(table: &mut Table) {
    table.refused::<bool>("bool, no bytes", &[]);
    table.refused::<bool>("bool, 2", &[2]);
    table.refused::<bool>("bool, 255", &[255]);
    table.refused::<u8>("u8, no bytes", &[]);
    table.refused::<u16>("u16, 1 byte", &[0; 1]);
    table.refused::<u32>("u32, 3 bytes", &[0; 3]);
    table.refused::<u64>("u64, 7 bytes", &[0; 7]);
    table.refused::<u128>("u128, 15 bytes", &[0; 15]);
    table.refused::<i8>("i8, no bytes", &[]);
    table.refused::<i16>("i16, 1 byte", &[0; 1]);
    table.refused::<i32>("i32, 3 bytes", &[0; 3]);
    table.refused::<i64>("i64, 7 bytes", &[0; 7]);
    table.refused::<i128>("i128, 15 bytes", &[0; 15]);
    table.refused::<f32>("f32, 3 bytes", &[0; 3]);
    table.refused::<f64>("f64, 7 bytes", &[0; 7]);
    table.refused::<Duration>("Duration, 11 bytes", &[0; 11]);
    table.refused::<Duration>("Duration, beyond the last second", &[0xff; 12]);
    let carried = bincode::serialize(&(u64::MAX, 1_000_000_000u32)).unwrap();
    table.refused::<Duration>("Duration, carried beyond the last second", &carried);

    table.refused::<char>("char, no bytes", &[]);
    table.refused::<char>("char, a continuation byte", &[0x80]);
    table.refused::<char>("char, C0, too long a form", &[0xc0, 0x80]);
    table.refused::<char>("char, C1, too long a form", &[0xc1, 0xbf]);
    table.refused::<char>("char, E0, too long a form", &[0xe0, 0x80, 0x80]);
    table.refused::<char>("char, F0, too long a form", &[0xf0, 0x80, 0x80, 0x80]);
    table.refused::<char>("char, the first surrogate", &[0xed, 0xa0, 0x80]);
    table.refused::<char>("char, the last surrogate", &[0xed, 0xbf, 0xbf]);
    table.refused::<char>("char, 110000", &[0xf4, 0x90, 0x80, 0x80]);
    table.refused::<char>("char, F5", &[0xf5, 0x80, 0x80, 0x80]);
    table.refused::<char>("char, FF", &[0xff]);
    table.refused::<char>("char, two bytes cut off", &[0xc3]);
    table.refused::<char>("char, three bytes cut off", &[0xe2, 0x82]);
    table.refused::<char>("char, four bytes cut off", &[0xf0, 0x9f, 0xa6]);
    table.refused::<char>("char, a second byte that is ASCII", &[0xc3, 0x41]);

    let string = |bytes: &[u8]| bincode::serialize(bytes).unwrap();
    table.refused::<String>("String, no bytes", &[]);
    table.refused::<String>("String, 7 bytes", &[0; 7]);
    table.refused::<String>("String, 1 byte short", &[2, 0, 0, 0, 0, 0, 0, 0, b'a']);
    table.refused::<String>("String, not UTF-8", &string(&[0xff]));
    table.refused::<String>("String, a surrogate", &string(&[0xed, 0xa0, 0x80]));
    table.refused::<String>("String, too long a form", &string(&[0xc0, 0x80]));
    table.refused::<String>("String, a character cut off", &string(&[b'a', 0xe2, 0x82]));
    table.refused::<String>("String, 110000", &string(&[0xf4, 0x90, 0x80, 0x80]));
    table.refused::<String>(
        "String, long, the last byte not UTF-8",
        &string(&[[b'x'; 39].as_slice(), &[0x80]].concat()),
    );
    table.refused::<PathBuf>("PathBuf, not UTF-8", &string(&[0xfe]));
}

pub fn refused_containers(table: &mut Table) {
    let length = |length: u64, rest: &[u8]| [length.to_le_bytes().as_slice(), rest].concat();
    table.refused::<Option<u8>>("Option, no bytes", &[]);
    table.refused::<Option<u8>>("Option, tag 2", &[2, 0]);
    table.refused::<Option<u8>>("Option, Some of nothing", &[1]);
    table.refused::<Option<Option<u8>>>("Option, tag 2 within", &[1, 2, 0]);
    table.refused::<Vec<u8>>("Vec<u8>, no bytes", &[]);
    table.refused::<Vec<u8>>("Vec<u8>, 1 byte short", &length(3, &[1, 2]));
    table.refused::<Vec<u8>>("Vec<u8>, 2^32 bytes", &length(1 << 32, &[1, 2]));
    table.refused::<Vec<u8>>("Vec<u8>, 2^64 - 1 bytes", &length(u64::MAX, &[1, 2]));
    table.refused::<Vec<f64>>("Vec<f64>, 1 byte short", &length(2, &[0; 15]));
    table.refused::<Vec<f64>>("Vec<f64>, 2^61 numbers", &length(1 << 61, &[0; 16]));
    table.refused::<Vec<u64>>("Vec<u64>, 2^63 numbers", &length(1 << 63, &[0; 16]));
    table.refused::<Vec<bool>>("Vec<bool>, the second is 2", &length(2, &[1, 2]));
    table.refused::<Vec<String>>("Vec<String>, 2^40 of them", &length(1 << 40, &[0; 8]));
    table.refused::<Vec<Vec<u8>>>("Vec<Vec<u8>>, short within", &length(1, &length(1, &[])));
    table.refused::<Vec<Option<()>>>("Vec<Option<()>>, 2^40 of them", &length(1 << 40, &[0]));
    table.refused::<[u8; 4]>("[u8; 4], 3 bytes", &[0; 3]);
    table.refused::<[f64; 3]>("[f64; 3], 23 bytes", &[0; 23]);
    table.refused::<[bool; 2]>("[bool; 2], the second is 3", &[0, 3]);
    table.refused::<(u8, u16)>("(u8, u16), 2 bytes", &[0; 2]);
    table.refused::<(bool, bool)>("(bool, bool), the second is 2", &[0, 2]);
    table.refused::<BTreeMap<u8, u8>>("BTreeMap, no bytes", &[]);
    table.refused::<BTreeMap<u8, u8>>("BTreeMap, without the last value", &length(1, &[1]));
    table.refused::<BTreeMap<u8, u8>>("BTreeMap, 2^64 - 1 entries", &length(u64::MAX, &[1, 1]));
    table.refused::<HashMap<String, u8>>(
        "HashMap, a key that is not UTF-8",
        &length(1, &length(1, &[0xff, 0])),
    );
    table.refused::<BTreeSet<u16>>("BTreeSet, 1 byte short", &length(1, &[1]));
    table.refused::<HashSet<u8>>("HashSet, 2^56 items", &length(1 << 56, &[1]));
    table.refused::<Result<u8, u8>>("Result, no bytes", &[]);
    table.refused::<Result<u8, u8>>("Result, variant 2", &[2, 0, 0, 0, 0]);
    table.refused::<Result<u8, u8>>("Result, variant 2^24", &[0, 0, 0, 1, 0]);
    table.refused::<Result<u8, u8>>("Result, Ok of nothing", &[0, 0, 0, 0]);
    table.refused::<Level>("Level, variant 3", &[3, 0, 0, 0]);
    table.refused::<Level>("Level, variant 2^32 - 1", &[0xff; 4]);
    table.refused::<Level>("Level, 3 bytes", &[0; 3]);
    table.refused::<Colour>("Colour, variant 4", &[4, 0, 0, 0]);
    table.refused::<Colour>("Colour::Rgb, 2 of 3", &[2, 0, 0, 0, 1, 2]);
    table.refused::<Colour>("Colour::Gradient, of nothing", &[3, 0, 0, 0]);
    table.refused::<Point>("Point, 15 bytes", &[0; 15]);
    table.refused::<Person>(
        "Person, a name of 2^63 bytes",
        &[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0],
    );
    table.refused::<List>("List, tag 2", &[0, 0, 2]);
    table.refused::<List>("List, without an end", &[0, 0, 1]);
    table.refused::<Tree>(
        "Tree, children that are not there",
        &[length(0, &[]), length(3, &[])].concat(),
    );
}
