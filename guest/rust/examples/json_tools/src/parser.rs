//! Reads JSON with comments and mistakes into a tree that covers all of the text, and lists the mistakes.

/// Where something stands in the text, in bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    /// Whether an offset is in it, or at one of its ends.
    pub fn touches(self, offset: usize) -> bool {
        self.start <= offset && offset <= self.end
    }
}

/// A value, as the text has it.
#[derive(Debug)]
pub struct Node {
    pub span: Span,
    pub value: Value,
}

#[derive(Debug)]
pub enum Value {
    Object(Vec<Member>),
    Array(Vec<Node>),
    String,
    Number,
    Word,
    /// Nothing stands where a value should.
    Missing,
}

#[derive(Debug)]
pub struct Member {
    /// With its quotes.
    pub key: Span,
    pub value: Node,
}

/// What keeps a text from being JSON.
#[derive(Debug)]
pub struct Problem {
    pub span: Span,
    pub message: String,
    pub code: &'static str,
    /// Whether a format would have to guess what is meant.
    pub is_fatal: bool,
}

pub struct Document {
    pub root: Node,
    pub problems: Vec<Problem>,
    pub comments: Vec<Span>,
}

/// Nesting beyond this is not read: the stack of a plugin is small.
const MAX_DEPTH: usize = 200;

/// Mistakes beyond these tell nobody anything.
const MAX_PROBLEMS: usize = 200;

