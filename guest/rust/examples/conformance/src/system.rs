//! Files, streams and failures.

use plugin::prelude::*;
use std::fs;
use std::io::{self, Read, Write};

/// The content of a file as text. Fails as `fail` does, where there is none.
#[export]
pub fn read_file(path: String) -> String {
    fs::read_to_string(path).expect("the file can be read")
}

#[export]
pub fn write_file(path: String, text: String) {
    fs::write(path, text).expect("the file can be written");
}

/// All that is left of standard input, as text.
#[export]
pub fn read_input() -> String {
    let mut text = String::new();
    io::stdin()
        .read_to_string(&mut text)
        .expect("standard input is text");
    text
}

/// Writes to standard output and to standard error, without a line end.
#[export]
pub fn print(output: String, error: String) {
    print!("{}", output);
    eprint!("{}", error);
    io::stdout().flush().expect("standard output takes it");
}

/// Fails as the language does: a panic, an exception. The message reaches standard error.
#[export]
pub fn fail(message: String) {
    panic!("{}", message);
}

/// Never ends.
#[export]
pub fn spin() {
    loop {
        std::hint::spin_loop();
    }
}
