import { assertEquals, assertMatch } from "@std/assert";
import { stripAnsiCode } from "@std/fmt/colors";
import project from "../../deno.json" with { type: "json" };
import { okCommand } from "../../tasks/ok.ts";
import { runCommand } from "./captured.ts";

/** Runs the checks, of which those that fail are named by a word of theirs; each says something. */
async function checked(failing: string, ...flags: string[]) {
  const { Command } = Deno, given: string[][] = [];
  const encode = (text: string) => new TextEncoder().encode(text);
  Deno.Command = class {
    readonly #args: string[];
    constructor(_: string | URL, { args = [] }: Deno.CommandOptions = {}) {
      this.#args = args;
    }
    output() {
      given.push(this.#args);
      const success = !this.#args.includes(failing);
      return Promise.resolve({ success, stdout: encode("a\nlast"), stderr: encode("why") });
    }
  } as unknown as typeof Deno.Command;
  try {
    const { status, output } = await runCommand(okCommand, ...flags);
    return { status, given, lines: stripAnsiCode(output).trimEnd().split("\n") };
  } finally {
    Deno.Command = Command;
  }
}

Deno.test("every check is made, the tests last, and what one prints is told where it fails", async () => {
  const { status, given, lines } = await checked("none");
  assertEquals(given, [
    ["fmt", "--check"],
    ["lint"],
    ["run", "-A", "tasks/layers.ts"],
    ["check", "--doc"],
    ["doc", "--lint", ...Object.values(project.exports)],
    ["run", "-A", "tasks/build.ts", "--strict"],
    ["run", "-A", "tasks/ops.ts", "--check"],
    ["test", "-A"],
  ]);
  assertMatch(lines[0], /^✓ format \d+\.\d s last$/);
  assertEquals([status, lines.at(-1), lines.length], [0, "All checks passed", 9]);
  const failed = await checked("lint", "--without-tests");
  assertEquals([failed.status, failed.given.length], [1, 7]);
  assertMatch(failed.lines[1], /^✗ lint \d+\.\d s $/);
  assertEquals(failed.lines.slice(2, 5), ["a", "last", "why"]);
  assertEquals(failed.lines.at(-1), "1 of 7 checks failed");
});
