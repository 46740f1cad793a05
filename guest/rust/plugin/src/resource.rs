//! Objects that stay on the host, and the handles that stand for them.
//!
//! [`resource`](crate::prelude::resource) makes the type of an owned handle, [`Borrow`] is a lent one.

use crate::schema::{Schema, Text};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cell::Cell;
use std::fmt::{self, Debug, Formatter};
use std::marker::PhantomData;

/// A type made by [`resource`](crate::prelude::resource).
pub trait Resource: Schema {
    #[doc(hidden)]
    fn from_handle(handle: Handle) -> Self;
    #[doc(hidden)]
    fn handle(&self) -> &Handle;
}

/// The number that the host knows an object by, owned. Dropping it drops the object.
///
/// Once it is written for the host, it is given away, and dropping it does nothing.
#[derive(Debug)]
pub struct Handle {
    number: u64,
    is_given: Cell<bool>,
}

impl Handle {
    /// Writes the handle, and gives it away.
    #[doc(hidden)]
    pub fn give<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // More than once: bincode measures a value before it writes it.
        self.is_given.set(true);
        serializer.serialize_u64(self.number)
    }

    #[doc(hidden)]
    pub fn receive<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Handle, D::Error> {
        u64::deserialize(deserializer).map(|number| Handle {
            number,
            is_given: Cell::new(false),
        })
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if !self.is_given.get() {
            drop_on_host(self.number);
        }
    }
}

#[cfg(target_arch = "wasm32")]
fn drop_on_host(handle: u64) {
    #[link(wasm_import_module = "env")]
    extern "C" {
        #[link_name = "__drop_resource"]
        fn host(arguments: u64) -> u64;
    }
    // Safety: the host keeps the rules of buffers.
    unsafe { crate::abi::ask("drop_resource", handle, |arguments| host(arguments)) }
}

/// Natively there is no host, and nothing to drop.
#[cfg(not(target_arch = "wasm32"))]
fn drop_on_host(_handle: u64) {}

/// A resource that is only lent: to a guest function by the host, or to a host function by the plugin.
///
/// As a parameter it is written without its lifetime, `text: Borrow<Rope>`. It can be copied, but not
/// kept: it is gone when the call is over.
pub struct Borrow<'a, T> {
    handle: u64,
    owner: PhantomData<(&'a (), fn() -> T)>,
}

impl<'a, T: Resource> Borrow<'a, T> {
    /// Lends what the plugin owns.
    pub fn of(owned: &'a T) -> Borrow<'a, T> {
        Borrow {
            handle: owned.handle().number,
            owner: PhantomData,
        }
    }
}

impl<T> Clone for Borrow<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Borrow<'_, T> {}

impl<T> Debug for Borrow<'_, T> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Borrow").field(&self.handle).finish()
    }
}

impl<T> Serialize for Borrow<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.handle)
    }
}

impl<'de, T> Deserialize<'de> for Borrow<'_, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u64::deserialize(deserializer).map(|handle| Borrow {
            handle,
            owner: PhantomData,
        })
    }
}

impl<T: Schema> Schema for Borrow<'_, T> {
    const TYPE: Text = Text::Parts(&[Text::Word("borrow<"), T::TYPE, Text::Word(">")]);
}
