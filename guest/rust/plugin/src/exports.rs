//! The exports that every plugin has, beside its own functions.

use crate::abi::Buffer;

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
