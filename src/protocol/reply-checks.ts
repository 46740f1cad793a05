import type { Limits } from "../limits.ts";

type AnyMethod = (...args: never[]) => unknown;

/** What a method replies with: `undefined` for `void`, which is not the type of any value. */
type ReplyOf<Method extends AnyMethod> =
  Awaited<ReturnType<Method>> extends infer Value
    ? [Value] extends [void]
      ? undefined
      : Value
    : never;

/**
 * Tells for each method of an interface whether a reply has its shape. The page checks every reply of
 * a worker so: one that sends a malformed reply is hostile.
 */
export type ReplyChecks<Methods> = {
  readonly [Name in keyof Methods]: Methods[Name] extends AnyMethod
    ? (data: unknown, limits: Limits) => data is ReplyOf<Methods[Name]>
    : never;
};
