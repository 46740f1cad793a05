//! The boundary: values as bincode in buffers that pass from one side to the other.
//!
//! The macros generate calls into this module; a plugin has no need to. The side that receives a
//! buffer owns it:
//!
//! | buffer | allocated by | freed by |
//! |---|---|---|
//! | arguments of a guest function | host, through `__alloc_buffer` | the guest takes it |
//! | result of a guest function | guest | host, through `__free_buffer` |
//! | arguments of a host function | guest | host, through `__free_buffer` |
//! | result of a host function | host, through `__alloc_buffer` | the guest takes it |

use crate::numbers;
use serde::de::DeserializeOwned;
use serde::Serialize;
use std::alloc::{alloc, handle_alloc_error, Layout};
use std::any::type_name;

/// Bytes on their way between guest and host, at an address in the guest's memory.
///
/// A buffer owns its bytes but does not free them when dropped: [`take`](Buffer::take) does.
#[derive(Debug)]
pub struct Buffer {
    start: *mut u8,
    length: u32,
}

impl Buffer {
    /// Allocates `length` bytes for the host to fill. Their content is undefined until then.
    ///
    /// # Panics
    /// If the allocator refuses.
    pub fn allocate(length: u32) -> Buffer {
        if length == 0 {
            return Buffer::from(Vec::new());
        }
        let layout = Layout::array::<u8>(length as usize)
            .expect("a buffer is smaller than half of the memory");
        // Safety: the layout is not empty.
        let start = unsafe { alloc(layout) };
        if start.is_null() {
            handle_alloc_error(layout);
        }
        Buffer { start, length }
    }

    /// Takes the bytes out; dropping them frees the buffer.
    ///
    /// # Safety
    /// The buffer is empty, or it comes from [`allocate`](Buffer::allocate) or from a `Vec`, was
    /// filled, and is taken for the first time.
    pub unsafe fn take(self) -> Vec<u8> {
        if self.length == 0 {
            // An empty buffer may have any address, also one that is not ours.
            return Vec::new();
        }
        let length = self.length as usize;
        Vec::from_raw_parts(self.start, length, length)
    }

    /// Where the bytes start.
    pub fn pointer(&self) -> u32 {
        // Always fits in Wasm, never natively: natively there is no host to tell it to.
        u32::try_from(self.start as usize).expect("the address of a buffer fits into 32 bits")
    }

    /// The number that stands for the buffer at the boundary: `(pointer << 32) | length`.
    pub fn pack(self) -> u64 {
        u64::from(self.pointer()) << 32 | u64::from(self.length)
    }

    /// The buffer for which a number stands.
    pub fn unpack(packed: u64) -> Buffer {
        Buffer {
            start: (packed >> 32) as usize as *mut u8,
            length: packed as u32,
        }
    }
}

impl From<Vec<u8>> for Buffer {
    fn from(bytes: Vec<u8>) -> Buffer {
        let length = u32::try_from(bytes.len()).expect("a buffer is shorter than 4 GiB");
        // Without spare capacity, since the length is all that the other side gives back.
        let start = Box::into_raw(bytes.into_boxed_slice()).cast();
        Buffer { start, length }
    }
}

/// Answers a call of the host: takes the arguments, calls `function`, gives the result away.
///
/// # Safety
/// `arguments` is a buffer that the host got from `__alloc_buffer`, filled, and has not used since.
///
/// # Panics
/// If the bytes are not `Arguments`, or the result has no form in bincode.
#[track_caller]
pub unsafe fn answer<Arguments, Output>(
    name: &str,
    arguments: u64,
    function: impl FnOnce(Arguments) -> Output,
) -> u64
where
    Arguments: crate::arguments::Arguments,
    Output: Serialize + 'static,
{
    let arguments = decode(
        "the arguments of function",
        name,
        Buffer::unpack(arguments).take(),
        Arguments::read,
    );
    let output = function(arguments);
    let result =
        numbers::write(&output).unwrap_or_else(|| encode("the result of function", name, &output));
    Buffer::from(result).pack()
}

