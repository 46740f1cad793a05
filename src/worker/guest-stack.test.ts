import { expect, test } from "vitest";
import { wat } from "../abi/wat.test-kit.ts";
import { stackRestorer } from "./guest-stack.ts";

const FUNCTIONS = `
  (func (export "_stack_save") (result i32) (global.get $pointer))
  (func (export "_stack_restore") (param i32) (global.set $pointer (local.get 0)))`;

/** The exports of a guest with a stack pointer, which `leak` lowers and `look` returns. */
function guest(parts: string): WebAssembly.Exports {
  const module = wat(`(module
    (global $pointer (mut i32) (i32.const 1000))
    (func (export "leak") (global.set $pointer (i32.const 900)))
    (func (export "look") (result i32) (global.get $pointer))
    ${parts})`);
  return new WebAssembly.Instance(new WebAssembly.Module(module)).exports;
}

function pointerAfterLeak(exports: WebAssembly.Exports): unknown {
  const { leak, look } = exports as Record<string, () => unknown>;
  const restore = stackRestorer(exports, (run) => run());
  leak?.();
  restore();
  return look?.();
}

test("the stack pointer is restored through the guest's functions", () => {
  expect(pointerAfterLeak(guest(FUNCTIONS))).toBe(1000);
});

test("the stack pointer is restored as a global", () => {
  expect(pointerAfterLeak(guest('(export "__stack_pointer" (global $pointer))'))).toBe(1000);
});

test("a guest that exports neither is left as it is", () => {
  expect(pointerAfterLeak(guest(""))).toBe(900);
  expect(pointerAfterLeak(guest('(export "_stack_save" (func 0))'))).toBe(900);
});

test("the guest's functions run as those that may not be suspended", () => {
  let pinned = 0;
  const restore = stackRestorer(guest(FUNCTIONS), (run) => {
    pinned += 1;
    return run();
  });
  restore();
  expect(pinned).toBe(2);
});

test("a trap counts when the pointer is read, and not when it is restored", () => {
  const trap = (name: string, type: string) => `(func (export "${name}") ${type} unreachable)`;
  const untyped = '(func (export "_stack_save"))';
  const whole = `${untyped} ${trap("_stack_restore", "(param i32)")}`;
  expect(pointerAfterLeak(guest(whole))).toBe(900);
  const broken = `${trap("_stack_save", "(result i32)")} ${trap("_stack_restore", "")}`;
  expect(() => pointerAfterLeak(guest(broken))).toThrow(WebAssembly.RuntimeError);
});
