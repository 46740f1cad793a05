//! Says what a value is, and where.

use crate::editor::Hover;
use crate::parser::{parse, Node, Value};
use crate::path::place_at;
use plugin::prelude::*;

/// The path of the value at an offset, and its type.
#[export]
pub fn hover(text: String, offset: u32) -> Option<Hover> {
    let document = parse(&text);
    let place = place_at(&text, &document.root, offset as usize);
    if !place.span.touches(offset as usize) {
        return None;
    }
    let kind = describe(&text, place.node)?;
    // The value of an object or an array is all of it: marking its first character is enough.
    let is_large = place.key_of.is_none() && matches!(place.node.value, Value::Object(_) | Value::Array(_));
    let end = if is_large { place.span.start + 1 } else { place.span.end };
    Some(Hover {
        start: place.span.start as u32,
        end: end as u32,
        text: format!("{}\n{}", place.path, kind),
    })
}

fn describe(text: &str, node: &Node) -> Option<String> {
    Some(match &node.value {
        Value::Object(members) => format!("object with {}", count(members.len(), "member")),
        Value::Array(items) => format!("array with {}", count(items.len(), "item")),
        Value::String => {
            let characters = text[node.span.start..node.span.end].trim_matches('"').chars().count();
            format!("string of {}", count(characters, "character"))
        }
        Value::Number => "number".to_string(),
        Value::Word if &text[node.span.start..node.span.end] == "null" => "null".to_string(),
        Value::Word => "boolean".to_string(),
        Value::Missing => return None,
    })
}

fn count(number: usize, name: &str) -> String {
    format!("{} {}{}", number, name, if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_told_by_its_path_and_type() {
        let text = r#"{"name": "é", "a list": [1, {"x": null}]}"#;
        let at = |part: &str| hover(text.to_string(), text.find(part).unwrap() as u32).unwrap().text;
        assert_eq!(at("\"é\""), "$.name\nstring of 1 character");
        assert_eq!(at("name"), "$.name\nstring of 1 character");
        assert_eq!(at("1, "), "$[\"a list\"][0]\nnumber");
        assert_eq!(at("null"), "$[\"a list\"][1].x\nnull");
        assert_eq!(at("[1"), "$[\"a list\"]\narray with 2 items");
        assert!(hover(" ".to_string(), 0).is_none());
    }
}
