//! Every way to end badly.

use plugin::prelude::*;

#[export]
pub fn panic_with(message: String) {
    panic!("{message}");
}

/// Traps without a word.
#[export]
pub fn trap() {
    std::process::abort();
}

#[export]
pub fn exit_with(code: i32) {
    std::process::exit(code);
}

#[export]
pub fn overflow_stack() -> u64 {
    descend(0)
}

/// Calls itself within its own argument, so that no loop can replace the recursion.
fn descend(depth: u64) -> u64 {
    if depth == u64::MAX {
        return depth;
    }
    descend(descend(depth + 1) ^ depth)
}

/// Never returns.
#[export]
pub fn spin() {
    loop {
        std::hint::spin_loop();
    }
}

/// Fills and frees that much memory, and returns how much it was.
#[export]
pub fn allocate(bytes: u64) -> u64 {
    let length = usize::try_from(bytes).expect("the length fits into the memory");
    let filled = vec![1_u8; length];
    filled.iter().map(|&byte| u64::from(byte)).sum()
}
