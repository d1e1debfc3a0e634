import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type BareClone, bareClone, type Output } from "../bare_clone.ts";

const tasks: Readonly<Record<string, readonly string[]>> = {
  train: [],
  eval: ["knn", "linear", "logreg", "fewshot", "retrieval", "segmentation", "depth"],
  visualize: ["pca", "attention", "similarity", "neighbours", "crops"],
  data: ["list", "check", "stats", "index", "shard"],
  features: [],
  export: [],
  bench: [],
  build: [],
  doctor: [],
  pack: [],
  ops: [],
};
const commands = Object.entries(tasks).flatMap(([name, parts]) =>
  parts.length === 0 ? [[name]] : parts.map((part) => [name, part])
);

/** Runs `deno task` in a clone where nothing is built; Deno is the only program on `PATH`. */
function task(clone: BareClone, ...words: string[]): Promise<Output> {
  return clone.deno(["task", "--quiet", ...words], { LIBTORCH: "" });
}

Deno.test("without a build, torch, compiler and pip, every command tells its flags", async () => {
  await using clone = await bareClone();
  const groups = Object.keys(tasks).filter((name) => tasks[name].length > 0).map((name) => [name]);
  for (const words of [...groups, ...commands]) {
    const { code, stdout, stderr } = await task(clone, ...words, "--help");
    assertEquals([code, stderr], [0, ""], words.join(" "));
    assertStringIncludes(stdout, words[0] === "train" ? "--dry-run" : `deno task ${words[0]}`);
  }
});

Deno.test("without a build, torch, compiler and pip, every command refuses a wrong flag", async () => {
  await using clone = await bareClone();
  for (const words of commands) {
    const { code, stdout, stderr } = await task(clone, ...words, "--no-such-flag", "1");
    assertEquals([code, stdout], [2, ""], words.join(" "));
    assertStringIncludes(stderr, "There is no flag --no-such-flag. See --help");
    assertEquals(stderr.trim().split("\n").length, 1, stderr);
  }
});

Deno.test("without a build, torch, compiler and pip, --dry-run shows and checks the settings", async () => {
  await using clone = await bareClone();
  const { code, stdout } = await task(clone, "train", "--dry-run", "optim.epochs=7");
  assertEquals(code, 0);
  assertStringIncludes(stdout, "epochs: 7");
  assertStringIncludes(stdout, "Schedule         iteration");
  assertStringIncludes(
    stdout,
    "Parameters, memory and FLOPs are not shown: they need the native library",
  );
  const refused = await task(clone, "train", "--dry-run", "optim.warmup_epochs=1000");
  assertEquals([refused.code, refused.stdout], [2, ""]);
  assertStringIncludes(refused.stderr, "optim.warmup_epochs");
});

interface ModuleGraph {
  readonly roots: readonly string[];
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly isDynamic?: boolean;
      readonly code?: { readonly specifier?: string };
    }[];
  }[];
}

/** All that is loaded with a file before its first line runs. */
async function loadedWith(file: URL): Promise<Set<string>> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", file.href],
  })
    .output();
  const { roots, modules }: ModuleGraph = JSON.parse(new TextDecoder().decode(stdout));
  const imports = new Map(modules.map(({ specifier, dependencies = [] }) => [
    specifier,
    dependencies.flatMap(({ isDynamic, code }) => isDynamic ? [] : code?.specifier ?? []),
  ]));
  const loaded = new Set<string>();
  const visit = (specifier: string): void => {
    if (loaded.has(specifier)) return;
    loaded.add(specifier);
    imports.get(specifier)?.forEach(visit);
  };
  roots.forEach(visit);
  return loaded;
}

/** Files of `src/data/codec/` that decode nothing: they recognise formats, read headers, or write. */
const notDecoding = [
  "decoder_version",
  "encode_png",
  "formats",
  "image_header",
  "orientation",
  "png_chunks",
  "tiff_directory",
  "unread_formats",
];

Deno.test("help loads nothing that decodes, and no package but Deno's standard library", async () => {
  for (const name of Object.keys(tasks)) {
    const loaded = [...await loadedWith(new URL(`../../tasks/${name}.ts`, import.meta.url))];
    assert(loaded.length > 10, name);
    const foreign = loaded.filter((specifier) => !/^(file|node):/.test(specifier))
      .filter((specifier) => !/\/deno-std@/.test(specifier) && !/npm:deno-std@/.test(specifier));
    assertEquals(foreign, [], name);
    assertEquals(loaded.filter((specifier) => specifier.endsWith(".wasm")), [], name);
    const decoding = loaded.flatMap((file) =>
      file.match(/\/src\/data\/codec\/(\w+)\.ts$/)?.[1] ?? []
    )
      .filter((name) => !notDecoding.includes(name));
    assertEquals(decoding, [], name);
  }
});
