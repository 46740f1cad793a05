//! What the programs share: checks, told as in `c/check.h`, and the calls as a module imports them.

use std::fmt::Debug;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

pub mod call;

static CHECKS: AtomicU32 = AtomicU32::new(0);
static FAILURES: AtomicU32 = AtomicU32::new(0);

/// Checks that a value is the wanted one.
pub fn is<T: PartialEq + Debug>(sentence: &str, found: T, wanted: T) {
    CHECKS.fetch_add(1, Relaxed);
    if found == wanted {
        println!("ok {sentence}");
    } else {
        FAILURES.fetch_add(1, Relaxed);
        println!("not ok {sentence}: {found:?}, expected {wanted:?}");
    }
}

/// Checks that a condition holds.
pub fn holds(sentence: &str, found: bool) {
    is(sentence, found, true);
}

/// Tells how many checks there were, and exits with the number of those that failed.
pub fn finish() -> ! {
    println!("{} checks, {} failed", CHECKS.load(Relaxed), FAILURES.load(Relaxed));
    std::process::exit(FAILURES.load(Relaxed) as i32)
}

/// Nanoseconds on the monotonic clock.
pub fn now() -> u64 {
    let mut time = 0;
    unsafe { call::clock_time_get(1, 0, &mut time) };
    time
}
