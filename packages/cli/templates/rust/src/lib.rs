use plugin::prelude::*;

/// Doubles each number.
#[export]
pub fn double(x: Vec<f64>) -> Vec<f64> {
    x.into_iter().map(|x| x * 2.0).collect()
}

/// Greets somebody by name.
#[export]
pub fn greet(name: String) -> String {
    format!("Hello, {}!", name)
}
