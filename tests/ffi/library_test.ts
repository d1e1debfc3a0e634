import "../native.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { coreSymbols } from "../../src/ffi/core_symbols.ts";
import { native } from "../../src/ffi/library.ts";
import { OPERATOR_HASH, operatorSymbols } from "../../src/ffi/symbols.gen.ts";
import { thisMachine } from "../../src/install/machine.ts";
import { compilerPath } from "../../src/install/toolchain.ts";
import { bareClone } from "../bare_clone.ts";

function lastError(): string {
  const buffer = new Uint8Array(1024);
  const code = native.deino_take_error(buffer, buffer.length);
  return new TextDecoder().decode(buffer.subarray(0, code & 0xffffff));
}

/** A tensor of one float32. */
function one(): bigint {
  return native.deino_from_data(new Uint8Array(4), 4n, BigInt64Array.of(1n), 1, 6, 0, true);
}

/** Where a handle's tensor is kept. */
function slot(handle: bigint): bigint {
  return handle & 0xffffffffn;
}

Deno.test("null, invented and freed handles are errors, not crashes", () => {
  const shape = BigInt64Array.of(2n);
  const handle = native.deino_from_data(new Uint8Array(8), 8n, shape, 1, 6, 0, true);
  assertEquals(native.deino_free(handle), 1);
  const next = handle + (1n << 32n); // of the generation in which the slot is empty
  for (const bad of [0n, 1n, handle, next, 0xffffffffffffffffn, 1n << 32n]) {
    assertEquals(native.deino_neg(bad), 0n);
    assertStringIncludes(lastError(), "tensor");
    assertEquals(native.deino_free(bad), 0);
  }
});

Deno.test("there are slots for many thousands, and a handle on the one behind the last is an error too", () => {
  const handles: bigint[] = [];
  do {
    handles.push(one());
    assert(handles.at(-1) !== 0n, lastError());
  } while (handles.length < 16384 || slot(handles.at(-1)!) % 4096n !== 4095n);
  assertEquals(native.deino_free((1n << 32n) | (slot(handles.at(-1)!) + 1n)), 0);
  native.deino_free_many(BigUint64Array.from(handles), handles.length);
});

Deno.test("a freed handle stays dead when its slot is used again", () => {
  const first = one();
  native.deino_free(first);
  const second = one();
  assertEquals(slot(second), slot(first));
  assertEquals(native.deino_neg(first), 0n);
  assertStringIncludes(lastError(), "disposed");
  native.deino_free(second);
});

Deno.test("null buffers and wrong sizes are errors, not crashes", () => {
  const nothing = new Uint8Array(0);
  assertEquals(native.deino_from_data(nothing, 8n, BigInt64Array.of(2n), 1, 6, 0, true), 0n);
  assertEquals(
    native.deino_from_data(new Uint8Array(4), 4n, new BigInt64Array(0), 3, 6, 0, true),
    0n,
  );
  assertEquals(
    native.deino_from_data(new Uint8Array(4), 4n, BigInt64Array.of(2n), 1, 6, 0, true),
    0n,
  );
  assertStringIncludes(lastError(), "the shape needs 8 bytes, the data has 4");
  assertEquals(
    native.deino_from_data(new Uint8Array(4), 4n, BigInt64Array.of(1n), 1, 99, 0, true),
    0n,
  );
  assertEquals(native.deino_free_many(new BigUint64Array(0), 5), 0);
  const handle = one();
  for (const room of [1, 2]) {
    assertEquals(native.deino_describe(handle, new BigInt64Array(2), room), 0, `${room} of 3`);
  }
  assertEquals(native.deino_to_data(handle, new Uint8Array(2), 2n), 0);
  assertEquals(native.deino_item(handle, new Float64Array(0)), 0);
  assertEquals(native.deino_chunk(handle, 1n, 0n, new BigUint64Array(0), 0), 0);
  native.deino_free(handle);
  lastError();
});

Deno.test("a result may fill its buffer to the end, and one that is larger leaves the buffer alone", () => {
  const pair = native.deino_from_data(new Uint8Array(2), 2n, BigInt64Array.of(2n), 1, 0, 0, true);
  const halves = new BigUint64Array(2), shape = new BigInt64Array(3);
  assertEquals(native.deino_chunk(pair, 2n, 0n, halves, 1), 0);
  assertStringIncludes(lastError(), "the result buffer holds 1 of 2 tensors");
  assertEquals([...halves], [0n, 0n]);
  assertEquals(native.deino_chunk(pair, 2n, 0n, halves, 2), 2);
  assertEquals(native.deino_describe(pair, shape, 3), 2);
  assertEquals([...shape], [0n, 0n, 2n]);
  native.deino_free_many(BigUint64Array.of(pair, ...halves), 3);
});

Deno.test("an error is reported once", () => {
  native.deino_neg(0n);
  assertStringIncludes(lastError(), "missing");
  assertEquals(lastError(), "");
});

