import { describe, expect, test } from "vitest";
import { cloche } from "./program.test-kit.ts";

describe("doctor", () => {
  test("tells what this Node allows plugins", async () => {
    const { exitCode, stdout, stderr } = await cloche(["doctor"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`Node ${process.versions.node}\n`);
    expect(stdout).toContain("\nyes  workers and WebAssembly: plugins can be loaded\n");
    expect(stdout).toContain("\nyes  lasting files: mounts can be kept in folders (openFolder");
  });

  test("prints the findings as JSON", async () => {
    const { stdout } = await cloche(["doctor", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ canLoad: true, lane: "shared-memory" });
  });

  test("takes no arguments", async () => {
    const { exitCode, stderr } = await cloche(["doctor", "http://localhost/"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Unexpected argument "http://localhost/"');
  });
});
