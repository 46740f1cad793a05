import { expect, test } from "vitest";
import { Decoder, decode, Encoder } from "../../codec/message.ts";
import { t } from "../../codec/t.ts";
import { CodecError } from "../../errors.ts";
import { HandleTable } from "./handle-table.ts";

const rope = t.resource<{ id: number }>("Rope");
const other = t.resource<object>("Other");

/** A plugin's table, with what it has dropped, and functions that encode and decode as its calls do. */
function plugin(mostHeld = 10) {
  const dropped: unknown[] = [];
  const table = new HandleTable(mostHeld, (object, resource) => dropped.push([resource, object]));
  const encoder = new Encoder({}, { handles: table });
  const decoder = new Decoder({}, table);
  const give = (id: number, isLent = false) =>
    table.giveArguments(() => encoder.encode(isLent ? t.borrow(rope) : rope, { id }));
  return { table, dropped, encoder, decoder, give };
}

const handleOf = (message: Uint8Array) => decode(t.u64, message);

test("what is lent is found until its call has settled, and cannot be taken", () => {
  const { table, decoder, give } = plugin();
  const { message, given } = give(1, true);
  expect(decoder.decode(t.borrow(rope), message)).toEqual({ id: 1 });
  expect(() => decoder.decode(rope, message)).toThrow(CodecError);
  table.settle(given, true);
  expect(() => decoder.decode(t.borrow(rope), message)).toThrow(
    /is no handle of a Rope that the plugin holds/,
  );
  expect(table.size).toBe(0);
});

test("what is given is the plugin's until it gives it back, once", () => {
  const { table, decoder, give, dropped } = plugin();
  const { message, given } = give(1);
  table.settle(given, true);
  expect(decoder.decode(t.borrow(rope), message)).toEqual({ id: 1 });
  expect(decoder.decode(rope, message)).toEqual({ id: 1 });
  expect(() => decoder.decode(rope, message)).toThrow(
    /is no handle of a Rope that the plugin owns/,
  );
  expect(dropped).toEqual([]);
});

test("a call that rejects leaves what it was given to the page", () => {
  const { table, give, dropped } = plugin();
  table.settle(give(1).given, false);
  expect([table.size, dropped]).toEqual([0, []]);
});

test("arguments that cannot be encoded give nothing", () => {
  const { table, encoder } = plugin();
  const pair = t.tuple(rope, t.u8);
  const encode = () => encoder.encode(pair, [{ id: 1 }, 256]);
  expect(() => table.giveArguments(encode)).toThrow(CodecError);
  expect(table.size).toBe(0);
});

test("the guest's drop reaches the page, once, for what it owns", () => {
  const { table, give, dropped } = plugin();
  const owned = give(1);
  table.settle(owned.given, true);
  table.drop(handleOf(owned.message));
  expect(dropped).toEqual([["Rope", { id: 1 }]]);
  for (const handle of [handleOf(owned.message), handleOf(give(2, true).message), 0n]) {
    expect(() => table.drop(handle)).toThrow(TypeError);
  }
});

test("a handle of another kind, of another plugin, or made up is none", () => {
  const { table, decoder, give } = plugin();
  const { message, given } = give(1);
  table.settle(given, true);
  expect(() => decoder.decode(other, message)).toThrow(/no handle of a Other/);
  expect(() => plugin().decoder.decode(rope, message)).toThrow(CodecError);
  expect(() => decoder.decode(rope, new Encoder().encode(t.u64, 1n))).toThrow(CodecError);
});

test("the next instance has what waiting calls give it, and nothing of the last one", () => {
  const { table, decoder, give, dropped } = plugin();
  table.settle(give(1).given, true);
  const waiting = give(2);
  table.startInstance();
  expect(dropped).toEqual([["Rope", { id: 1 }]]);
  table.settle(waiting.given, true);
  expect(decoder.decode(rope, waiting.message)).toEqual({ id: 2 });
});

test("a plugin may hold as many as its limit says", () => {
  const { give } = plugin(2);
  give(1);
  give(2);
  expect(() => give(3)).toThrow("the plugin holds 2 (limits.resources)");
});

test("what is no object, or a result that is borrowed, is refused", () => {
  const { encoder } = plugin();
  expect(() => encoder.encode(rope, 5 as never)).toThrow(
    "number 5 is not resource Rope (an object)",
  );
  expect(() => encoder.encode(t.borrow(rope), { id: 1 })).toThrow("it is no argument of a call");
  expect(() => new Encoder().encode(rope, { id: 1 })).toThrow("only a plugin can hold one");
  expect(() => t.borrow(t.u8 as never)).toThrow(TypeError);
});
