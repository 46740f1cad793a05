//! Vectors of numbers among a call's arguments, or as its result.
//!
//! bincode goes through a vector number by number, which takes most of the time of a call on megabytes.
//! Where memory is little-endian, as in Wasm, it holds numbers as bincode does: such a vector is copied whole.
//!
//! All is inlined that asks for a type, so that a function of other types has none of this code.

use std::any::{Any, TypeId};
use std::convert::TryInto;
use std::mem::{size_of, size_of_val};
use std::ptr::copy_nonoverlapping;
use std::slice;

/// The size of a length in bincode.
const LENGTH_BYTES: usize = size_of::<u64>();

/// A type whose values are any bytes of its size.
///
/// # Safety
/// It has neither invalid values nor padding.
unsafe trait Number: Copy + 'static {}

macro_rules! for_each_number {
    ($do:ident) => {
        $do! { u8, i8, u16, i16, u32, i32, u64, i64, f32, f64 }
    };
}

macro_rules! implement {
    ($($number:ty),*) => { $(unsafe impl Number for $number {})* };
}
for_each_number!(implement);

/// Whether a type is a vector of numbers.
#[inline(always)]
pub(crate) fn are<T: 'static>() -> bool {
    macro_rules! any {
        ($($number:ty),*) => { false $(|| TypeId::of::<T>() == TypeId::of::<Vec<$number>>())* };
    }
    for_each_number!(any)
}

/// Takes a value off the start of some bytes, if its type is a vector of numbers.
///
/// `None` also if bytes are missing, and nothing is taken then: bincode tells what is.
#[inline(always)]
pub(crate) fn take<T: 'static>(bytes: &mut &[u8]) -> Option<T> {
    macro_rules! try_each {
        ($($number:ty),*) => {
            $(if let Some(value) = take_as::<$number, T>(bytes) { return Some(value); })*
        };
    }
    for_each_number!(try_each);
    None
}

/// The bytes of a value, if its type is a vector of numbers.
#[inline(always)]
pub(crate) fn write<T: 'static>(value: &T) -> Option<Vec<u8>> {
    macro_rules! try_each {
        ($($number:ty),*) => {
            $(if let Some(bytes) = write_as::<$number, T>(value) { return Some(bytes); })*
        };
    }
    for_each_number!(try_each);
    None
}

#[inline(always)]
fn take_as<N: Number, T: 'static>(bytes: &mut &[u8]) -> Option<T> {
    if TypeId::of::<T>() != TypeId::of::<Vec<N>>() {
        return None;
    }
    let mut numbers = Some(take_vector::<N>(bytes)?);
    let numbers: &mut dyn Any = &mut numbers;
    numbers.downcast_mut::<Option<T>>()?.take()
}

fn take_vector<N: Number>(bytes: &mut &[u8]) -> Option<Vec<N>> {
    if cfg!(target_endian = "big") || bytes.len() < LENGTH_BYTES {
        return None;
    }
    let (length, rest) = bytes.split_at(LENGTH_BYTES);
    let length: usize = u64::from_le_bytes(length.try_into().ok()?)
        .try_into()
        .ok()?;
    if length > rest.len() / size_of::<N>() {
        return None;
    }
    let (content, rest) = rest.split_at(length * size_of::<N>());
    let mut numbers = Vec::<N>::with_capacity(length);
    // Safety: the vector has room for the bytes, and any bytes are numbers.
    unsafe {
        copy_nonoverlapping(content.as_ptr(), numbers.as_mut_ptr().cast(), content.len());
        numbers.set_len(length);
    }
    *bytes = rest;
    Some(numbers)
}

#[inline(always)]
fn write_as<N: Number, T: 'static>(value: &T) -> Option<Vec<u8>> {
    let numbers = (value as &dyn Any).downcast_ref::<Vec<N>>()?;
    write_vector(numbers)
}

fn write_vector<N: Number>(numbers: &[N]) -> Option<Vec<u8>> {
    if cfg!(target_endian = "big") {
        return None;
    }
    // Safety: they are so many bytes, all of them written.
    let content = unsafe { slice::from_raw_parts(numbers.as_ptr().cast(), size_of_val(numbers)) };
    let mut bytes = Vec::with_capacity(LENGTH_BYTES + content.len());
    bytes.extend_from_slice(&(numbers.len() as u64).to_le_bytes());
    bytes.extend_from_slice(content);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::{de::DeserializeOwned, Serialize};
    use std::fmt::Debug;

    fn is_as_bincode<N>(numbers: Vec<N>)
    where
        N: Number + Serialize + DeserializeOwned + PartialEq + Debug,
        Vec<N>: Serialize + DeserializeOwned,
    {
        let bytes = bincode::serialize(&numbers).unwrap();
        assert_eq!(write(&numbers), Some(bytes.clone()));
        let mut rest = &bytes[..];
        assert_eq!(take::<Vec<N>>(&mut rest), Some(numbers));
        assert!(rest.is_empty() && are::<Vec<N>>());
    }

    #[test]
    fn numbers_of_every_type_are_what_bincode_makes_of_them() {
        is_as_bincode::<u8>(vec![]);
        is_as_bincode(vec![0_u8, 1, 255]);
        is_as_bincode(vec![i8::MIN, -1, i8::MAX]);
        is_as_bincode(vec![1_u16, 0x1234]);
        is_as_bincode(vec![i16::MIN, 0x1234]);
        is_as_bincode(vec![1_u32, 0x1234_5678]);
        is_as_bincode(vec![i32::MIN, 0x1234_5678]);
        is_as_bincode(vec![1_u64, 0x1234_5678_9abc_def0]);
        is_as_bincode(vec![i64::MIN, 0x1234_5678_9abc_def0]);
        is_as_bincode(vec![1.5_f32, f32::MIN_POSITIVE, f32::INFINITY]);
        is_as_bincode(vec![1.5_f64, -0.0, f64::MAX]);
    }

    #[test]
    fn bytes_after_the_last_number_are_left() {
        let mut rest: &[u8] = &[1, 0, 0, 0, 0, 0, 0, 0, 7, 8];
        assert_eq!(take::<Vec<u8>>(&mut rest), Some(vec![7]));
        assert_eq!(rest, [8]);
    }

    #[test]
    fn too_few_bytes_are_left_to_bincode() {
        fn is_left<T: PartialEq + Debug + 'static>(bytes: &[u8]) {
            let mut rest = bytes;
            assert_eq!(take::<T>(&mut rest), None);
            assert_eq!(rest, bytes);
        }
        is_left::<Vec<u8>>(&[]);
        is_left::<Vec<u8>>(&[1, 0, 0, 0, 0, 0, 0]);
        is_left::<Vec<u16>>(&[1, 0, 0, 0, 0, 0, 0, 0, 7]);
        is_left::<Vec<f64>>(&[0xff; 8]);
        is_left::<Vec<f64>>(&[0xff; 24]);
    }

    #[test]
    fn other_types_are_left_to_bincode() {
        assert_eq!(take::<Vec<bool>>(&mut &[0; 8][..]), None);
        assert_eq!(take::<(Vec<u8>,)>(&mut &[0; 8][..]), None);
        assert_eq!(take::<u64>(&mut &[0; 8][..]), None);
        assert!(!are::<Vec<bool>>() && !are::<Vec<Vec<u8>>>() && !are::<u8>());
        assert_eq!(write(&"text".to_string()), None);
        assert_eq!(write(&vec![true]), None);
    }
}
