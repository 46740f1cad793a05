//! Prints the table that the codec's tests are held against (`src/codec/vectors.json`): values and
//! the bytes that the real bincode gives them, and bytes that it refuses. The same at every run:
//! `cargo run --quiet > ../../../src/codec/vectors.json`.

mod describe;
mod foreign_bytes;
mod json;
mod samples;
mod table;
mod values;

use samples::{Colour, List, Tree};
use table::Table;

fn main() {
    let mut table = Table::default();
    values::scalars(&mut table);
    values::text(&mut table);
    values::containers(&mut table);
    values::composites(&mut table);
    foreign_bytes::accepted(&mut table);
    foreign_bytes::refused_scalars(&mut table);
    foreign_bytes::refused_containers(&mut table);
    println!(
        "{}",
        table.into_text(json::object([
            ("Colour", Colour::definition()),
            ("Tree", Tree::definition()),
            ("List", List::definition()),
        ]))
    );
}
