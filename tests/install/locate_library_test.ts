import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { locateLibrary } from "../../src/install/locate_library.ts";
import { nativeLibraries, torchLibrary } from "../../src/install/native_library.ts";
import { bareClone } from "../bare_clone.ts";
import { shellWords } from "../shell_words.ts";

const ADD = `import { ones } from "./mod.ts"; console.log(ones([2]).add(1).toArray());`;

/** Programs that instead of compiling for a minute take the libraries of this checkout. */
async function addToolchain(bin: string): Promise<void> {
  const files = nativeLibraries.flatMap((library) => {
    const { file } = locateLibrary(library);
    return [file, ...library.programs.map((name) => join(dirname(file), name))];
  });
  await addProgram(bin, "c++", `echo "g++ (Fake) 12.2.0"`);
  await addProgram(bin, "ninja", "");
  await addProgram(
    bin,
    "cmake",
    `case $1 in
      --version) echo "cmake version 3.25.1";;
      --build) cp ${shellWords(...files)} "$2";;
      *) mkdir -p "$4";;
    esac`,
  );
}

async function addProgram(bin: string, name: string, script: string): Promise<void> {
  await Deno.writeTextFile(
    join(bin, name),
    `#!/bin/sh\nPATH=${shellWords(Deno.env.get("PATH") ?? "")}\n${script}\n`,
  );
  await Deno.chmod(join(bin, name), 0o755);
}

Deno.test("importing Deino builds nothing; the first call builds the library, the next process finds it", async () => {
  const { libtorch } = locateLibrary(torchLibrary);
  await using clone = await bareClone();
  await Deno.writeTextFile(
    join(clone.root, "import.ts"),
    `import "./mod.ts"; console.log("here");`,
  );
  await Deno.writeTextFile(join(clone.root, "add.ts"), ADD);
  const env = { LIBTORCH: libtorch!.root };
  const imported = await clone.deno(["run", "-A", "import.ts"], env);
  assertEquals([imported.code, imported.stdout], [0, "here\n"], imported.stderr);

  await addToolchain(clone.bin);
  const first = await clone.deno(["run", "-A", "add.ts"], env);
  assertEquals([first.code, first.stdout], [0, "Float32Array(2) [ 2, 2 ]\n"], first.stderr);
  assertStringIncludes(first.stderr, "Building libdeino.so");
  for (const name of ["c++", "cmake", "ninja"]) await Deno.remove(join(clone.bin, name));
  const second = await clone.deno(["run", "-A", "add.ts"], env);
  assertEquals([second.code, second.stdout, second.stderr], [0, "Float32Array(2) [ 2, 2 ]\n", ""]);
});

Deno.test("a library that cannot be built says what is missing, and is tried once", async () => {
  const { libtorch } = locateLibrary(torchLibrary);
  await using clone = await bareClone();
  await Deno.writeTextFile(
    join(clone.root, "twice.ts"),
    `import { ones } from "./mod.ts";
     for (const _ of [1, 2]) try { ones([2]); } catch (error) { console.log(error.message); }`,
  );
  const hostile = join(clone.root, "torch\x1b[2J");
  await Deno.symlink(libtorch!.root, hostile);
  const { stdout, stderr } = await clone.deno(["run", "-A", "twice.ts"], { LIBTORCH: hostile });
  const [one, two] = stdout.trim().split("\n");
  assert(one.startsWith("Cannot find a C++ compiler: there is none on PATH"), stdout);
  assertEquals(two, one);
  assertEquals(stderr.match(/Found libtorch/g)?.length, 1);
  assertEquals([stderr.includes("torch\\u001b[2J"), stderr.includes("\x1b")], [true, false]);
});

Deno.test("a worker takes what is built, and never builds", async () => {
  await using clone = await bareClone();
  const worker = `try { (await import("./mod.ts")).ones([2]); }
    catch (error) { self.postMessage(error.message); }`;
  await Deno.writeTextFile(join(clone.root, "worker.ts"), worker);
  await Deno.writeTextFile(
    join(clone.root, "main.ts"),
    `const worker = new Worker(import.meta.resolve("./worker.ts"), { type: "module" });
     worker.onmessage = ({ data }) => { console.log(data); worker.terminate(); };`,
  );
  const { stdout } = await clone.deno(["run", "-A", "main.ts"]);
  assertEquals(
    stdout,
    "Cannot find the native library libdeino.so: it is not built yet. Run `deno task build`\n",
  );
});

Deno.test("threads that decode find the library that decodes, for it is built before they start", async () => {
  await using clone = await bareClone();
  await addToolchain(clone.bin);
  await Deno.writeTextFile(
    join(clone.root, "pool.ts"),
    `import { DecodePool } from "./src/data/decode_pool.ts";
     using pool = new DecodePool({ workers: 1 });
     console.log(Deno.statSync("native/build/deino_pixels.json").isFile);`,
  );
  const { stdout, stderr } = await clone.deno(["run", "-A", "pool.ts"]);
  assertEquals(stdout, "true\n", stderr);
});
