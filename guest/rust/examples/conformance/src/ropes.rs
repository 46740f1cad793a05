//! Texts that stay on the page, by handles.

use plugin::prelude::*;
use std::sync::Mutex;

#[resource]
pub struct Rope;

/// The length of a rope in characters.
#[import]
fn rope_length(text: Borrow<Rope>) -> u64;

/// The characters from start to end, or to the rope's end.
#[import]
fn rope_slice(text: Borrow<Rope>, start: u64, end: u64) -> String;

static KEPT: Mutex<Option<Rope>> = Mutex::new(None);

/// How many characters are fetched at a time.
const CHUNK: u64 = 1000;

/// Counts the line ends of a rope, by chunks of 1000 characters.
#[export]
pub fn count_lines(text: Borrow<Rope>) -> u64 {
    let starts = (0..rope_length(text)).step_by(CHUNK as usize);
    let chunks = starts.map(|start| rope_slice(text, start, start + CHUNK));
    chunks.map(|chunk| chunk.matches('\n').count() as u64).sum()
}

/// Keeps a rope, and drops what was kept before.
#[export]
pub fn keep(text: Rope) {
    *KEPT.lock().unwrap() = Some(text);
}

/// The length of the rope that was kept.
#[export]
pub fn kept_length() -> Option<u64> {
    let kept = KEPT.lock().unwrap();
    kept.as_ref().map(|text| rope_length(text.borrow()))
}

/// Drops what was kept.
#[export]
pub fn release() {
    *KEPT.lock().unwrap() = None;
}

/// Gives back what was kept, which it then keeps no longer.
#[export]
pub fn give_back() -> Option<Rope> {
    KEPT.lock().unwrap().take()
}
