//! Rights: what each of them allows, how they pass to what is opened, and how they are given up.

use wasi_programs::call::*;
use wasi_programs::{finish, is};

type Attempt = fn(u32) -> i32;

/// The rights of a file, each with what takes it and the error without it.
const FILE: &[(u64, &str, i32, Attempt)] = &[
    (0, "fd_datasync", NOTCAPABLE, |fd| unsafe { fd_datasync(fd) }),
    (1, "fd_read", BADF, read),
    (2, "fd_seek", NOTCAPABLE, |fd| unsafe { fd_seek(fd, 1, 0, &mut 0) }),
    (3, "fd_fdstat_set_flags", NOTCAPABLE, |fd| unsafe { fd_fdstat_set_flags(fd, 0) }),
    (4, "fd_sync", NOTCAPABLE, |fd| unsafe { fd_sync(fd) }),
    (5, "fd_tell", NOTCAPABLE, |fd| unsafe { fd_tell(fd, &mut 0) }),
    (6, "fd_write", BADF, write),
    (7, "fd_advise", NOTCAPABLE, |fd| unsafe { fd_advise(fd, 0, 1, 0) }),
    (8, "fd_allocate", NOTCAPABLE, |fd| unsafe { fd_allocate(fd, 0, 1) }),
    (21, "fd_filestat_get", NOTCAPABLE, |fd| unsafe {
        fd_filestat_get(fd, &mut Filestat::default())
    }),
    (22, "fd_filestat_set_size", NOTCAPABLE, |fd| unsafe { fd_filestat_set_size(fd, 1) }),
    (23, "fd_filestat_set_times", NOTCAPABLE, |fd| unsafe { fd_filestat_set_times(fd, 1, 1, 5) }),
];

/// The rights of a directory in which there are a file, a link and an empty directory.
const DIRECTORY_RIGHTS: &[(u64, &str, Attempt)] = &[
    (0, "fd_datasync", |fd| unsafe { fd_datasync(fd) }),
    (3, "fd_fdstat_set_flags", |fd| unsafe { fd_fdstat_set_flags(fd, 0) }),
    (4, "fd_sync", |fd| unsafe { fd_sync(fd) }),
    (9, "path_create_directory", |fd| create_directory(fd, "new")),
    (10, "path_create_file", |fd| opens(fd, "new", CREAT)),
    (11, "path_link_source", |fd| link(fd, "file", ROOT, "linked")),
    (12, "path_link_target", |fd| link(ROOT, "source", fd, "linked")),
    (13, "path_open", |fd| opens(fd, "file", 0)),
    (14, "fd_readdir", |fd| unsafe { fd_readdir(fd, [0; 10].as_mut_ptr(), 10, 0, &mut 0) }),
    (15, "path_readlink", |fd| readlink(fd, "link")),
    (16, "path_rename_source", |fd| rename(fd, "file", ROOT, "moved")),
    (17, "path_rename_target", |fd| rename(ROOT, "source", fd, "moved")),
    (18, "path_filestat_get", |fd| stat(fd, "file", &mut Filestat::default())),
    (19, "path_filestat_set_size", |fd| opens(fd, "file", TRUNC)),
    (20, "path_filestat_set_times", |fd| set_times(fd, "file")),
    (21, "fd_filestat_get", |fd| unsafe { fd_filestat_get(fd, &mut Filestat::default()) }),
    (23, "fd_filestat_set_times", |fd| unsafe { fd_filestat_set_times(fd, 1, 1, 5) }),
    (24, "path_symlink", |fd| symlink("x", fd, "new")),
    (25, "path_remove_directory", |fd| remove_directory(fd, "directory")),
    (26, "path_unlink_file", |fd| unlink_file(fd, "file")),
];

/// All thirty rights.
const ALL: u64 = 0x3fff_ffff;
const READ: u64 = 1 << 1;
const WRITE: u64 = 1 << 6;
const OPEN: u64 = 1 << 13;

fn opens(fd: u32, path: &str, open_flags: i32) -> i32 {
    match open(fd, path, open_flags, 0, 0) {
        Ok(opened) => unsafe { fd_close(opened) },
        Err(errno) => errno,
    }
}

fn make(fd: u32, path: &str) {
    opens(fd, path, CREAT);
}

fn rights_of(fd: u32) -> (u64, u64) {
    let mut state = Fdstat::default();
    unsafe { fd_fdstat_get(fd, &mut state) };
    (state.rights, state.inheriting)
}

