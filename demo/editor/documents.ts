/** The documents of the page, each with the plugin that knows its language. */

export interface DemoDocument {
  readonly id: string;
  readonly label: string;
  readonly plugin: string;
  readonly hint: string;
  readonly text: string;
  /** Characters that ask for proposals, besides those of words. */
  readonly triggers: readonly string[];
  /** Words that break the plugin, with what their button says. */
  readonly hazards: readonly { readonly word: string; readonly label: string }[];
}

const JSON_TEXT = `{
  // Comments and the comma at the end are findings. Format me.
  "name": "Cloche", "made of": ["glass", "🦀 Rust"],
  "sizes": [12,  14.50, 1e3],
  "shelf": [
    { "id": 1, "title": "Under glass", "isOpen": true },
    { "id": 2, "title": "Ünder glaß 😀" , "id": 3 },
  ]
}
`;

/** With the line ends of Windows, which editors keep and no plugin sees. */
const MARKDOWN_TEXT = `# Notes on glass

See [the guide][guide], [its words](#words) 😀, and [a page][nowhere].

### Too deep

* A bell of glass
+ a plant below it

| plugin | written in | 中文 |
|--|:-:|--:|
| json-tools | Rust | 一 |
| markdown-tools | AssemblyScript | 二二 |

## Words

[guide]: https://placeholder.invalid/guide
`.replaceAll("\n", "\r\n");

const HAZARD_TEXT = `The plugin of this document does what four words say.   
The buttons below write one of them at the end.
Type on, and watch the plugin come back.

`;

export const DOCUMENTS: readonly DemoDocument[] = [
  {
    id: "json",
    label: "JSON",
    plugin: "json-tools",
    hint: "A parser in Rust. Hover a value for its path, or type a quote for keys of other objects.",
    text: JSON_TEXT,
    triggers: ['"'],
    hazards: [],
  },
  {
    id: "markdown",
    label: "Markdown",
    plugin: "markdown-tools",
    hint: "In AssemblyScript. Format lines the table up; type [a][ for the names of links.",
    text: MARKDOWN_TEXT,
    triggers: ["[", "#"],
    hazards: [],
  },
  {
    id: "hazards",
    label: "Hostile",
    plugin: "hazards",
    hint: "A plugin in C that hangs, dies, lies or floods on a word. It hurts nobody but itself.",
    text: HAZARD_TEXT,
    triggers: [],
    hazards: [
      { word: "hang!", label: "Hang" },
      { word: "crash!", label: "Crash" },
      { word: "lie!", label: "Lie" },
      { word: "flood!", label: "Flood" },
    ],
  },
];