Deno.test("of an error that is longer than the buffer the beginning is told, and nothing is written behind it", () => {
  native.deino_neg(0n);
  const buffer = new Uint8Array(16);
  assertEquals(native.deino_take_error(buffer, 8) & 0xffffff, 8);
  assertEquals(new TextDecoder().decode(buffer), "a tensor" + "\0".repeat(8));
});

/** Compiles a library of every function that the shim has, which tells of itself what the environment says. */
async function compileStub(file: string): Promise<void> {
  const told = {
    deino_operator_hash: "HASH",
    deino_built_for: "BUILT",
    deino_running_on: "RUNNING",
  };
  const names = Object.keys({ ...coreSymbols, ...operatorSymbols });
  const functions = names.map((name) => {
    if (name === "deino_load_cuda") {
      return `int ${name}(const char *file, int length) { sprintf(path, "%.*s", length, file); return 0; }`;
    }
    if (name === "deino_take_error") {
      return `int ${name}(char *text) { return 1 << 24 | sprintf(text, "no %s", path); }`;
    }
    const from = told[name as keyof typeof told];
    return `unsigned long long ${name}() { return ${
      from ? `strtoull(getenv("${from}"), 0, 0)` : 0
    }; }`;
  });
  const source = [
    "#include <stdio.h>",
    "#include <stdlib.h>",
    "static char path[256];",
    ...functions,
  ];
  await Deno.writeTextFile(`${file}.c`, source.join("\n"));
  const { success, stderr } = await new Deno.Command(compilerPath(thisMachine())!, {
    args: ["-x", "c", "-shared", "-fPIC", "-o", file, `${file}.c`],
  }).output();
  assertEquals([success, new TextDecoder().decode(stderr)], [true, ""]);
}

Deno.test("a shim of other operators, for another libtorch or without its CUDA half is refused when it is opened", async () => {
  await using clone = await bareClone();
  const build = join(clone.root, "native/build"), file = join(build, "libdeino.so");
  await Deno.mkdir(build);
  await compileStub(file);
  await Deno.writeTextFile(
    join(clone.root, "worker.ts"),
    `import { native } from "./src/ffi/library.ts";
     try { native.deino_threads(); } catch (error) { self.postMessage(error.message); }`,
  );
  await Deno.writeTextFile(
    join(clone.root, "main.ts"), // a worker takes what is noted as it is
    `for (const [HASH, BUILT, RUNNING, cuda] of JSON.parse(Deno.args[0])) {
       for (const [name, value] of Object.entries({ HASH, BUILT, RUNNING })) Deno.env.set(name, value);
       const libtorch = { root: "/torch", version: "2.13.0", cuda };
       Deno.writeTextFileSync("native/build/deino.json", JSON.stringify({ file: Deno.args[1], libtorch }));
       const worker = new Worker(import.meta.resolve("./worker.ts"), { type: "module" });
       console.log(await new Promise((resolve) => worker.onmessage = ({ data }) => resolve(data)));
       worker.terminate();
     }`,
  );
  const hash = String(OPERATOR_HASH);
  const packed = (...digits: number[]) =>
    String(digits.reduce((sum, digit, i) => sum | BigInt(digit) << BigInt(56 - 8 * i), 0n));
  const versions = [[1, 13, 0], [2, 12, 0], [2, 13, 1]];
  const cases = [
    [`${OPERATOR_HASH - 1n}`, "0", "0", null],
    ...versions.map((version) => [hash, packed(2, 13, 0), packed(...version), null]),
    [hash, packed(2, 13, 0, 7), packed(2, 13, 0), "13.0"],
  ];
  const args = ["run", "-A", "main.ts", JSON.stringify(cases), file];
  const { stdout, stderr } = await clone.deno(args);
  const refused = "Cannot use the native shim: it was built";
  assertEquals(stdout.trim().split("\n"), [
    `${refused} from another operator list. Run \`deno task build\``,
    ...versions.map((version) =>
      `${refused} for libtorch 2.13.0, and ${version.join(".")} is loaded. Run \`deno task build\``
    ),
    "Cannot load libtorch's CUDA library: no /torch/lib/libtorch_cuda.so. Run `deno task doctor`",
  ], stderr);
});

Deno.test("a program that may not open libraries is told what to allow, and to build nothing", async () => {
  const source = new URL("../../src/ffi/library.ts", import.meta.url).href;
  const config = fromFileUrl(new URL("../../deno.json", import.meta.url));
  const code = `import { native } from "${source}";
    try { native.deino_threads(); } catch (error) { console.log((error as Error).message); }`;
  const url = `data:application/typescript,${encodeURIComponent(code)}`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--no-check",
      "--config",
      config,
      "--allow-read",
      "--allow-env",
      url,
    ],
  }).output();
  assertMatch(
    new TextDecoder().decode(stdout),
    /^Cannot load the native shim .*--allow-ffi flag\n$/,
  );
});
