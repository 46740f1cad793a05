//! Lays JSON out anew. Numbers, strings and the order of keys stay as they are.

use crate::editor::{Edit, FormatOptions};
use crate::parser::{parse, Document, Node, Span, Value};
use plugin::prelude::*;

/// Edits that indent the text, without commas before an end; comments stay.
#[export]
pub fn format(text: String, options: FormatOptions) -> Result<Vec<Edit>, String> {
    let document = parse(&text);
    if let Some(problem) = document.problems.iter().find(|problem| problem.is_fatal) {
        let line = text[..problem.span.start].matches('\n').count() + 1;
        return Err(format!("Line {}: {}", line, problem.message));
    }
    let formatted = Printer::new(&text, &document, &options).print(&document.root);
    if formatted == text {
        return Ok(Vec::new());
    }
    Ok(vec![Edit { start: 0, end: text.len() as u32, text: formatted }])
}

struct Printer<'a> {
    text: &'a str,
    comments: &'a [Span],
    /// The first comment that is not printed yet.
    next: usize,
    options: &'a FormatOptions,
    output: String,
    depth: usize,
}

impl<'a> Printer<'a> {
    fn new(text: &'a str, document: &'a Document, options: &'a FormatOptions) -> Self {
        Printer { text, comments: &document.comments, next: 0, options, output: String::new(), depth: 0 }
    }

    fn print(mut self, root: &Node) -> String {
        self.comments_before(root.span.start);
        self.node(root);
        self.comments_before(self.text.len());
        self.trim();
        self.output.push('\n');
        self.output
    }

    fn line(&mut self) {
        self.output.push('\n');
        self.output.push_str(&self.options.indent.repeat(self.depth));
    }

    /// Takes white space from the end of the output.
    fn trim(&mut self) {
        self.output.truncate(self.output.trim_end().len());
    }

    /// Prints the comments up to an offset: behind what stands on their line, else on lines of their own.
    fn comments_before(&mut self, offset: usize) {
        while let Some(&comment) = self.comments.get(self.next).filter(|comment| comment.start < offset) {
            self.next += 1;
            let before = self.text[..comment.start].trim_end_matches(|character| matches!(character, ' ' | '\t'));
            let is_behind = !before.is_empty() && !before.ends_with(|character| matches!(character, '\n' | '\r'));
            if is_behind && !self.output.is_empty() {
                self.trim();
                self.output.push(' ');
            } else if !is_behind && !self.output.is_empty() {
                self.trim();
                self.line();
            }
            self.output.push_str(&self.text[comment.start..comment.end]);
            self.line();
        }
    }

    fn node(&mut self, node: &Node) {
        match &node.value {
            Value::Object(members) => {
                let items = members.iter().map(|member| (Some(member.key), &member.value)).collect();
                self.items(node.span, "{}", items);
            }
            Value::Array(items) => {
                let items = items.iter().map(|item| (None, item)).collect();
                self.items(node.span, "[]", items);
            }
            _ => self.output.push_str(&self.text[node.span.start..node.span.end]),
        }
    }

    fn items(&mut self, span: Span, brackets: &str, items: Vec<(Option<Span>, &Node)>) {
        let has_comments = self.comments.get(self.next).map_or(false, |comment| comment.start < span.end);
        if items.is_empty() && !has_comments {
            return self.output.push_str(brackets);
        }
        if !has_comments {
            if let Some(short) = self.on_one_line(&items) {
                return self.output.push_str(&short);
            }
        }
        self.output.push_str(&brackets[..1]);
        self.depth += 1;
        self.line();
        let count = items.len();
        for (index, (key, value)) in items.into_iter().enumerate() {
            self.comments_before(key.unwrap_or(value.span).start);
            if let Some(key) = key {
                self.output.push_str(&self.text[key.start..key.end]);
                self.output.push_str(": ");
                self.comments_before(value.span.start);
            }
            self.node(value);
            if index + 1 < count {
                self.output.push(',');
                self.line();
            }
        }
        if self.comments.get(self.next).map_or(false, |comment| comment.start < span.end) {
            self.line();
            self.comments_before(span.end);
        }
        self.depth -= 1;
        self.trim();
        self.line();
        self.output.push_str(&brackets[1..]);
    }

    /// An array of numbers and words that fits into the rest of the line.
    fn on_one_line(&self, items: &[(Option<Span>, &Node)]) -> Option<String> {
        let is_short = |(key, node): &(Option<Span>, &Node)| {
            key.is_none() && matches!(node.value, Value::Number | Value::Word)
        };
        if !items.iter().all(is_short) {
            return None;
        }
        let texts: Vec<_> = items.iter().map(|(_, node)| &self.text[node.span.start..node.span.end]).collect();
        let line = format!("[{}]", texts.join(", "));
        let used = self.output.rsplit('\n').next().map_or(0, |last| last.chars().count());
        // A comma may follow.
        let fits = used + line.chars().count() < self.options.line_width as usize;
        if fits { Some(line) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formatted(text: &str) -> Result<String, String> {
        let options = FormatOptions { indent: "  ".to_string(), line_width: 20 };
        let edits = format(text.to_string(), options)?;
        Ok(edits.into_iter().next().map_or(text.to_string(), |edit| edit.text))
    }

    #[test]
    fn numbers_strings_and_the_order_of_keys_stay() {
        let text = "{\"z\":1e400,\"a\":-0.10,\r\n\"s\":\"\\u00e9\\/é\",\"n\":[ 1,2.0 ],\"o\":{},\"l\":[{}]}";
        let expected = "{\n  \"z\": 1e400,\n  \"a\": -0.10,\n  \"s\": \"\\u00e9\\/é\",\n  \"n\": [1, 2.0],\n  \
                        \"o\": {},\n  \"l\": [\n    {}\n  ]\n}\n";
        assert_eq!(formatted(text).unwrap(), expected);
    }

    #[test]
    fn numbers_beyond_the_width_stand_on_lines_of_their_own() {
        assert_eq!(formatted("[100000,200000,30]").unwrap(), "[\n  100000,\n  200000,\n  30\n]\n");
        assert_eq!(formatted("[100000,20000,30]").unwrap(), "[100000, 20000, 30]\n");
    }

    #[test]
    fn comments_stay_and_commas_before_an_end_go() {
        let text = "// top\n{\"a\": 1, // one\n/* two */ \"b\": 2, // last\n}\n// end";
        let expected = "// top\n{\n  \"a\": 1, // one\n  /* two */\n  \"b\": 2 // last\n}\n// end\n";
        assert_eq!(formatted(text).unwrap(), expected);
    }

    #[test]
    fn what_is_formatted_stays_as_it_is() {
        let texts = ["// a\n{ \"a\" : [ /* b */ 1, // c\n {} , ], // d\n \"e\": // f\n 1 }// g", "[]", "{ // x\n}", "1"];
        for text in texts {
            let once = formatted(text).unwrap();
            assert_eq!(formatted(&once).unwrap(), once, "{}", text);
            assert_eq!(once.matches("//").count(), text.matches("//").count(), "{}", once);
        }
    }

    #[test]
    fn a_text_with_mistakes_is_refused_with_its_line() {
        assert_eq!(formatted("{\n\"a\" 1}"), Err("Line 2: Expected a colon and a value after this key".to_string()));
    }
}
