//! The types of the interface between editors and plugins. Offsets are bytes.

use plugin::prelude::*;

/// How the user wants a document formatted.
#[derive(Serialize, Deserialize, Schema)]
pub struct FormatOptions {
    /// One level of indentation: a tab, or spaces.
    pub indent: String,
    /// How long lines may become, in characters.
    pub line_width: u32,
}

/// Replaces what is between two offsets.
#[derive(Serialize, Deserialize, Schema)]
pub struct Edit {
    pub start: u32,
    pub end: u32,
    pub text: String,
}

/// Something to say of the text between two offsets.
#[derive(Serialize, Deserialize, Schema)]
pub struct Diagnostic {
    pub start: u32,
    pub end: u32,
    /// "error", "warning", "info" or "hint".
    pub severity: String,
    pub message: String,
    /// The name of the rule.
    pub code: String,
}

/// One proposal for what the user is typing.
#[derive(Serialize, Deserialize, Schema)]
pub struct Completion {
    pub label: String,
    /// What it is, for its icon.
    pub kind: String,
    /// Stands behind the label.
    pub detail: String,
    /// The text to insert.
    pub insert: String,
}

/// Proposals, each for the text between two offsets.
#[derive(Serialize, Deserialize, Schema)]
pub struct Completions {
    pub start: u32,
    pub end: u32,
    pub items: Vec<Completion>,
}

/// What there is to know about the text between two offsets.
#[derive(Serialize, Deserialize, Schema)]
pub struct Hover {
    pub start: u32,
    pub end: u32,
    pub text: String,
}
