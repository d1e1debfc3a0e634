import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { buildShim, isShimCurrent, readShimRecord } from "../../src/install/build_shim.ts";
import { type Libtorch, readLibtorch } from "../../src/install/libtorch.ts";
import { exists } from "../../src/install/machine.ts";
import {
  addProgram,
  addToolchain,
  addTorch,
  cmakeRuns,
  type FakeMachine,
  fakeMachine,
} from "./fake_machine.ts";

async function libtorchIn(
  machine: FakeMachine,
  name = "torch",
  version?: string,
): Promise<Libtorch> {
  const root = await addTorch(
    `${machine.folder}/${name}`,
    version === undefined ? {} : { version },
  );
  return readLibtorch(root, "a test")!;
}

Deno.test("a build notes what the library needs to open the shim", async () => {
  await using machine = await fakeMachine();
  await addToolchain(machine);
  const libtorch = await libtorchIn(machine);
  const record = await buildShim(libtorch, machine);
  assertEquals(readShimRecord(machine), record);
  assertEquals(
    [record.libtorch, record.torchVersion, record.torchGit, record.cuda],
    [libtorch.root, "2.13.0+cpu", "abc123", null],
  );
  assert(exists(record.library));
});

Deno.test("a second build starts no CMake and says nothing", async () => {
  await using machine = await fakeMachine();
  await addToolchain(machine);
  const libtorch = await libtorchIn(machine);
  const first = await buildShim(libtorch, machine);
  const [runs, lines] = [cmakeRuns(machine), machine.lines.length];
  assertEquals(await buildShim(libtorch, machine), first);
  assertEquals([cmakeRuns(machine), machine.lines.length], [runs, lines]);
});

Deno.test("a changed source, compiler or libtorch is another shim", async () => {
  await using machine = await fakeMachine();
  await addToolchain(machine);
  const libtorch = await libtorchIn(machine);
  const keys = [(await buildShim(libtorch, machine)).key];
  await Deno.writeTextFile(`${machine.project}/native/core.cc`, "int two() { return 2; }\n");
  assertEquals(await isShimCurrent(libtorch, machine), false);
  keys.push((await buildShim(libtorch, machine)).key);
  await addProgram(machine, "c++", `echo "g++ (Fake) 13.1.0"`);
  keys.push((await buildShim(libtorch, machine)).key);
  keys.push((await buildShim(await libtorchIn(machine, "other", "2.12.0"), machine)).key);
  keys.push((await buildShim(await libtorchIn(machine, "moved"), machine)).key);
  assertEquals(new Set(keys).size, keys.length);
});

Deno.test("going back to an earlier libtorch takes the shim that was built for it", async () => {
  await using machine = await fakeMachine();
  await addToolchain(machine);
  const [one, other] = [await libtorchIn(machine), await libtorchIn(machine, "other", "2.11.0")];
  const first = await buildShim(one, machine);
  assertNotEquals((await buildShim(other, machine)).library, first.library);
  const runs = cmakeRuns(machine);
  assertEquals(await buildShim(one, machine), first);
  assertEquals([cmakeRuns(machine), readShimRecord(machine)?.key], [runs, first.key]);
});

Deno.test("a shim whose file has gone is built again", async () => {
  await using machine = await fakeMachine();
  await addToolchain(machine);
  const libtorch = await libtorchIn(machine);
  const { library } = await buildShim(libtorch, machine);
  await Deno.remove(library);
  assertEquals(readShimRecord(machine), undefined);
  await buildShim(libtorch, machine);
  assert(exists(library));
});

Deno.test("two builds at once build once", async () => {
  await using machine = await fakeMachine();
  await addToolchain(machine);
  const libtorch = await libtorchIn(machine);
  const [one, two] = await Promise.all([
    buildShim(libtorch, machine),
    buildShim(libtorch, machine),
  ]);
  assertEquals(one, two);
  assertEquals(cmakeRuns(machine), 2, "one configure, one build");
  assert(machine.lines.includes("Waiting for another process that builds here"));
});

Deno.test("a strict build runs even when the shim is there", async () => {
  await using machine = await fakeMachine();
  await addToolchain(machine);
  const libtorch = await libtorchIn(machine);
  const relaxed = await buildShim(libtorch, machine);
  const runs = cmakeRuns(machine);
  assertEquals(await buildShim(libtorch, machine, { strict: true }), relaxed);
  assertEquals(cmakeRuns(machine), runs + 2);
});

Deno.test("a refused source shows the compiler's first error and leaves no shim", async () => {
  await using machine = await fakeMachine();
  await addToolchain(machine);
  const message = "core.cc:1:5: error: expected a type";
  await addProgram(
    machine,
    "cmake",
    `[[ $1 == --version ]] && echo "cmake version 4.1.0" || { echo "${message}"; exit 1; }`,
  );
  const libtorch = await libtorchIn(machine);
  await assertRejects(() => buildShim(libtorch, machine), Error, message);
  assertEquals(readShimRecord(machine), undefined);
});

Deno.test("a missing or old tool is named with its cure", async () => {
  const cases: ReadonlyArray<readonly [program: string, script: string | null, message: string]> = [
    ["c++", null, "apt-get install -y g++"],
    ["c++", `echo "g++ (Fake) 10.2.1"`, "C++20 needs g++ 11 or newer"],
    ["c++", `echo "Fake clang version 12.0.1"`, "C++20 needs clang++ 13 or newer"],
    ["cmake", null, "apt-get install -y cmake"],
    ["cmake", `echo "cmake version 3.22.1"`, "must be 3.25 or newer"],
    ["ninja", null, "neither ninja nor make"],
  ];
  for (const [program, script, message] of cases) {
    await using machine = await fakeMachine();
    await addToolchain(machine);
    await addProgram(machine, "apt-get", "");
    if (script === null) await Deno.remove(`${machine.folder}/bin/${program}`);
    else await addProgram(machine, program, script);
    const libtorch = await libtorchIn(machine);
    await assertRejects(() => buildShim(libtorch, machine), Error, message);
  }
});

Deno.test("CXX chooses the compiler, and one that is not there is an error", async () => {
  await using machine = await fakeMachine({ CXX: "my-compiler" });
  await addToolchain(machine);
  const libtorch = await libtorchIn(machine);
  await assertRejects(
    () => buildShim(libtorch, machine),
    Error,
    "CXX=my-compiler names no program",
  );
  await addProgram(machine, "my-compiler", `echo "Fake clang version 17.0.6"`);
  const { key } = await buildShim(libtorch, machine);
  assertNotEquals(
    (await buildShim(libtorch, { ...machine, env: { PATH: machine.env.PATH } })).key,
    key,
  );
});
