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

extern "C" {
    /// From stack/stack.s, which also exports it, with `_stack_restore`.
    fn _stack_save() -> u32;
}

/// Makes the linker take the file that both are in.
#[used]
static STACK: unsafe extern "C" fn() -> u32 = _stack_save;