pub fn parse(text: &str) -> Document {
    let mut parser = Parser {
        text: text.as_bytes(),
        at: 0,
        depth: 0,
        problems: Vec::new(),
        comments: Vec::new(),
    };
    let root = parser.value();
    parser.space();
    if parser.at < parser.text.len() {
        let span = parser.span_from(parser.at, parser.text.len());
        parser.fatal(span, "Unexpected text after the end of the value", "syntax");
    }
    Document { root, problems: parser.problems, comments: parser.comments }
}

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
    depth: usize,
    problems: Vec<Problem>,
    comments: Vec<Span>,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn span_from(&self, start: usize, end: usize) -> Span {
        Span { start, end }
    }

    fn report(&mut self, span: Span, message: &str, code: &'static str, is_fatal: bool) {
        let is_same_place = self.problems.last().map_or(false, |last| last.span == span);
        if self.problems.len() < MAX_PROBLEMS && !is_same_place {
            self.problems.push(Problem { span, message: message.to_string(), code, is_fatal });
        }
    }

    fn fatal(&mut self, span: Span, message: &str, code: &'static str) {
        self.report(span, message, code, true);
    }

    /// Skips white space and comments.
    fn space(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                Some(b'/') if matches!(self.text.get(self.at + 1), Some(b'/' | b'*')) => self.comment(),
                _ => return,
            }
        }
    }

    fn comment(&mut self) {
        let start = self.at;
        let rest = &self.text[start + 2..];
        let is_line = self.text[start + 1] == b'/';
        let end = if is_line {
            rest.iter().position(|&byte| byte == b'\n' || byte == b'\r')
        } else {
            rest.windows(2).position(|pair| pair == b"*/").map(|length| length + 2)
        };
        self.at = end.map_or(self.text.len(), |length| start + 2 + length);
        let span = self.span_from(start, self.at);
        if end.is_none() && !is_line {
            self.fatal(span, "This comment has no end", "syntax");
        }
        self.comments.push(span);
        self.report(span, "JSON has no comments", "comment", false);
    }

    fn value(&mut self) -> Node {
        self.space();
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => self.string(),
            Some(byte) if byte == b'-' || byte == b'+' || byte == b'.' || byte.is_ascii_digit() => self.number(),
            Some(byte) if is_word(byte) => self.word(),
            _ => self.missing("Expected a value"),
        };
        Node { span: self.span_from(start, self.at), value }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Value) -> Value {
        if self.depth == MAX_DEPTH {
            let span = self.span_from(self.at, self.text.len());
            self.fatal(span, "Values are nested too deeply to be read", "depth");
            self.at = self.text.len();
            return Value::Missing;
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    /// Reports the next character, or the end of the text. Does not read it.
    fn missing(&mut self, message: &str) -> Value {
        let span = self.span_from(self.at, (self.at + 1).min(self.text.len()));
        let span = self.whole_characters(span);
        self.fatal(span, message, "syntax");
        Value::Missing
    }

    fn whole_characters(&self, span: Span) -> Span {
        let mut end = span.end;
        while end < self.text.len() && self.text[end] & 0xc0 == 0x80 {
            end += 1;
        }
        Span { start: span.start, end }
    }

    /// Reads items up to the closing character, each with what is between it and the next.
    fn items(&mut self, close: u8, mut item: impl FnMut(&mut Self)) {
        let open = self.at - 1;
        let mut comma: Option<usize> = None;
        loop {
            self.space();
            match self.peek() {
                None => {
                    let span = self.span_from(open, open + 1);
                    let name = if close == b'}' { "object" } else { "array" };
                    return self.fatal(span, &format!("This {} is not closed", name), "syntax");
                }
                Some(byte) if byte == close => {
                    if let Some(comma) = comma {
                        let span = self.span_from(comma, comma + 1);
                        self.report(span, "JSON has no comma before the end", "trailing-comma", false);
                    }
                    self.at += 1;
                    return;
                }
                Some(b',') => {
                    self.missing("Expected a value before the comma");
                    self.at += 1;
                    continue;
                }
                // What closes something around this one: it is not read as an item.
                Some(b'}' | b']') => {
                    self.missing(if close == b'}' { "Expected }" } else { "Expected ]" });
                    return;
                }
                _ => {}
            }
            let before = self.at;
            item(self);
            let end = self.at;
            self.space();
            comma = None;
            if self.peek() == Some(b',') {
                comma = Some(self.at);
                self.at += 1;
            } else if self.at < self.text.len() && !matches!(self.peek(), Some(b'}' | b']')) {
                if self.at == before {
                    // Nothing was read: go on behind the character.
                    self.missing("Expected a value");
                    let span = self.whole_characters(self.span_from(self.at, self.at + 1));
                    self.at = span.end;
                } else {
                    let span = self.span_from(end, (end + 1).min(self.text.len()));
                    let span = self.whole_characters(span);
                    self.fatal(span, "Expected a comma", "syntax");
                }
            }
        }
    }

    fn array(&mut self) -> Value {
        let mut nodes = Vec::new();
        self.items(b']', |parser| nodes.push(parser.value()));
        Value::Array(nodes)
    }

    fn object(&mut self) -> Value {
        let mut members = Vec::new();
        self.items(b'}', |parser| {
            if let Some(member) = parser.member() {
                members.push(member);
            }
        });
        Value::Object(members)
    }

    fn member(&mut self) -> Option<Member> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => {
                self.string();
            }
            Some(byte) if is_word(byte) => {
                while self.peek().map_or(false, is_word) {
                    self.at += 1;
                }
                let span = self.span_from(start, self.at);
                self.fatal(span, "A key stands in double quotes", "syntax");
            }
            _ => return None,
        }
        let key = self.span_from(start, self.at);
        self.space();
        let value = if self.peek() == Some(b':') {
            self.at += 1;
            self.value()
        } else {
            let at = self.at;
            self.fatal(key, "Expected a colon and a value after this key", "syntax");
            Node { span: self.span_from(at, at), value: Value::Missing }
        };
        Some(Member { key, value })
    }

    fn string(&mut self) -> Value {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Value::String;
                }
                None | Some(b'\n' | b'\r') => {
                    let span = self.span_from(start, self.at);
                    self.fatal(span, "This string is not closed", "syntax");
                    return Value::String;
                }
                Some(b'\\') => self.escape(),
                Some(byte) if byte < 0x20 => {
                    let span = self.span_from(self.at, self.at + 1);
                    self.fatal(span, "A control character must be written as an escape", "string");
                    self.at += 1;
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn escape(&mut self) {
        let start = self.at;
        self.at += 1;
        let length = match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 1,
            Some(b'u') => {
                let digits = self.text[self.at + 1..].iter().take(4);
                1 + digits.take_while(|byte| byte.is_ascii_hexdigit()).count()
            }
            _ => 0,
        };
        let is_whole = length == 5 || (length == 1 && self.peek() != Some(b'u'));
        self.at += length;
        if !is_whole {
            let span = self.span_from(start, self.at);
            self.fatal(span, "JSON has no such escape", "string");
        }
    }

    fn number(&mut self) -> Value {
        let start = self.at;
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        while self.peek().map_or(false, is_part) {
            self.at += 1;
        }
        if !is_number(&self.text[start..self.at]) {
            let span = self.span_from(start, self.at);
            self.fatal(span, "JSON has no number of this form", "number");
        }
        Value::Number
    }

    fn word(&mut self) -> Value {
        let start = self.at;
        while self.peek().map_or(false, is_word) {
            self.at += 1;
        }
        if !matches!(&self.text[start..self.at], b"true" | b"false" | b"null") {
            let span = self.span_from(start, self.at);
            self.fatal(span, "Expected true, false, null, or a string in double quotes", "syntax");
        }
        Value::Word
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'\'') || byte >= 0x80
}

