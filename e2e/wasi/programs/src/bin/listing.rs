//! Listing directories by fd_readdir: in parts, while they change, and with little room.

use std::collections::BTreeSet;
use std::fs;
use wasi_programs::call::*;
use wasi_programs::{finish, holds, is};

/// An entry as it stands in the buffer.
#[derive(Clone, Debug)]
struct Entry {
    next: u64,
    inode: u64,
    kind: u8,
    name: String,
}

const DIRENT: usize = 24;
const KIND_DIRECTORY: u8 = 3;
const KIND_FILE: u8 = 4;
const KIND_LINK: u8 = 7;

fn open_directory(path: &str) -> u32 {
    open(ROOT, path, DIRECTORY, 1 << 13 | 1 << 14 | 1 << 21, 0).unwrap()
}

/// The whole entries from a cookie on that have room, and how much of it was used.
fn read_part(fd: u32, cookie: u64, room: usize) -> (Vec<Entry>, usize) {
    let mut buffer = vec![0u8; room];
    let mut used = 0;
    let errno = unsafe { fd_readdir(fd, buffer.as_mut_ptr(), room, cookie, &mut used) };
    assert_eq!(errno, SUCCESS);
    let u64_at = |at: usize| u64::from_le_bytes(buffer[at..at + 8].try_into().unwrap());
    let mut entries = Vec::new();
    let mut at = 0;
    while at + DIRENT <= used {
        let end = at + DIRENT + u64_at(at + 16) as u32 as usize;
        if end > used {
            break;
        }
        let name = String::from_utf8(buffer[at + DIRENT..end].to_vec()).unwrap();
        entries.push(Entry { next: u64_at(at), inode: u64_at(at + 8), kind: buffer[at + 20], name });
        at = end;
    }
    (entries, used)
}

/// All names, read with so much room at a time; `between` is called after each part with its entries.
fn names(fd: u32, room: usize, mut between: impl FnMut(&[Entry])) -> Vec<String> {
    let mut names = Vec::new();
    let mut cookie = 0;
    loop {
        let (entries, used) = read_part(fd, cookie, room);
        between(&entries);
        names.extend(entries.iter().map(|entry| entry.name.clone()));
        match entries.last() {
            Some(last) if used == room => cookie = last.next,
            _ => return names,
        }
    }
}

/// A directory of so many files, and their names.
fn directory_of(path: &str, count: usize) -> Vec<String> {
    fs::create_dir(path).unwrap();
    let names: Vec<String> = (0..count).map(|number| format!("file-{number:04}")).collect();
    for name in &names {
        fs::write(format!("{path}/{name}"), "").unwrap();
    }
    names
}

fn entries() {
    fs::create_dir("/d").unwrap();
    let fd = open_directory("d");
    let (empty, used) = read_part(fd, 0, 1000);
    is("an empty directory lists the two dots", empty.len(), 2);
    is("in so many bytes", used, 2 * DIRENT + 1 + 2);
    let mut state = Filestat::default();
    unsafe { fd_filestat_get(fd, &mut state) };
    is("the first is the directory itself", (&empty[0].name[..], empty[0].inode), (".", state.inode));
    stat(ROOT, ".", &mut state);
    is("the second is the one around it", (&empty[1].name[..], empty[1].inode), ("..", state.inode));

    fs::write("/d/file", "").unwrap();
    fs::create_dir("/d/directory").unwrap();
    symlink("file", ROOT, "d/link");
    fs::write("/d/ünïcode 🙂", "").unwrap();
    let (all, _) = read_part(fd, 0, 1000);
    let kinds: Vec<(&str, u8)> = all[2..].iter().map(|entry| (&entry.name[..], entry.kind)).collect();
    is(
        "entries have names and types, from the oldest to the newest",
        kinds,
        vec![
            ("file", KIND_FILE),
            ("directory", KIND_DIRECTORY),
            ("link", KIND_LINK),
            ("ünïcode 🙂", KIND_FILE),
        ],
    );
    let same = all[2..].iter().all(|entry| {
        stat(ROOT, &format!("d/{}", entry.name), &mut state);
        state.inode == entry.inode
    });
    holds("and the numbers of their inodes", same);
    let from_each = all.iter().enumerate().all(|(index, entry)| {
        read_part(fd, entry.next, 1000).0.len() == all.len() - index - 1
    });
    holds("from each of them the rest can be listed", from_each);
    is("a cookie beyond the end lists nothing", read_part(fd, u64::MAX, 1000).1, 0);
}

