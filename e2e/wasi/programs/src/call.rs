//! Those of the calls that the programs make themselves, and the structures that they use.
//! <https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md>

pub const SUCCESS: i32 = 0;
pub const AGAIN: i32 = 6;
pub const BADF: i32 = 8;
pub const FAULT: i32 = 21;
pub const INVAL: i32 = 28;
pub const NOTDIR: i32 = 54;
pub const NOTSUP: i32 = 58;
pub const NOTCAPABLE: i32 = 76;

pub const CREAT: i32 = 1;
pub const DIRECTORY: i32 = 2;
pub const TRUNC: i32 = 8;
pub const NONBLOCK: i32 = 4;

/// The directory that is open from the start: `/`.
pub const ROOT: u32 = 3;

#[derive(Clone, Copy, Default)]
#[repr(C)]
pub struct Fdstat {
    pub kind: u8,
    pub flags: u16,
    pub rights: u64,
    pub inheriting: u64,
}

#[derive(Clone, Copy, Default)]
#[repr(C)]
pub struct Filestat {
    pub device: u64,
    pub inode: u64,
    pub kind: u8,
    pub links: u64,
    pub size: u64,
    pub accessed: u64,
    pub modified: u64,
    pub changed: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C)]
pub struct Event {
    pub userdata: u64,
    pub error: u16,
    pub kind: u8,
    pub bytes: u64,
    pub flags: u16,
}

/// A subscription to a clock, or, with the clock's number as the descriptor, to a descriptor.
#[derive(Clone, Copy, Default)]
#[repr(C)]
pub struct Subscription {
    pub userdata: u64,
    pub kind: u8,
    pub subject: u64,
    pub timeout: u64,
    pub precision: u64,
    pub flags: u16,
}

#[link(wasm_import_module = "wasi_snapshot_preview1")]
extern "C" {
    pub fn clock_time_get(clock: u32, precision: u64, time: &mut u64) -> i32;
    pub fn fd_advise(fd: u32, offset: u64, length: u64, advice: i32) -> i32;
    pub fn fd_allocate(fd: u32, offset: u64, length: u64) -> i32;
    pub fn fd_close(fd: u32) -> i32;
    pub fn fd_datasync(fd: u32) -> i32;
    pub fn fd_fdstat_get(fd: u32, stat: &mut Fdstat) -> i32;
    pub fn fd_fdstat_set_flags(fd: u32, flags: i32) -> i32;
    pub fn fd_fdstat_set_rights(fd: u32, rights: u64, inheriting: u64) -> i32;
    pub fn fd_filestat_get(fd: u32, stat: &mut Filestat) -> i32;
    pub fn fd_filestat_set_size(fd: u32, size: u64) -> i32;
    pub fn fd_filestat_set_times(fd: u32, accessed: u64, modified: u64, flags: i32) -> i32;
    pub fn fd_read(fd: u32, list: *const [usize; 2], count: usize, moved: &mut usize) -> i32;
    pub fn fd_readdir(fd: u32, buffer: *mut u8, room: usize, cookie: u64, used: &mut usize) -> i32;
    pub fn fd_seek(fd: u32, offset: i64, whence: i32, position: &mut u64) -> i32;
    pub fn fd_sync(fd: u32) -> i32;
    pub fn fd_tell(fd: u32, position: &mut u64) -> i32;
    pub fn fd_write(fd: u32, list: *const [usize; 2], count: usize, moved: &mut usize) -> i32;
    pub fn poll_oneoff(
        subscriptions: *const Subscription,
        events: *mut Event,
        count: usize,
        happened: &mut usize,
    ) -> i32;
    fn path_create_directory(fd: u32, path: *const u8, length: usize) -> i32;
    fn path_filestat_get(fd: u32, lookup: i32, path: *const u8, length: usize, stat: &mut Filestat) -> i32;
    fn path_filestat_set_times(
        fd: u32,
        lookup: i32,
        path: *const u8,
        length: usize,
        accessed: u64,
        modified: u64,
        flags: i32,
    ) -> i32;
    fn path_link(
        from_fd: u32,
        lookup: i32,
        from: *const u8,
        from_length: usize,
        to_fd: u32,
        to: *const u8,
        to_length: usize,
    ) -> i32;
    #[allow(clippy::too_many_arguments)]
    fn path_open(
        fd: u32,
        lookup: i32,
        path: *const u8,
        length: usize,
        open_flags: i32,
        rights: u64,
        inheriting: u64,
        flags: i32,
        opened: &mut u32,
    ) -> i32;
    fn path_readlink(
        fd: u32,
        path: *const u8,
        length: usize,
        buffer: *mut u8,
        room: usize,
        used: &mut usize,
    ) -> i32;
    fn path_remove_directory(fd: u32, path: *const u8, length: usize) -> i32;
    fn path_rename(
        from_fd: u32,
        from: *const u8,
        from_length: usize,
        to_fd: u32,
        to: *const u8,
        to_length: usize,
    ) -> i32;
    fn path_symlink(target: *const u8, target_length: usize, fd: u32, path: *const u8, length: usize) -> i32;
    fn path_unlink_file(fd: u32, path: *const u8, length: usize) -> i32;
}

