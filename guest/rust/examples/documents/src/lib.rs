//! Markdown to HTML, and deflate both ways: what a plugin of an editor does all day.

use miniz_oxide::{deflate::compress_to_vec, inflate::decompress_to_vec};
use plugin::prelude::*;
use pulldown_cmark::{html::push_html, Parser};

#[export]
pub fn render(markdown: String) -> String {
    let mut html = String::with_capacity(markdown.len() * 3 / 2);
    push_html(&mut html, Parser::new(&markdown));
    html
}

#[export]
pub fn pack(text: String) -> Vec<u8> {
    compress_to_vec(text.as_bytes(), 6)
}

#[export]
pub fn unpack(packed: Vec<u8>) -> Result<String, String> {
    let bytes = decompress_to_vec(&packed).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renders_markdown() {
        assert_eq!(render("a *b*".into()), "<p>a <em>b</em></p>\n");
    }

    #[test]
    fn unpacks_what_it_packed() {
        let text = "over and over and over again".repeat(9);
        let packed = pack(text.clone());
        assert!(packed.len() < text.len() / 4);
        assert_eq!(unpack(packed), Ok(text));
        assert!(unpack(vec![0xff]).is_err());
    }
}