fn little_room() {
    let fd = open_directory("d");
    is("no room lists nothing", read_part(fd, 0, 0).1, 0);
    let filled = (1..DIRENT + 20).all(|room| read_part(fd, 2, room).1 == room);
    holds("any room is filled with what there is of an entry", filled);
    let names_by = |room| names(fd, room, |_| {}).len();
    is("room for one entry lists all, one by one", names_by(DIRENT + 30), 6);
    is("so does much room", names_by(100_000), 6);
}

fn many() {
    let wanted = directory_of("/many", 2000);
    let fd = open_directory("many");
    for room in [100, 256, 4096] {
        let listed = names(fd, room, |_| {});
        holds(&format!("2,000 files are listed once each, {room} bytes at a time"), listed[2..] == wanted);
    }
}

fn changes() {
    let wanted = directory_of("/gone", 300);
    let fd = open_directory("gone");
    let listed = names(fd, 300, |entries| {
        for entry in entries.iter().filter(|entry| entry.kind == KIND_FILE) {
            fs::remove_file(format!("/gone/{}", entry.name)).unwrap();
        }
    });
    holds("files that are unlinked as they are listed are all listed", listed[2..] == wanted);
    is("and gone then", names(fd, 300, |_| {}).len(), 2);

    let wanted = directory_of("/ahead", 300);
    let fd = open_directory("ahead");
    let mut removed = BTreeSet::new();
    let listed = names(fd, 300, |entries| {
        // The next one that would be listed.
        let next = entries.last().and_then(|last| read_part(fd, last.next, 300).0.first().cloned());
        if let Some(entry) = next {
            fs::remove_file(format!("/ahead/{}", entry.name)).unwrap();
            removed.insert(entry.name);
        }
    });
    let rest: Vec<String> = wanted.iter().filter(|name| !removed.contains(*name)).cloned().collect();
    holds("of files that are unlinked ahead, only those are not listed", listed[2..] == rest);

    let wanted = directory_of("/more", 100);
    let fd = open_directory("more");
    let mut made = 0;
    let listed = names(fd, 300, |_| {
        if made < 50 {
            fs::write(format!("/more/new-{made}"), "").unwrap();
            made += 1;
        }
    });
    let unique: BTreeSet<&String> = listed.iter().collect();
    is("no file is listed twice while others are made", unique.len(), listed.len());
    holds("and none that was there is left out", wanted.iter().all(|name| unique.contains(name)));

    let fd = open_directory("more");
    let (first, _) = read_part(fd, 0, 300);
    let last = first.last().unwrap();
    fs::remove_file(format!("/more/{}", last.name)).unwrap();
    fs::write(format!("/more/{}", last.name), "").unwrap();
    let again = names_from(fd, last.next);
    is("a file that is made anew is listed at the end", again.last(), Some(&last.name));
    fs::rename("/more/file-0000", "/more/renamed").unwrap();
    is("so is one that is renamed", names_from(fd, 0).last().map(|name| &name[..]), Some("renamed"));
}

fn names_from(fd: u32, cookie: u64) -> Vec<String> {
    read_part(fd, cookie, 100_000).0.into_iter().map(|entry| entry.name).collect()
}

fn refused() {
    let readdir = |fd| unsafe { fd_readdir(fd, [0; 100].as_mut_ptr(), 100, 0, &mut 0) };
    is("a file has no entries", readdir(open(ROOT, "d/file", 0, 2, 0).unwrap()), NOTDIR);
    is("nor has a stream", readdir(0), NOTDIR);
    is("listing takes a right", readdir(open(ROOT, "d", DIRECTORY, 0, 0).unwrap()), NOTCAPABLE);
    fs::create_dir("/removed").unwrap();
    let fd = open_directory("removed");
    fs::remove_dir("/removed").unwrap();
    is("a directory that was removed has no files", names(fd, 300, |_| {}).len(), 2);
}

fn main() {
    entries();
    little_room();
    many();
    changes();
    refused();
    finish()
}