/// Opens a path and gives the descriptor, or the error number.
pub fn open(fd: u32, path: &str, open_flags: i32, rights: u64, inheriting: u64) -> Result<u32, i32> {
    let mut opened = 0;
    let (start, length) = (path.as_ptr(), path.len());
    match unsafe { path_open(fd, 0, start, length, open_flags, rights, inheriting, 0, &mut opened) } {
        SUCCESS => Ok(opened),
        errno => Err(errno),
    }
}

pub fn stat(fd: u32, path: &str, stat: &mut Filestat) -> i32 {
    unsafe { path_filestat_get(fd, 0, path.as_ptr(), path.len(), stat) }
}

pub fn set_times(fd: u32, path: &str) -> i32 {
    unsafe { path_filestat_set_times(fd, 0, path.as_ptr(), path.len(), 1, 1, 5) }
}

pub fn create_directory(fd: u32, path: &str) -> i32 {
    unsafe { path_create_directory(fd, path.as_ptr(), path.len()) }
}

pub fn remove_directory(fd: u32, path: &str) -> i32 {
    unsafe { path_remove_directory(fd, path.as_ptr(), path.len()) }
}

pub fn unlink_file(fd: u32, path: &str) -> i32 {
    unsafe { path_unlink_file(fd, path.as_ptr(), path.len()) }
}

pub fn link(from_fd: u32, from: &str, to_fd: u32, to: &str) -> i32 {
    unsafe { path_link(from_fd, 0, from.as_ptr(), from.len(), to_fd, to.as_ptr(), to.len()) }
}

pub fn rename(from_fd: u32, from: &str, to_fd: u32, to: &str) -> i32 {
    unsafe { path_rename(from_fd, from.as_ptr(), from.len(), to_fd, to.as_ptr(), to.len()) }
}

pub fn symlink(target: &str, fd: u32, path: &str) -> i32 {
    unsafe { path_symlink(target.as_ptr(), target.len(), fd, path.as_ptr(), path.len()) }
}

pub fn readlink(fd: u32, path: &str) -> i32 {
    let mut buffer = [0; 10];
    let mut used = 0;
    let (start, length) = (path.as_ptr(), path.len());
    unsafe { path_readlink(fd, start, length, buffer.as_mut_ptr(), buffer.len(), &mut used) }
}

/// Reads one byte.
pub fn read(fd: u32) -> i32 {
    let mut byte = 0u8;
    let mut moved = 0;
    unsafe { fd_read(fd, &[&mut byte as *mut u8 as usize, 1], 1, &mut moved) }
}

/// Writes one byte.
pub fn write(fd: u32) -> i32 {
    let mut moved = 0;
    unsafe { fd_write(fd, &[b"x".as_ptr() as usize, 1], 1, &mut moved) }
}
