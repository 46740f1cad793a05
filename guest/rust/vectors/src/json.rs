//! Just enough of JSON to write the table.

/// A piece of JSON text.
#[derive(Clone)]
pub struct Json(pub String);

pub fn string(text: &str) -> Json {
    let mut out = String::from("\"");
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(b'"') => out.push_str("\\\""),
            Ok(b'\\') => out.push_str("\\\\"),
            Ok(byte @ 0x20..=0x7e) => out.push(byte as char),
            _ => out.push_str(&format!("\\u{:04x}", unit)),
        }
    }
    out.push('"');
    Json(out)
}

pub fn number(value: impl std::fmt::Display) -> Json {
    Json(value.to_string())
}

pub fn null() -> Json {
    Json("null".into())
}

pub fn array(items: impl IntoIterator<Item = Json>) -> Json {
    let items: Vec<String> = items.into_iter().map(|Json(text)| text).collect();
    Json(format!("[{}]", items.join(",")))
}

pub fn object<'a>(members: impl IntoIterator<Item = (&'a str, Json)>) -> Json {
    let members: Vec<String> = members
        .into_iter()
        .map(|(name, Json(text))| format!("{}:{}", string(name).0, text))
        .collect();
    Json(format!("{{{}}}", members.join(",")))
}

pub fn hex(bytes: &[u8]) -> Json {
    string(
        &bytes
            .iter()
            .map(|byte| format!("{:02x}", byte))
            .collect::<String>(),
    )
}
