/**
 * `deno task ok`: every check, in the order in which they fail fastest. What a check prints is shown
 * when it fails; status 1 when one does.
 *
 * @module
 */
import { bold, dim, green, red } from "@std/fmt/colors";

const CHECKS: ReadonlyArray<readonly [name: string, ...args: string[]]> = [
  ["format", "fmt", "--check"],
  ["lint", "lint"],
  ["layers and sizes", "run", "-A", "tasks/layers.ts"],
  ["types", "check"],
  ["documentation", "doc", "--lint", "mod.ts"],
  ["native build, strict", "run", "-A", "tasks/build.ts", "--strict"],
  ["generated operators", "run", "-A", "tasks/ops.ts", "--check"],
  ["tests", "test", "-A"],
];

async function passes([name, ...args]: readonly [string, ...string[]]): Promise<boolean> {
  const started = performance.now();
  const output = await new Deno.Command(Deno.execPath(), { args }).output();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const [out, err] = [output.stdout, output.stderr].map((text) =>
    new TextDecoder().decode(text).trim()
  );
  const summary = output.success ? out.split("\n").at(-1) : `\n${out}\n${err}`;
  console.log(
    `${output.success ? green("✓") : red("✗")} ${bold(name)} ${dim(`${seconds} s`)} ${summary}`,
  );
  return output.success;
}

let failed = 0;
for (const check of CHECKS) {
  if (!await passes(check)) failed++;
}
console.log(failed === 0 ? "All checks passed" : `${failed} of ${CHECKS.length} checks failed`);
Deno.exit(failed === 0 ? 0 : 1);
