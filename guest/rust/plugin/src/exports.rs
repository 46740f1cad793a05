//! The exports that every plugin has, beside its own functions.

use crate::abi::Buffer;
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

/// Allocates a buffer that the host fills and gives to the guest. Traps if there is no room.
#[no_mangle]
pub extern "C" fn __alloc_buffer(length: u32) -> u32 {
    Buffer::allocate(length).pointer()
}

/// Frees a buffer that the guest gave to the host.
#[no_mangle]
pub extern "C" fn __free_buffer(buffer: u64) {
    // Safety: the host passes what it received, once.
    drop(unsafe { Buffer::unpack(buffer).take() });
}
