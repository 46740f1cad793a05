import { describe, expect, test } from "vitest";
import { acceptFindings, checkGoals, describeGoals, readGoals } from "./goals.mjs";

const GOAL = {
  what: "call",
  page: "isolated",
  table: "calls",
  row: "ours",
  to: "theirs",
  goal: 0.5,
};

/** A run in which one contestant takes `ours` ms beside one that takes 10. */
function run(ours, browser = "chromium", page = "isolated") {
  const rows = [
    { name: "ours", samples: [ours, ours, ours] },
    { name: "theirs", samples: [10, 10, 10] },
  ];
  return { browser, tables: [{ title: "calls", page, baseline: "theirs", rows }] };
}

const stateOf = (goal, ...runs) =>
  checkGoals([goal], runs).map(({ state, isLoss }) => `${state}${isLoss ? ", lost" : ""}`);

describe("a goal", () => {
  test("is met at its ratio and missed beyond", () => {
    expect(stateOf(GOAL, run(5))).toEqual(["met"]);
    expect(stateOf(GOAL, run(5.1))).toEqual(["missed"]);
  });

  test("is compared in its browser with the number for that browser", () => {
    const goal = { ...GOAL, goal: { chromium: 0.5, firefox: 0.6 } };
    expect(stateOf(goal, run(5.5), run(5.5, "firefox"))).toEqual(["missed", "met"]);
    expect(stateOf({ ...GOAL, goal: { chromium: 0.5 } }, run(5, "firefox"))).toEqual([]);
  });

  test("is not measured by a row of another page, or a row that is missing", () => {
    expect(stateOf(GOAL, run(5, "chromium", "not isolated"))).toEqual(["not measured"]);
    expect(stateOf({ ...GOAL, row: "other" }, run(5))).toEqual(["not measured"]);
    expect(stateOf({ ...GOAL, to: "other" }, run(5))).toEqual(["not measured"]);
  });

  test("of a quantile is compared with the samples themselves", () => {
    expect(stateOf({ ...GOAL, to: undefined, quantile: 1, goal: 50 }, run(50), run(51))).toEqual([
      "met",
      "missed",
    ]);
  });
});

describe("a loss", () => {
  test("is a ratio beyond the accepted one and the slack", () => {
    const goal = { ...GOAL, accepted: { chromium: 0.4 }, slack: 0.25 };
    expect(stateOf(goal, run(4.9), run(5), run(5.1))).toEqual(["met", "met", "missed, lost"]);
  });

  test("is no goal that was never met", () => {
    expect(stateOf({ ...GOAL, accepted: { chromium: 2 } }, run(20))).toEqual(["missed"]);
    expect(stateOf(GOAL, run(20))).toEqual(["missed"]);
  });
});

test("accepting keeps what other browsers and unmeasured goals had", () => {
  const goals = [
    { ...GOAL, accepted: { chromium: 1, firefox: 2 } },
    { ...GOAL, what: "other", row: "other", accepted: { chromium: 3 } },
  ];
  const accepted = acceptFindings(goals, checkGoals(goals, [run(5)]));
  expect(accepted.map((goal) => goal.accepted)).toEqual([
    { chromium: 0.5, firefox: 2 },
    { chromium: 3 },
  ]);
});

test("the description counts what is met, missed and lost", () => {
  const goals = [GOAL, { ...GOAL, what: "old", accepted: { chromium: 0.1 } }];
  expect(describeGoals(checkGoals(goals, [run(4)]))).toMatch(
    /\n2 met, 0 missed, 0 not measured; 1 lost since accepted$/,
  );
});

test("the goals of this project have names of their own, by which they are accepted", async () => {
  const names = (await readGoals()).map(({ what }) => what);
  expect(new Set(names).size).toBe(names.length);
});
