//! The arguments of a function, as the tuple that they travel as.

use crate::numbers;
use bincode::Result;
use serde::de::DeserializeOwned;

/// What a function of a plugin takes.
pub trait Arguments: Sized {
    /// Reads all of them. What comes after is ignored.
    ///
    /// # Errors
    /// bincode's, if the bytes are something else.
    fn read(bytes: &[u8]) -> Result<Self>;
}

/// Reads the next argument.
#[inline(always)]
fn next<T: DeserializeOwned + 'static>(bytes: &mut &[u8]) -> Result<T> {
    numbers::take(bytes).map_or_else(|| bincode::deserialize_from(bytes), Ok)
}

macro_rules! implement {
    ($($argument:ident)*) => {
        impl<$($argument: DeserializeOwned + 'static),*> Arguments for ($($argument,)*) {
            fn read(bytes: &[u8]) -> Result<Self> {
                // bincode is faster with a slice than with what is left of one, and smaller.
                if !(false $(|| numbers::are::<$argument>())*) {
                    return bincode::deserialize(bytes);
                }
                let mut rest = bytes;
                Ok(($(next::<$argument>(&mut rest)?,)*))
            }
        }
    };
}

impl Arguments for () {
    fn read(_: &[u8]) -> Result<()> {
        Ok(())
    }
}

// As many as serde has tuples of; the macros nest what is more.
implement!(A);
implement!(A B);
implement!(A B C);
implement!(A B C D);
implement!(A B C D E);
implement!(A B C D E F);
implement!(A B C D E F G);
implement!(A B C D E F G H);
implement!(A B C D E F G H I);
implement!(A B C D E F G H I J);
implement!(A B C D E F G H I J K);
implement!(A B C D E F G H I J K L);
implement!(A B C D E F G H I J K L M);
implement!(A B C D E F G H I J K L M N);
implement!(A B C D E F G H I J K L M N O);
implement!(A B C D E F G H I J K L M N O P);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read_one_after_the_other() {
        type Values = (String, Vec<u8>, Option<u16>, Vec<f64>, Vec<String>);
        let text = "a".to_string();
        let values: Values = (text.clone(), vec![1, 2], Some(3), vec![-0.5], vec![text]);
        let mut bytes = bincode::serialize(&values).unwrap();
        assert_eq!(Values::read(&bytes).unwrap(), values);
        bytes.push(9);
        assert_eq!(Values::read(&bytes).unwrap(), values);
    }

    #[test]
    fn missing_bytes_are_an_error_of_bincode() {
        let bytes = bincode::serialize(&(vec![1_u8, 2], 3_u32)).unwrap();
        for length in 0..bytes.len() {
            assert!(
                <(Vec<u8>, u32)>::read(&bytes[..length]).is_err(),
                "{}",
                length
            );
        }
    }
}
