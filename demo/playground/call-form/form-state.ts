/** The function that is about to be called, and its arguments: one state for the form and the raw view. */

import { computed, effect, signal, untracked } from "@preact/signals";
import type { FunctionDescription } from "cloche";
import { openEntry } from "../selection.ts";
import { workspace } from "../workspace/workspace.ts";
import { defaultJson } from "./default-json.ts";
import { isJsonList, type JsonValue, printJson } from "./json-value.ts";
import { TypeBook } from "./type-book.ts";
import { valuesOfJson } from "./value-of-json.ts";

/** What a share link or a gallery entry asks for. */
export interface WantedCall {
  readonly functionName: string;
  readonly argumentsJson: string;
}

export const book = computed(() => new TypeBook(workspace.plugin.value?.schema));

const chosenName = signal<string | undefined>(undefined);
/** The arguments by the function's name, so that they are there again when it is chosen again. */
const argumentsByName = signal<ReadonlyMap<string, readonly JsonValue[]>>(new Map());

/** The functions that can be called by a form. */
export const described = computed<readonly FunctionDescription[]>(
  () => workspace.plugin.value?.schema?.functions ?? [],
);

export const chosen = computed<FunctionDescription | undefined>(
  () => described.value.find(({ name }) => name === chosenName.value) ?? described.value[0],
);

export const args = computed<readonly JsonValue[]>(() => {
  const { name, params } = chosen.value ?? { name: "", params: [] };
  return argumentsByName.value.get(name) ?? params.map(({ type }) => defaultJson(type, book.value));
});

/** The values of the arguments, and what is wrong with them. */
export const call = computed(() => {
  const types = chosen.value?.params.map(({ type }) => type) ?? [];
  return valuesOfJson(types, args.value, book.value);
});

export const argumentsJson = computed(() => printJson(args.value));

export function chooseFunction(name: string): void {
  chosenName.value = name;
}

export function setArguments(next: readonly JsonValue[]): void {
  const name = chosen.peek()?.name;
  if (name !== undefined) {
    argumentsByName.value = new Map(argumentsByName.peek()).set(name, next);
  }
}

/** Fills the form in, also for a plugin that is still to be opened. Texts that are no list are ignored. */
export function wantCall({ functionName, argumentsJson }: WantedCall): void {
  const json = listOfJson(argumentsJson);
  if (json === undefined) return;
  chosenName.value = functionName;
  argumentsByName.value = new Map(argumentsByName.peek()).set(functionName, json);
}

/** The arguments in a text; `undefined` where it is no list in JSON. */
export function listOfJson(text: string): readonly JsonValue[] | undefined {
  try {
    const json = JSON.parse(text) as JsonValue;
    return isJsonList(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

/** Each entry of the gallery starts with its example. */
effect(() => {
  const example = openEntry.value?.example;
  untracked(() => {
    argumentsByName.value = new Map();
    chosenName.value = undefined;
    if (example !== undefined) wantCall(example);
  });
});

/** Makes the call, unless its arguments have problems. */
export async function callChosen(): Promise<void> {
  const { values, problems } = call.peek();
  const description = chosen.peek();
  if (description === undefined || problems.size > 0) return;
  await workspace.call(description.name, values, {
    argumentsJson: argumentsJson.peek(),
    result: description.result,
  });
}
