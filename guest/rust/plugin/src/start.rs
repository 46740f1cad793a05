//! Start-up, where Rust does not link it in by itself (see build.rs).

use std::sync::atomic::{AtomicBool, Ordering};

extern "C" {
    /// Made by the linker: calls every constructor of the module.
    fn __wasm_call_ctors();
}

/// Starts the instance. Called again, it does nothing.
///
/// A reference to the constructors also tells the linker that the module starts itself. Otherwise
/// it wraps every export in constructors and destructors, which read the preopens at every call.
#[no_mangle]
pub extern "C" fn _initialize() {
    static STARTED: AtomicBool = AtomicBool::new(false);
    if !STARTED.swap(true, Ordering::Relaxed) {
        unsafe { __wasm_call_ctors() }
    }
}
