//! Proposes keys that the document has elsewhere, and the words of JSON.

use crate::editor::{Completion, Completions};
use crate::parser::{parse, Node, Span, Value};
use crate::path::place_at;
use plugin::prelude::*;
use std::collections::BTreeMap;

/// Keys that other objects of the document have, or the words that may stand for a value.
#[export]
pub fn complete(text: String, offset: u32) -> Completions {
    let offset = offset as usize;
    let document = parse(&text);
    let place = place_at(&text, &document.root, offset);
    let word = word_around(&text, offset);
    let (span, items) = match (place.key_of, &place.node.value) {
        (Some(members), _) => {
            let taken: Vec<_> = members.iter().map(|member| member.key).filter(|key| *key != place.span).collect();
            let end = if is_closed(&text[place.span.start..place.span.end]) { place.span.end } else { word.end };
            (Span { end, ..place.span }, keys(&text, &document.root, place.span, &taken))
        }
        (None, Value::Object(members)) if is_at_key(&text, offset) => {
            let taken: Vec<_> = members.iter().map(|member| member.key).collect();
            (word, keys(&text, &document.root, word, &taken))
        }
        (None, Value::Word | Value::Missing) => (word, words()),
        _ => (word, Vec::new()),
    };
    Completions { start: span.start as u32, end: span.end as u32, items }
}

/// Whether a key has all of its quotes. One without its last extends to the end of the line.
fn is_closed(key: &str) -> bool {
    !key.starts_with('"') || (key.len() > 1 && key.ends_with('"'))
}

/// Whether an offset between members is where a key may start: behind a brace or a comma.
fn is_at_key(text: &str, offset: usize) -> bool {
    let before = text[..offset].trim_end_matches(|character: char| character.is_alphanumeric() || character == '_');
    matches!(before.trim_end().bytes().last(), Some(b'{' | b','))
}

fn word_around(text: &str, offset: usize) -> Span {
    let is_part = |character: &char| character.is_alphanumeric() || *character == '_';
    let length = |characters: &mut dyn Iterator<Item = char>| -> usize {
        characters.take_while(is_part).map(char::len_utf8).sum()
    };
    Span {
        start: offset - length(&mut text[..offset].chars().rev()),
        end: offset + length(&mut text[offset..].chars()),
    }
}

/// The keys of the document that are not taken, the most frequent first.
fn keys(text: &str, root: &Node, except: Span, taken: &[Span]) -> Vec<Completion> {
    let mut counts = BTreeMap::new();
    count_keys(text, root, except, &mut counts);
    for key in taken {
        counts.remove(&text[key.start..key.end]);
    }
    let mut sorted: Vec<_> = counts.into_iter().collect();
    sorted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let completions = sorted.into_iter().map(|(key, count)| Completion {
        label: key.to_string(),
        kind: "property".to_string(),
        detail: if count == 1 { String::new() } else { format!("{} times", count) },
        insert: String::new(),
    });
    completions.collect()
}

fn count_keys<'a>(text: &'a str, node: &Node, except: Span, counts: &mut BTreeMap<&'a str, usize>) {
    match &node.value {
        Value::Object(members) => {
            for member in members {
                let key = &text[member.key.start..member.key.end];
                if member.key != except && key.len() > 2 && key.ends_with('"') {
                    *counts.entry(key).or_insert(0) += 1;
                }
                count_keys(text, &member.value, except, counts);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| count_keys(text, item, except, counts)),
        _ => {}
    }
}

fn words() -> Vec<Completion> {
    let words = ["true", "false", "null"].iter().map(|word| Completion {
        label: word.to_string(),
        kind: "constant".to_string(),
        detail: String::new(),
        insert: String::new(),
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Labels at the mark `|` of a text, and the text that they replace.
    fn at_mark(marked: &str) -> (Vec<String>, String) {
        let offset = marked.find('|').unwrap();
        let text = marked.replacen('|', "", 1);
        let Completions { start, end, items } = complete(text.clone(), offset as u32);
        let labels = items.into_iter().map(|item| item.label).collect();
        (labels, text[start as usize..end as usize].to_string())
    }

    #[test]
    fn keys_of_other_objects_are_proposed_in_place_of_the_whole_key() {
        let (labels, replaced) = at_mark(r#"[{"id": 1, "näme": ""}, {"id": 2, "n|": 1}]"#);
        assert_eq!(labels, ["\"näme\""]);
        assert_eq!(replaced, "\"n\"");
        let (labels, replaced) = at_mark(r#"[{"id": 1, "x": 2}, {"id": 3}, {|}]"#);
        assert_eq!((labels, replaced.as_str()), (vec!["\"id\"".to_string(), "\"x\"".to_string()], ""));
    }

    #[test]
    fn what_is_behind_a_key_without_its_last_quote_stays() {
        let (labels, replaced) = at_mark(r#"[{"id": 1, "x": 2}, {"x": 3, "|}]"#);
        assert_eq!((labels, replaced.as_str()), (vec!["\"id\"".to_string()], "\""));
        assert_eq!(at_mark("{\"x\": 1, \"ä|b }\n}").1, "\"äb");
    }

    #[test]
    fn words_are_proposed_for_values() {
        assert_eq!(at_mark("{\"a\": t|}"), (vec!["true".into(), "false".into(), "null".into()], "t".into()));
        assert_eq!(at_mark("{\"a\": 1|}").0.len(), 0);
        assert_eq!(at_mark("|").0.len(), 3);
    }
}
