/**
 * `deno task ops [--check] [--libtorch DIR]...`: writes the operator bindings, or checks that the
 * committed ones are what would be written. Several folders are compared: their schemas must agree.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { emit } from "./operators/emit.ts";
import { readNames, readOperators } from "./operators/schema.ts";
import { locateLibrary } from "../src/install/locate_library.ts";
import { torchLibrary } from "../src/install/native_library.ts";

const ROOT = new URL("../", import.meta.url);

function main(args: string[]): number {
  const flags = parseArgs(args, {
    boolean: ["check"],
    collect: ["libtorch"],
    string: ["libtorch"],
  });
  const folders: string[] = flags.libtorch.length > 0
    ? flags.libtorch
    : [locateLibrary(torchLibrary).libtorch!.root];
  const names = readNames(Deno.readTextFileSync(new URL("native/ops.txt", ROOT)));
  const [operators, ...others] = folders.map((folder) => readOperators(folder, names));
  others.forEach((other, index) => {
    const differing = operators.filter((operator, i) => operator.schema !== other[i].schema);
    if (differing.length > 0) {
      const list = differing.map((operator) => operator.name).join(", ");
      throw new Error(`${folders[0]} and ${folders[index + 1]} disagree about ${list}`);
    }
  });

  const drifted = Object.entries(emit(operators)).filter(([path, text]) => !holds(path, text));
  if (flags.check && drifted.length > 0) {
    throw new Error(`${drifted.map(([path]) => path).join(", ")} drifted. Run \`deno task ops\``);
  }
  for (const [path, text] of drifted) {
    Deno.writeTextFileSync(new URL(path, ROOT), text);
    console.log(`Wrote ${path}`);
  }
  console.log(`${operators.length} operators, ${drifted.length} files changed`);
  return 0;
}

function holds(path: string, text: string): boolean {
  try {
    return Deno.readTextFileSync(new URL(path, ROOT)) === text;
  } catch {
    return false;
  }
}

if (import.meta.main) {
  try {
    Deno.exit(main(Deno.args));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
