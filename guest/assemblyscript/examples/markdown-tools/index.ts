// Formats, checks, completes and explains Markdown in an editor: the interface of docs/editors.md.
export { complete } from "./complete";
export { diagnose } from "./diagnose";
export { offset_unit } from "./editor";
export { format } from "./format";
export { hover } from "./hover";
