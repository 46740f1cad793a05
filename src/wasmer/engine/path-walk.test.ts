import fc from "fast-check";
import { expect, test } from "vitest";
import { ENGINES } from "./both-engines.test-kit.ts";

const CREATE = 1;
const FOLLOW = 1;

const name = fc.constantFrom("a", "b", "c", "d");
const path = fc
  .array(fc.oneof({ weight: 3, arbitrary: name }, fc.constantFrom(".", "..", "")), { maxLength: 6 })
  .map((parts) => parts.join("/"));
const step = fc.oneof(
  fc.record({ make: fc.constant("directory" as const), path }),
  fc.record({ make: fc.constant("file" as const), path }),
  fc.record({ make: fc.constant("link" as const), path, target: path }),
);

function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return String(error);
  }
}

test("a path leads a guest to the same file, or fails with the same error, on both engines", () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 20 }),
      fc.array(path, { minLength: 10, maxLength: 20 }),
      (steps, paths) => {
        const guests = ENGINES.map(([, start]) => start().guest);
        for (const each of steps) {
          const [one, other] = guests.map((guest) =>
            outcome(() => {
              if (each.make === "directory") guest.mkdir(each.path);
              else if (each.make === "link") guest.symlink(each.target, each.path);
              else guest.close(guest.open(each.path, { flags: CREATE }));
            }),
          );
          // With several reasons to fail, the engines may report different ones.
          expect(other === undefined, `${String(one)} and ${String(other)}`).toBe(
            one === undefined,
          );
        }
        for (const at of paths) {
          for (const lookup of [0, FOLLOW]) {
            const [one, other] = guests.map((guest) => outcome(() => guest.stat(at, lookup).type));
            expect(other, at).toBe(one);
          }
        }
      },
    ),
    { numRuns: 50 },
  );
});
