/**
 * `deno task doctor`: what Deino needs and what was found of it, each miss with its cure. Ends with status
 * 0 when all that is needed is there.
 *
 * @module
 */
import { bold, green, red, yellow } from "@std/fmt/colors";
import { diagnose, type Finding } from "../src/install/doctor.ts";
import { thisMachine } from "../src/install/machine.ts";

const MARKS = { found: green("✓"), missing: red("✗"), optional: yellow("–") };

/** Opens the shim, which only a process that has it can judge. */
async function tryShim(): Promise<Finding> {
  const part = "shim loads";
  try {
    const { cudaDevices } = await import("../src/tensor/device.ts");
    const count = cudaDevices();
    return { part, state: "found", found: `yes; CUDA devices it sees: ${count}` };
  } catch (error) {
    return {
      part,
      state: "missing",
      found: error instanceof Error ? error.message : String(error),
    };
  }
}

function print({ part, state, found, cure }: Finding): void {
  console.log(`${MARKS[state]} ${bold(part.padEnd(14))} ${found}`);
  if (cure !== undefined) console.log(`  ${" ".repeat(14)} ${cure}`);
}

const findings = await diagnose(thisMachine());
const built = findings.some(({ part, state }) => part === "native shim" && state === "found");
if (built) findings.push(await tryShim());
findings.forEach(print);
Deno.exit(findings.some(({ state }) => state === "missing") ? 1 : 0);
