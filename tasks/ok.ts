/**
 * `deno task ok [--without-tests]`: every check, in the order in which they fail fastest. What a check prints is shown when
 * it fails; status 1 when one does.
 *
 * @module
 */
import { bold, dim, green, red } from "@std/fmt/colors";
import project from "../deno.json" with { type: "json" };
import type { Command } from "./cli/command.ts";
import { Flags } from "./cli/flags.ts";
import { main } from "./cli/main.ts";
import { printLine, printText } from "./cli/print.ts";

const help = `Every check: format, lint, layers, types, docs, native build, drift, tests

  deno task ok [--without-tests]

  --without-tests  skip the tests
  --help           this text`;

type Check = readonly [name: string, ...args: string[]];

const CHECKS: readonly Check[] = [
  ["format", "fmt", "--check"],
  ["lint", "lint"],
  ["layers and sizes", "run", "-A", "tasks/layers.ts"],
  ["types, also of examples in the docs", "check", "--doc"],
  ["documentation", "doc", "--lint", ...Object.values(project.exports)],
  ["native build, strict", "run", "-A", "tasks/build.ts", "--strict"],
  ["generated operators", "run", "-A", "tasks/ops.ts", "--check"],
];
const TESTS: Check = ["tests", "test", "-A"];

async function passes([name, ...args]: Check): Promise<boolean> {
  const started = performance.now();
  const output = await new Deno.Command(Deno.execPath(), { args }).output();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const [out, err] = [output.stdout, output.stderr].map((text) =>
    new TextDecoder().decode(text).trim()
  );
  const summary = output.success ? out.split("\n").at(-1) : `\n${out}\n${err}`;
  printText(
    `${output.success ? green("✓") : red("✗")} ${bold(name)} ${dim(`${seconds} s`)} ${summary}`,
  );
  return output.success;
}

async function checkAll(checks: readonly Check[]): Promise<number> {
  let failed = 0;
  for (const check of checks) {
    if (!await passes(check)) failed++;
  }
  printLine(failed === 0 ? "All checks passed" : `${failed} of ${checks.length} checks failed`);
  return failed === 0 ? 0 : 1;
}

/** `deno task ok`. */
export const okCommand: Command = {
  summary: "Every check",
  help,
  prepare(args) {
    const flags = new Flags(args, { switches: ["without-tests"] });
    return () => checkAll(flags.has("without-tests") ? CHECKS : [...CHECKS, TESTS]);
  },
};

if (import.meta.main) await main(okCommand);