/// Asks the host: gives the arguments away, calls `host`, takes the result.
///
/// # Safety
/// `host` frees the buffer it is given, and returns one that it got from `__alloc_buffer`, filled,
/// and does not use again.
///
/// # Panics
/// If the arguments have no form in bincode, or the bytes of the result are not `Output`.
#[track_caller]
pub unsafe fn ask<Arguments, Output>(
    name: &str,
    arguments: Arguments,
    host: impl FnOnce(u64) -> u64,
) -> Output
where
    Arguments: Serialize,
    Output: DeserializeOwned + 'static,
{
    let arguments = encode("the arguments of host function", name, &arguments);
    let result = host(Buffer::from(arguments).pack());
    decode(
        "the result of host function",
        name,
        Buffer::unpack(result).take(),
        |mut bytes| numbers::take(&mut bytes).map_or_else(|| bincode::deserialize(bytes), Ok),
    )
}

/// Stands in for [`ask`] in a native build, where there is no host.
///
/// # Panics
/// Always.
#[track_caller]
pub fn ask_nobody<Arguments, Output>(name: &str, _arguments: Arguments) -> Output
where
    Arguments: Serialize,
    Output: DeserializeOwned,
{
    panic!(
        "Cannot call host function \"{}\": this is a native build, expected a Wasm host",
        name
    )
}

#[track_caller]
fn encode(what: &str, name: &str, value: &impl Serialize) -> Vec<u8> {
    match bincode::serialize(value) {
        Ok(bytes) => bytes,
        Err(error) => panic!("Cannot encode {} \"{}\": {}", what, name, error),
    }
}

#[track_caller]
fn decode<T>(
    what: &str,
    name: &str,
    bytes: Vec<u8>,
    read: impl FnOnce(&[u8]) -> bincode::Result<T>,
) -> T {
    match read(&bytes) {
        Ok(value) => value,
        Err(error) => panic!(
            "Cannot decode {} \"{}\": {} ({} bytes), expected {}",
            what,
            name,
            error,
            bytes.len(),
            type_name::<T>()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::Arguments;

    #[test]
    fn a_buffer_gives_back_the_bytes_it_was_made_of() {
        let mut bytes = Vec::with_capacity(100);
        bytes.extend([1, 2, 3]);
        let taken = unsafe { Buffer::from(bytes).take() };
        assert_eq!(taken, [1, 2, 3]);
        assert_eq!(taken.capacity(), 3);
    }

    #[test]
    fn an_allocated_buffer_is_filled_and_taken() {
        let buffer = Buffer::allocate(4);
        unsafe { buffer.start.copy_from([9, 8, 7, 6].as_ptr(), 4) };
        assert_eq!(unsafe { buffer.take() }, [9, 8, 7, 6]);
    }

    #[test]
    fn an_empty_buffer_may_have_any_address() {
        assert_eq!(Buffer::allocate(0).pack() as u32, 0);
        assert_eq!(Buffer::from(Vec::new()).pack() as u32, 0);
        for address in [0, 1, u32::MAX] {
            let buffer = Buffer::unpack(u64::from(address) << 32);
            assert!(unsafe { buffer.take() }.is_empty());
        }
    }

    #[test]
    fn the_pointer_is_packed_above_the_length() {
        let packed = 0xffff_fff0_8000_0001;
        let buffer = Buffer::unpack(packed);
        assert_eq!(buffer.pointer(), 0xffff_fff0);
        assert_eq!(buffer.length, 0x8000_0001);
        assert_eq!(buffer.pack(), packed);
    }

    #[test]
    fn values_are_bincode() {
        let bytes = encode("the result of function", "f", &(1_u8, "ab", Some(2_u16)));
        assert_eq!(bytes, [1, 2, 0, 0, 0, 0, 0, 0, 0, b'a', b'b', 1, 2, 0]);
        let value = decode(
            "the arguments of function",
            "f",
            bytes,
            <(u8, String, Option<u16>)>::read,
        );
        assert_eq!(value, (1, "ab".to_string(), Some(2)));
    }

    #[test]
    fn bytes_after_the_value_are_tolerated() {
        assert_eq!(
            decode("the arguments of function", "f", vec![7, 8], <(u8,)>::read),
            (7,)
        );
    }

    #[test]
    #[should_panic(
        expected = "Cannot decode the arguments of function \"f\": io error: unexpected end of file (1 bytes), expected (u32,)"
    )]
    fn missing_bytes_are_named() {
        decode("the arguments of function", "f", vec![7], <(u32,)>::read);
    }

    #[test]
    fn a_function_without_arguments_answers_natively_too() {
        let result = unsafe { answer::<(), ()>("f", 0, |()| ()) };
        assert_eq!(result as u32, 0);
    }
}
