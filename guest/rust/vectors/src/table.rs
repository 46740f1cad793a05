//! The table as it grows: what bincode makes of values, and of bytes.

use crate::describe::Describe;
use crate::json::{array, hex, object, string, Json};
use serde::{de::DeserializeOwned, Serialize};

#[derive(Default)]
pub struct Table {
    values: Vec<Json>,
    accepted: Vec<Json>,
    refused: Vec<Json>,
}

impl Table {
    /// Values and the bytes that bincode gives them; both ways hold.
    pub fn values<T, const N: usize>(&mut self, name: &str, values: [T; N])
    where
        T: Describe + Serialize + DeserializeOwned,
    {
        for (index, value) in values.iter().enumerate() {
            let bytes = bincode::serialize(value).expect("the table's values serialize");
            let again: T = bincode::deserialize(&bytes).expect("the table's values deserialize");
            assert_eq!(bincode::serialize(&again).unwrap(), bytes, "{}", name);
            let name = if N == 1 {
                name.into()
            } else {
                format!("{} {}", name, index + 1)
            };
            self.values.push(object([
                ("name", string(&name)),
                ("schema", T::schema()),
                ("hex", hex(&bytes)),
                ("value", value.value()),
            ]));
        }
    }

    /// Bytes that bincode reads, though it would write the value in others.
    pub fn accepted<T: Describe + DeserializeOwned>(&mut self, name: &str, bytes: &[u8]) {
        let value: T = bincode::deserialize(bytes).expect("bincode accepts this");
        self.accepted.push(object([
            ("name", string(name)),
            ("schema", T::schema()),
            ("hex", hex(bytes)),
            ("value", value.value()),
        ]));
    }

    /// Bytes that bincode refuses.
    pub fn refused<T: Describe + DeserializeOwned>(&mut self, name: &str, bytes: &[u8]) {
        let why = match bincode::deserialize::<T>(bytes) {
            Ok(_) => panic!("bincode accepts {}", name),
            Err(error) => error.to_string(),
        };
        self.refused.push(object([
            ("name", string(name)),
            ("schema", T::schema()),
            ("hex", hex(bytes)),
            ("bincode", string(&why)),
        ]));
    }

    /// The whole table as JSON, one case on each line.
    pub fn into_text(self, definitions: Json) -> String {
        let lines = |cases: Vec<Json>| {
            let Json(text) = array(
                cases
                    .into_iter()
                    .map(|Json(case)| Json(format!("\n{}", case))),
            );
            Json(text)
        };
        let Json(text) = object([
            ("definitions", definitions),
            ("values", lines(self.values)),
            ("accepted", lines(self.accepted)),
            ("refused", lines(self.refused)),
        ]);
        text
    }
}