/// Whether these are a number of JSON's grammar.
fn is_number(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let (whole, rest) = digits(text);
    if whole.is_empty() || (whole.len() > 1 && whole[0] == b'0') {
        return false;
    }
    let rest = match rest.strip_prefix(b".") {
        Some(rest) => match digits(rest) {
            ([], _) => return false,
            (_, rest) => rest,
        },
        None => rest,
    };
    match rest {
        [] => true,
        [b'e' | b'E', b'+' | b'-', exponent @ ..] | [b'e' | b'E', exponent @ ..] => {
            let (digits, rest) = digits(exponent);
            !digits.is_empty() && rest.is_empty()
        }
        _ => false,
    }
}

fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(text.iter().take_while(|byte| byte.is_ascii_digit()).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<(&'static str, &str, usize)> {
        let problems = parse(text).problems;
        problems.iter().map(|each| (each.code, &text[each.span.start..each.span.end], each.span.start)).collect()
    }

    #[test]
    fn correct_json_has_no_problems() {
        for text in ["{}", "[]", "\"\\u00e9\\n\"", "-0.5e+10", " [1, {\"a\": null}]\r\n", "\"é😀\""] {
            assert_eq!(codes(text), [], "{}", text);
        }
    }

    #[test]
    fn each_mistake_is_at_its_place() {
        assert_eq!(codes("[1, 2,]"), [("trailing-comma", ",", 5)]);
        assert_eq!(codes("[1 2]"), [("syntax", " ", 2)]);
        assert_eq!(codes("{\"ä\" 1}")[0], ("syntax", "\"ä\"", 1));
        assert_eq!(codes("// x\n1"), [("comment", "// x", 0)]);
        assert_eq!(codes("[01]"), [("number", "01", 1)]);
        assert_eq!(codes("[yes]"), [("syntax", "yes", 1)]);
        assert_eq!(codes("[\"\\x\"]"), [("string", "\\", 2)]);
        assert_eq!(codes("{\"a\": [1}"), [("syntax", "}", 8)]);
        assert_eq!(codes("{"), [("syntax", "{", 0)]);
        assert_eq!(codes("1 😀"), [("syntax", "😀", 2)]);
        assert_eq!(codes(""), [("syntax", "", 0)]);
        assert_eq!(codes("[😀]"), [("syntax", "😀", 1)]);
        assert_eq!(codes("[;]"), [("syntax", ";", 1)]);
    }

    #[test]
    fn deep_nesting_ends() {
        assert_eq!(codes(&"[".repeat(100_000))[0].0, "depth");
    }

    #[test]
    fn any_part_of_a_text_is_read_to_its_end() {
        let text = "{\"a\": [1, -2.5e3, \"x\\u0041\"], /* c */ \"b\": {\"c\": true,}, 'd': 😀}";
        for (start, _) in text.char_indices() {
            for (end, _) in text.char_indices().filter(|&(end, _)| end >= start) {
                let part = &text[start..end];
                for problem in parse(part).problems {
                    assert!(part.get(problem.span.start..problem.span.end).is_some(), "{:?} in {}", problem, part);
                }
            }
        }
    }
}
