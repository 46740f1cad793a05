//! Functions of the host, and guest functions that call them.

use crate::echo::Point;
use plugin::prelude::*;

#[import]
fn run(command: String) -> Vec<u8>;

#[import]
fn scale(point: Point, factor: f64) -> Point;

/// What the host function `run` answers.
#[export]
pub fn ask(command: String) -> Vec<u8> {
    run(command)
}

/// What the host function `scale` answers.
#[export]
pub fn scaled(point: Point, factor: f64) -> Point {
    scale(point, factor)
}
