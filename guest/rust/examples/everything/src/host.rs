//! Functions of the host, and guest functions that call them.

use plugin::prelude::*;

/// Runs a command and returns what it printed.
#[import]
fn run(command: String) -> Vec<u8>;

/// Adds two numbers.
#[import]
fn add(a: i32, b: i32) -> i32;

/// Takes note that it was called.
#[import]
fn note();

#[export]
pub fn call_run(command: String) -> Vec<u8> {
    run(command)
}

/// Asks the host once for every number.
#[export]
pub fn sum_through_host(numbers: Vec<i32>) -> i32 {
    numbers.into_iter().fold(0, add)
}

#[export]
pub fn call_note() {
    note();
}
