/** Which files of the repository are pages of the site, and where each stands on it. */

import { dirname } from "node:path";
import { documents } from "../../e2e/examples/examples.ts";

/** Where the reference is generated, and where it stands on the site. */
export const REFERENCE_DIRECTORY = "build/api/";

/** Documentation that is for a folder of the repository, and no page. */
const NO_PAGES =
  /^README\.md$|^guest\/(conformance|rust\/fixtures)\/|^packages\/.*\/(templates|examples)\//;

/** The address of a page on the site, without its extension. */
export function addressOf(file: string): string {
  if (file.startsWith(REFERENCE_DIRECTORY)) {
    const path = withoutExtension(file.slice(REFERENCE_DIRECTORY.length));
    return `api/${path.replace(/README$/, "index")}`;
  }
  const [top = "", ...rest] = withoutExtension(file).split("/");
  const path = rest.join("/").replace(/README$/, "index");
  if (top === "docs") return path.replace(/^decisions\//, "design/");
  if (top === "guest") return `sdk/${dirname(path)}`;
  if (top === "packages") return `packages/${dirname(path)}`;
  return top.toLowerCase();
}

/** Every page that is written by hand, as a file of the repository. */
export function pages(): string[] {
  return documents().filter((file) => !NO_PAGES.test(file));
}

function withoutExtension(file: string): string {
  return file.replace(/\.md$/, "");
}
