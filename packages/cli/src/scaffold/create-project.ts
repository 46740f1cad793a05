/** Writes a new project from the templates. */

import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { interfaceName } from "../module/interface-name.ts";
import { LANGUAGES, type LanguageName } from "./languages.ts";
import { crateSource, PACKAGE_FOLDER, packageSource } from "./package-sources.ts";

/** What a new project is made from. */
export interface NewProject {
  readonly folder: string;
  readonly name: string;
  readonly language: LanguageName;
  /** A clone of Cloche's repository that has the packages; `undefined` for npm. */
  readonly clone: string | undefined;
}

/** Writes all files of a project. */
export function createProject(project: NewProject): void {
  const { folder, name, language, clone } = project;
  const { title, source, toolchain } = LANGUAGES[language];
  const words = {
    NAME: name,
    INTERFACE: interfaceName(name),
    LANGUAGE: title,
    SOURCE: source,
    TOOLCHAIN: toolchain,
    CRATE: crateSource(folder, clone),
  };
  const blank = new RegExp(`PLUGIN_(${Object.keys(words).join("|")})\\b`, "g");
  for (const template of ["shared", language]) {
    const from = join(PACKAGE_FOLDER, "templates", template);
    for (const path of filesIn(from)) {
      const text = readFileSync(join(from, path), "utf8").replaceAll(
        blank,
        (_, word: keyof typeof words) => words[word],
      );
      // npm leaves a .gitignore out of packages.
      write(join(folder, path.replace("_gitignore", ".gitignore")), `${text.trimEnd()}\n`);
    }
  }
  if (language === "c") {
    mkdirSync(join(folder, "include"), { recursive: true });
    copyFileSync(join(PACKAGE_FOLDER, "dist/plugin.h"), join(folder, "include/plugin.h"));
  }
  write(join(folder, "package.json"), `${JSON.stringify(manifestOf(project), undefined, 2)}\n`);
}

function manifestOf({ folder, name, language, clone }: NewProject): object {
  const from = (each: string) => [each, packageSource(each, folder, clone)] as const;
  const tools = ["@cloche/cli", ...LANGUAGES[language].packages, "vite"].sort();
  return {
    name,
    private: true,
    type: "module",
    scripts: {
      dev: "cloche dev -- vite",
      build: "cloche build --release && vite build",
      preview: "vite preview",
      test: "cloche build && node --test",
    },
    dependencies: Object.fromEntries([from("cloche")]),
    devDependencies: Object.fromEntries(tools.map(from)),
  };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
