/**
 * `deno task ops [--check] [--libtorch DIR,DIR]`: writes the operator bindings, or checks that the
 * committed ones are what would be written. Several folders are compared: their schemas must agree.
 *
 * @module
 */
import { emit } from "./operators/emit.ts";
import { readNames, readOperators } from "./operators/schema.ts";
import { locateLibrary } from "../src/install/locate_library.ts";
import { torchLibrary } from "../src/install/native_library.ts";
import { Flags } from "./cli/flags.ts";
import { main } from "./cli/main.ts";
import { absolutePath } from "./cli/paths.ts";
import { printLine } from "./cli/print.ts";

const help = `Regenerate the operator bindings from libtorch's headers

  deno task ops [--check] [--libtorch DIR,DIR]

  --check         change nothing, and fail where the committed bindings differ
  --libtorch DIR  the headers to read; default: those the native library is built with. The schemas
                  of several folders must agree
  --help          this text`;

const ROOT = new URL("../", import.meta.url);

function generate(folders: readonly string[], isCheck: boolean): void {
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
  if (isCheck && drifted.length > 0) {
    throw new Error(`${drifted.map(([path]) => path).join(", ")} drifted. Run \`deno task ops\``);
  }
  for (const [path, text] of drifted) {
    Deno.writeTextFileSync(new URL(path, ROOT), text);
    printLine(`Wrote ${path}`);
  }
  printLine(`${operators.length} operators, ${drifted.length} files changed`);
}

function holds(path: string, text: string): boolean {
  try {
    return Deno.readTextFileSync(new URL(path, ROOT)) === text;
  } catch {
    return false;
  }
}

await main({
  summary: "Regenerate the operator bindings from libtorch's headers",
  help,
  prepare(args) {
    const flags = new Flags(args, { optional: ["libtorch"], switches: ["check"] });
    const asked = flags.optional("libtorch")?.split(",").map(absolutePath);
    return () =>
      generate(asked ?? [locateLibrary(torchLibrary).libtorch!.root], flags.has("check"));
  },
});
