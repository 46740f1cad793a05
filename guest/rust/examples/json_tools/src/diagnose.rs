//! Lists mistakes, and keys that stand twice.

use crate::editor::Diagnostic;
use crate::parser::{parse, Node, Value};
use plugin::prelude::*;
use std::collections::HashMap;

/// What is wrong with the text.
#[export]
pub fn diagnose(text: String) -> Vec<Diagnostic> {
    let document = parse(&text);
    let mut diagnostics: Vec<_> = document
        .problems
        .into_iter()
        .map(|problem| Diagnostic {
            start: problem.span.start as u32,
            end: problem.span.end as u32,
            severity: if problem.is_fatal { "error" } else { "warning" }.to_string(),
            message: problem.message,
            code: problem.code.to_string(),
        })
        .collect();
    find_duplicates(&text, &document.root, &mut diagnostics);
    diagnostics.sort_by_key(|diagnostic| diagnostic.start);
    diagnostics
}

fn find_duplicates(text: &str, node: &Node, found: &mut Vec<Diagnostic>) {
    match &node.value {
        Value::Object(members) => {
            let mut lines = HashMap::new();
            for member in members {
                let key = &text[member.key.start..member.key.end];
                let first = lines.entry(key).or_insert(member.key.start);
                if *first != member.key.start {
                    let line = text[..*first].matches('\n').count() + 1;
                    found.push(Diagnostic {
                        start: member.key.start as u32,
                        end: member.key.end as u32,
                        severity: "warning".to_string(),
                        message: format!("The key {} stands on line {} already", key, line),
                        code: "duplicate-key".to_string(),
                    });
                }
                find_duplicates(text, &member.value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| find_duplicates(text, item, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_stands_twice_in_one_object_is_told() {
        let text = "{\"a\": 1,\n \"b\": {\"a\": 2},\n \"a\": 3}";
        let diagnostics = diagnose(text.to_string());
        assert_eq!(diagnostics.len(), 1);
        assert_eq!(diagnostics[0].start as usize, text.rfind("\"a\"").unwrap());
        assert_eq!(diagnostics[0].message, "The key \"a\" stands on line 1 already");
    }
}