/// That a right allows what it is for, and nothing else does.
fn each_right() {
    for (bit, name, error, attempt) in FILE {
        make(ROOT, "file");
        let without = open(ROOT, "file", 0, ALL & !(1 << bit), 0).unwrap();
        is(&format!("a file without {name} refuses it"), attempt(without), *error);
        let with = open(ROOT, "file", 0, 1 << bit, 0).unwrap();
        is(&format!("a file with {name} alone allows it"), attempt(with), SUCCESS);
    }
    for (bit, name, attempt) in DIRECTORY_RIGHTS {
        create_directory(ROOT, name);
        make(ROOT, "source");
        let inside = open(ROOT, name, DIRECTORY, ALL & !WRITE, ALL).unwrap();
        make(inside, "file");
        symlink("x", inside, "link");
        create_directory(inside, "directory");
        let rights = ALL & !WRITE & !(1 << bit);
        let without = open(ROOT, name, DIRECTORY, rights, ALL).unwrap();
        is(&format!("a directory without {name} refuses it"), attempt(without), NOTCAPABLE);
        // To make a file, and to cut one off, is to open it, too.
        let open_too = if [10, 19].contains(bit) { OPEN } else { 0 };
        let with = open(ROOT, name, DIRECTORY, 1 << bit | open_too, ALL).unwrap();
        is(&format!("a directory with {name} alone allows it"), attempt(with), SUCCESS);
        for leftover in ["linked", "moved"] {
            unlink_file(ROOT, leftover);
        }
    }
}

fn passing_on() {
    make(ROOT, "file");
    let (rights, inheriting) = rights_of(ROOT);
    is("the root passes all rights on", inheriting, ALL);
    is("it has none that are of files alone", rights & (READ | WRITE | 1 << 2 | 1 << 8), 0);
    let file = open(ROOT, "file", 0, ALL, ALL).unwrap();
    let (rights, inheriting) = rights_of(file);
    is("a file has none that are of directories", rights, 0x8e0_01ff);
    is("and passes none on", inheriting, 0);
    let file = open(ROOT, "file", 0, 1 << 60 | READ, 0).unwrap();
    is("rights that do not exist are passed over", rights_of(file).0, READ);

    create_directory(ROOT, "d");
    make(ROOT, "d/file");
    let directory = open(ROOT, "d", DIRECTORY, OPEN, READ | OPEN).unwrap();
    is("a directory has the rights that were asked for", rights_of(directory), (OPEN, READ | OPEN));
    is("it passes on what it may", open(directory, "file", 0, READ, 0).map(|_| ()), Ok(()));
    is("and nothing else", open(directory, "file", 0, WRITE, 0), Err(NOTCAPABLE));
    is("nor to be passed on", open(directory, ".", DIRECTORY, 0, WRITE), Err(NOTCAPABLE));
}

fn giving_up() {
    let file = open(ROOT, "file", 0, READ | WRITE, 0).unwrap();
    let give_up = |rights, inheriting| unsafe { fd_fdstat_set_rights(file, rights, inheriting) };
    is("rights that are held can be set", give_up(READ | WRITE, 0), SUCCESS);
    is("fewer can be set", give_up(WRITE, 0), SUCCESS);
    is("what was given up is gone", read(file), BADF);
    is("what was not is still there", write(file), SUCCESS);
    is("nothing comes back", give_up(READ | WRITE, 0), NOTCAPABLE);
    is("nor is there more to pass on", give_up(WRITE, READ), NOTCAPABLE);
    is("a right that does not exist is refused", give_up(1 << 30, 0), NOTCAPABLE);
    is("the largest, too", give_up(1 << 63, 0), NOTCAPABLE);
    is("what was refused changed nothing", rights_of(file), (WRITE, 0));
    is("all can be given up", give_up(0, 0), SUCCESS);
    is("but not closing", unsafe { fd_close(file) }, SUCCESS);

    let directory = open(ROOT, "d", DIRECTORY, OPEN, READ | WRITE).unwrap();
    let set = |rights, inheriting| unsafe { fd_fdstat_set_rights(directory, rights, inheriting) };
    is("a directory can pass on less", set(OPEN, READ), SUCCESS);
    is("which it then does", open(directory, "file", 0, WRITE, 0), Err(NOTCAPABLE));
    is("rights of stdin can be given up", unsafe { fd_fdstat_set_rights(0, 0, 0) }, SUCCESS);
    is("then it is not read", read(0), BADF);
}

fn main() {
    each_right();
    passing_on();
    giving_up();
    finish()
}
