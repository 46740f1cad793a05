import { existsSync, readdirSync } from "node:fs";
import { basename, relative, resolve } from "node:path";
import { defineCommand, onlyPositional } from "../command-line.ts";
import { EXIT_CODES, usageFailure } from "../failure.ts";
import { createProject } from "../scaffold/create-project.ts";
import { LANGUAGES, type LanguageName } from "../scaffold/languages.ts";
import { findClone } from "../scaffold/package-sources.ts";
import { writeOut } from "../terminal/output.ts";

const NAMES = Object.keys(LANGUAGES).join(", ");

export const newCommand = defineCommand({
  usage: "new <folder> --lang <language> [options]",
  summary: "start a plugin, with a test and a page that runs it",
  details: `
Languages: ${NAMES}

CLOCHE_LOCAL does what --local does. In a clone, cloche takes the packages from it.`,
  options: {
    lang: { type: "string", short: "l", value: "<language>", help: "what it is written in" },
    local: {
      type: "string",
      value: "<clone>",
      help: "take Cloche's packages from a clone of its repository, not from npm",
    },
  },
  run: async ({ options: { lang, local = process.env["CLOCHE_LOCAL"] }, positionals }) => {
    const given = onlyPositional(positionals, "the folder");
    if (lang === undefined) throw usageFailure(`Missing --lang (one of ${NAMES})`);
    if (!isLanguage(lang))
      throw usageFailure(`Unknown language "${lang}" (must be one of ${NAMES})`);
    const folder = resolve(given);
    const name = basename(folder);
    if (!/^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$/.test(name)) {
      throw usageFailure(
        `Invalid name "${name}" (must be small letters, digits and dashes, a letter first)`,
      );
    }
    if (existsSync(folder) && readdirSync(folder).length > 0) {
      throw usageFailure(`Folder "${given}" is not empty`);
    }
    createProject({ folder, name, language: lang, clone: findClone(local) });
    const { title, source } = LANGUAGES[lang];
    const path = relative(process.cwd(), folder) || ".";
    await writeOut(
      `A plugin in ${title} is in ${path}; its functions are in ${source}. Next:\n` +
        `${path === "." ? "" : `  cd ${path}\n`}  npm install\n  npm test\n  npm run dev\n`,
    );
    return EXIT_CODES.done;
  },
});

function isLanguage(name: string): name is LanguageName {
  return Object.hasOwn(LANGUAGES, name);
}
