//! Formats, checks, completes and explains JSON in an editor: the interface of docs/editors.md.

mod complete;
mod diagnose;
mod editor;
mod format;
mod hover;
mod parser;
mod path;
