//! What Rust programs do by way of their standard library. Run with the arguments "standard_library" and
//! "argument", the variable NAME="value", and two lines to read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, ErrorKind, Read, Seek, SeekFrom, Write};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use std::{env, thread};
use wasi_programs::{finish, holds, is};

fn kind<T>(result: io::Result<T>) -> Option<ErrorKind> {
    result.err().map(|error| error.kind())
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| error.to_string())
}

fn process() {
    is("there are arguments", env::args().collect(), vec!["standard_library".to_owned(), "argument".to_owned()]);
    is("there are variables", env::var("NAME"), Ok("value".to_owned()));
    let lines: Vec<String> = io::stdin().lock().lines().map(Result::unwrap).collect();
    is("standard input is read by line", lines, vec!["one".to_owned(), "two".to_owned()]);
    holds("standard error is written", writeln!(io::stderr(), "to standard error").is_ok());
}

fn files() {
    fs::write("/a", "one two").unwrap();
    is("a file is written and read", read("/a"), "one two".to_owned());
    let mut file = OpenOptions::new().read(true).write(true).open("/a").unwrap();
    file.seek(SeekFrom::End(-3)).unwrap();
    file.write_all(b"TWO!").unwrap();
    is("in the middle, too", read("/a"), "one TWO!".to_owned());
    file.set_len(3).unwrap();
    file.rewind().unwrap();
    let mut text = String::new();
    file.read_to_string(&mut text).unwrap();
    is("it is cut off", text, "one".to_owned());
    holds("and synced", file.sync_all().is_ok() && file.sync_data().is_ok());
    OpenOptions::new().append(true).open("/a").unwrap().write_all(b" more").unwrap();
    is("it is appended to", read("/a"), "one more".to_owned());
    is("it is not made twice", kind(OpenOptions::new().write(true).create_new(true).open("/a")), Some(ErrorKind::AlreadyExists));
    is("what is missing is not found", kind(File::open("/missing")), Some(ErrorKind::NotFound));
    is("it is copied", fs::copy("/a", "/b").ok(), Some(8));
    fs::rename("/b", "/c").unwrap();
    fs::hard_link("/c", "/d").unwrap();
    fs::write("/c", "linked").unwrap();
    is("it is moved and linked", read("/d"), "linked".to_owned());
    fs::remove_file("/c").unwrap();
    let metadata = fs::metadata("/d").unwrap();
    is("it has a size", (metadata.is_file(), metadata.len()), (true, 6));
    let age = SystemTime::now().duration_since(metadata.modified().unwrap()).unwrap_or_default();
    holds("and a time", age < Duration::from_secs(60));
    let bytes: Vec<u8> = (0..5_000_000u32).map(|number| (number * 7 >> 3) as u8).collect();
    fs::write("/large", &bytes).unwrap();
    holds("five megabytes come back as they were", fs::read("/large").unwrap() == bytes);
}

fn directories() {
    fs::create_dir_all("/x/y/z").unwrap();
    fs::write("/x/y/z/file", "deep").unwrap();
    fs::write("/x/file", "").unwrap();
    let mut names: Vec<_> = fs::read_dir("/x").unwrap().map(|entry| entry.unwrap()).collect();
    names.sort_by_key(|entry| entry.file_name());
    let listed: Vec<_> = names.iter().map(|entry| (entry.file_name().into_string().unwrap(), entry.file_type().unwrap().is_dir())).collect();
    is("a directory is listed", listed, vec![("file".to_owned(), false), ("y".to_owned(), true)]);
    is("a full one is not removed", kind(fs::remove_dir("/x")).is_some(), true);
    fs::remove_dir_all("/x").unwrap();
    is("unless with all that is in it", kind(fs::metadata("/x")), Some(ErrorKind::NotFound));
}

fn time() {
    let start = Instant::now();
    thread::sleep(Duration::from_millis(30));
    let passed = start.elapsed();
    holds("a sleep takes its time", passed > Duration::from_millis(28) && passed < Duration::from_secs(2));
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    holds("the time is after 2020", since.as_secs() > 1_577_836_800);
    thread::yield_now();
    let map: std::collections::HashMap<i32, i32> = (0..100).map(|number| (number, number)).collect();
    is("hash maps have their random seed", map[&42], 42);
}

fn main() {
    process();
    files();
    directories();
    time();
    finish()
}
