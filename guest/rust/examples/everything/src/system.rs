//! What the standard library reaches through WASI: files, stdio, environment, clocks, randomness.

use plugin::prelude::*;
use std::collections::hash_map::RandomState;
use std::fs;
use std::hash::{BuildHasher, Hasher};
use std::io::{self, Write};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

#[export]
pub fn write_file(path: String, contents: String) -> Result<(), String> {
    fs::write(path, contents).map_err(text)
}

#[export]
pub fn read_file(path: String) -> Result<String, String> {
    fs::read_to_string(path).map_err(text)
}

/// The names in a directory, sorted.
#[export]
pub fn list_files(path: String) -> Result<Vec<String>, String> {
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let entries = fs::read_dir(path).map_err(text)?;
    let mut names = entries
        .map(|entry| entry.map(name))
        .collect::<Result<Vec<String>, io::Error>>()
        .map_err(text)?;
    names.sort();
    Ok(names)
}

#[export]
pub fn remove_file(path: String) -> Result<(), String> {
    fs::remove_file(path).map_err(text)
}

/// Prints to standard output, with no newline added; also an unfinished line leaves the guest.
#[export]
pub fn print(text: String) {
    print!("{text}");
    io::stdout()
        .flush()
        .expect("standard output takes what is printed");
}

/// Prints to standard error, with no newline added.
#[export]
pub fn print_error(text: String) {
    eprint!("{text}");
}

/// One line of standard input without its newline, or nothing at its end.
#[export]
pub fn read_line() -> Result<Option<String>, String> {
    let mut line = String::new();
    let length = io::stdin().read_line(&mut line).map_err(text)?;
    Ok((length > 0).then(|| line.trim_end_matches('\n').to_string()))
}

#[export]
pub fn args() -> Vec<String> {
    std::env::args().collect()
}

#[export]
pub fn env_var(name: String) -> Option<String> {
    std::env::var(name).ok()
}

/// The time in milliseconds since 1970.
#[export]
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.unwrap_or_default().as_millis() as u64
}

/// A number from the host's randomness, which seeds the keys of every hasher.
#[export]
pub fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// How often this instance has been asked.
#[export]
pub fn count() -> u32 {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    COUNT.fetch_add(1, Ordering::Relaxed) + 1
}

#[export]
pub fn sleep_ms(duration: u64) {
    thread::sleep(Duration::from_millis(duration));
}

fn text(error: io::Error) -> String {
    error.to_string()
}
