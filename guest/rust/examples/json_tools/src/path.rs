//! The way from the root to a place in a document.

use crate::parser::{Member, Node, Span, Value};

/// The innermost value or key at an offset.
pub struct Place<'a> {
    /// As in JavaScript, from `$`.
    pub path: String,
    pub span: Span,
    /// Of the key's member where the offset is at a key.
    pub node: &'a Node,
    /// The object around it, where it is a key.
    pub key_of: Option<&'a [Member]>,
}

/// Finds what stands at an offset, or is next to it.
pub fn place_at<'a>(text: &str, root: &'a Node, offset: usize) -> Place<'a> {
    let mut place = Place { path: "$".to_string(), span: root.span, node: root, key_of: None };
    loop {
        let node = place.node;
        match &node.value {
            Value::Object(members) => {
                let key = members.iter().find(|member| member.key.touches(offset));
                let value = members.iter().find(|member| member.value.span.touches(offset));
                let member = match key.or(value) {
                    Some(member) => member,
                    None => return place,
                };
                place.path.push_str(&step(&text[member.key.start..member.key.end]));
                place.node = &member.value;
                if key.is_some() {
                    place.span = member.key;
                    place.key_of = Some(members);
                    return place;
                }
            }
            Value::Array(items) => {
                let found = items.iter().enumerate().find(|(_, item)| item.span.touches(offset));
                let (index, item) = match found {
                    Some(found) => found,
                    None => return place,
                };
                place.path.push_str(&format!("[{}]", index));
                place.node = item;
            }
            _ => return place,
        }
        place.span = place.node.span;
    }
}

/// A key as a step of a path: `.name`, or `["a name"]`.
fn step(quoted: &str) -> String {
    let name = quoted.trim_matches('"');
    let mut bytes = name.bytes();
    let is_name = bytes.next().map_or(false, |byte| byte.is_ascii_alphabetic() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_name { format!(".{}", name) } else { format!("[{}]", quoted) }
}
