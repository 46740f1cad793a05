/** The order of the pages. A page that is missing here is a failed test, and stands under "More". */

import type { DefaultTheme } from "vitepress";
import { textOf } from "../../e2e/examples/examples.ts";
import { addressOf, pages } from "./pages.ts";

/** The files of each group, in the order of reading. */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  Start: ["docs/README.md", "docs/tutorial.md", "docs/recipes.md", "docs/comparison.md"],
  Guides: ["docs/editors.md", "docs/playgrounds.md", "docs/playwright.md"],
  Plugins: [
    "guest/rust/README.md",
    "guest/assemblyscript/README.md",
    "guest/javascript/README.md",
    "guest/c/README.md",
    "docs/schema.md",
    "docs/abi.md",
  ],
  "Load and call": [
    "docs/loading.md",
    "docs/options.md",
    "docs/calls.md",
    "docs/types.md",
    "docs/host-functions.md",
    "docs/resources.md",
    "docs/files.md",
    "docs/streams.md",
    "docs/commands.md",
    "docs/events.md",
    "docs/replay.md",
  ],
  "Stay safe": [
    "docs/errors.md",
    "docs/limits.md",
    "docs/interruption.md",
    "docs/restart.md",
    "docs/isolation.md",
    "SECURITY.md",
  ],
  Environments: [
    "docs/browsers.md",
    "docs/doctor.md",
    "docs/bundlers.md",
    "docs/content-security-policy.md",
    "docs/node.md",
    "docs/engines.md",
  ],
  Packages: [
    "packages/cli/README.md",
    "packages/vite/README.md",
    "packages/editor/README.md",
    "packages/codemirror/README.md",
    "packages/monaco/README.md",
    "packages/playwright/README.md",
  ],
  Design: [
    "ARCHITECTURE.md",
    "docs/decisions/host.md",
    "docs/decisions/protocol.md",
    "docs/decisions/worker.md",
    "docs/decisions/codec.md",
    "docs/decisions/abi.md",
    "docs/decisions/rewrite.md",
    "docs/decisions/files.md",
    "docs/decisions/wasi.md",
    "docs/decisions/wasmer.md",
    "docs/decisions/assemblyscript.md",
    "docs/decisions/tests.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
  ],
};

/** The pages that no group lists. */
function unlistedPages(): string[] {
  const listed = new Set(Object.values(GROUPS).flat());
  return pages().filter((file) => !listed.has(file));
}

/** The sidebar, with the pages of the generated reference. */
export function sidebar(reference: readonly string[]): DefaultTheme.SidebarItem[] {
  const groups = { ...GROUPS, More: unlistedPages(), Reference: reference };
  return Object.entries(groups)
    .filter(([, files]) => files.length > 0)
    .map(([text, files]) => ({
      text,
      items: files.map((file) => ({
        text: titleOf(file),
        link: `/${addressOf(file)}`.replace(/\/index$/, "/"),
      })),
    }));
}

/** The heading of a page. */
function titleOf(file: string): string {
  return /^# (.*)$/m.exec(textOf(file))?.[1]?.replaceAll(/[`\\]/g, "") ?? file;
}
