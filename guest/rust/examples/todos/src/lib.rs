//! The smallest plugin for an editor: see docs/editors.md. It reads the document where it is, on the page.

use plugin::prelude::*;

#[derive(Serialize, Deserialize, Schema)]
pub struct Diagnostic {
    pub start: u32,
    pub end: u32,
    pub severity: String,
    pub message: String,
    pub code: String,
}

#[resource]
pub struct Document;

#[import]
fn document_length(document: Borrow<Document>) -> u32;

#[import]
fn document_read(document: Borrow<Document>, start: u32, end: u32) -> Vec<u8>;

/// Marks what is still to be done.
#[export]
pub fn diagnose(document: Borrow<Document>) -> Vec<Diagnostic> {
    let text = document_read(document, 0, document_length(document));
    let windows = text.windows(4).enumerate();
    let found = windows.filter(|(_, window)| window == b"TODO");
    let diagnostics = found.map(|(start, _)| Diagnostic {
        start: start as u32,
        end: start as u32 + 4,
        severity: "info".to_string(),
        message: "This is still to be done".to_string(),
        code: "todo".to_string(),
    });
    diagnostics.collect()
}
