/** What the fuzz of both ends of a channel stands on: the channel itself, and a watch over what all code shares. */

import { type MessagePort as NodePort, receiveMessageOnPort } from "node:worker_threads";
import { expect, vi } from "vitest";
import type { Channel } from "./channel.ts";
import type { Posted } from "./hostile-messages.test-kit.ts";

/** A real channel, whose messages arrive at the near end when the test says so. */
export class Wire implements Channel {
  readonly #near: MessagePort;
  readonly #far: MessagePort;
  #listeners: ((event: MessageEvent<unknown>) => void)[] = [];
  /** How many messages the near end has posted. */
  posted = 0;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#near = port1;
    this.#far = port2;
  }

  postMessage(message: unknown, transfer: Transferable[]): void {
    this.posted += 1;
    this.#near.postMessage(message, transfer);
  }

  addEventListener(type: string, listener: (event: MessageEvent<unknown>) => void): void {
    if (type === "message") this.#listeners.push(listener);
  }

  start(): void {}

  /** Forgets who listens, and what is under way. */
  reset(): void {
    this.#listeners = [];
    this.heard();
  }

  /** Posts from the far end, and lets it arrive. What cannot be posted is not. */
  send({ message, transfer }: Posted): void {
    try {
      this.#far.postMessage(message, transfer);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      return;
    }
    const [data] = received(this.#near, 1);
    for (const listener of this.#listeners) listener({ data } as MessageEvent<unknown>);
  }

  /** What has come to the far end. */
  heard(): (string | Record<string, unknown>)[] {
    return received(this.#far) as (string | Record<string, unknown>)[];
  }

  close(): void {
    this.#near.close();
  }
}

/** What has come to a port, the oldest first. */
function received(port: MessagePort, most = Infinity): unknown[] {
  const messages: unknown[] = [];
  while (messages.length < most) {
    const next: unknown = receiveMessageOnPort(port as unknown as NodePort);
    if (next === undefined) break;
    messages.push((next as { message: unknown }).message);
  }
  return messages;
}

/** Runs `body`, and sees to it that it changes nothing that all code shares and that nothing escapes it. */
export async function watched(body: () => Promise<void>): Promise<void> {
  const escaped: unknown[] = [];
  const onEscape = (error: unknown): void => void escaped.push(error);
  vi.stubGlobal("reportError", onEscape);
  process.on("unhandledRejection", onEscape);
  process.on("uncaughtException", onEscape);
  const before = sharedWorld();
  try {
    await body();
    await turn();
  } finally {
    const after = sharedWorld();
    process.off("unhandledRejection", onEscape);
    process.off("uncaughtException", onEscape);
    vi.unstubAllGlobals();
    const changed = [...before.keys(), ...after.keys()].filter(
      (path) => !Object.is(before.get(path), after.get(path)),
    );
    expect([changed, escaped]).toEqual([[], []]);
  }
}

/** Lets everything run that is due. */
export function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/** Every property of what all code shares, by where it is: values by identity. */
function sharedWorld(): Map<string, unknown> {
  const world = new Map<string, unknown>();
  const roots: [path: string, root: object][] = [["globalThis", globalThis]];
  for (const name of Reflect.ownKeys(globalThis)) {
    // Some are made when they are first looked at.
    const value: unknown = Reflect.get(globalThis, name);
    if (typeof value !== "function") continue;
    roots.push([String(name), value]);
    const prototype: unknown = Reflect.get(value, "prototype");
    if (typeof prototype !== "object" || prototype === null) continue;
    roots.push([`${String(name)}.prototype`, prototype]);
  }
  for (const [path, root] of roots) {
    world.set(`${path} is extensible`, Object.isExtensible(root));
    world.set(`${path} comes from`, Object.getPrototypeOf(root));
    for (const key of Reflect.ownKeys(root)) {
      const descriptor = Object.getOwnPropertyDescriptor(root, key) ?? {};
      for (const [field, value] of Object.entries(descriptor)) {
        world.set(`${path} ${String(key)} ${field}`, value);
      }
    }
  }
  return world;
}
