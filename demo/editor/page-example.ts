import { languageTools } from "@cloche/codemirror";
import { LanguageTools } from "@cloche/editor";
import { basicSetup, EditorView } from "codemirror";

const tools = new LanguageTools("/plugins/json-tools.wasm");

const view = new EditorView({ extensions: [basicSetup, languageTools(tools)] });
document.body.append(view.dom);
