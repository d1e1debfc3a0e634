import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { buildLibrary } from "../../src/install/build_library.ts";
import { isCurrent, readBuilt } from "../../src/install/built_library.ts";
import { type Libtorch, readLibtorch } from "../../src/install/libtorch.ts";
import { exists, type Machine } from "../../src/install/machine.ts";
import { type NativeLibrary, torchLibrary } from "../../src/install/native_library.ts";
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

function buildShim(libtorch: Libtorch, machine: Machine, options: { strict?: boolean } = {}) {
  return buildLibrary(torchLibrary, machine, { libtorch, ...options });
}

Deno.test("a build notes what the library needs to open the shim", async () => {
  await using machine = await fakeMachine();
  await addToolchain(machine);
  const libtorch = await libtorchIn(machine);
  const record = await buildShim(libtorch, machine);
  assertEquals(readBuilt(torchLibrary, machine), record);
  assertEquals(
    [record.libtorch, record.libtorch?.version, record.libtorch?.git, record.libtorch?.cuda],
    [libtorch, "2.13.0+cpu", "abc123", null],
  );
  assert(exists(record.file));
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
  assertEquals(isCurrent(readBuilt(torchLibrary, machine)!, torchLibrary, machine), false);
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
  assertNotEquals((await buildShim(other, machine)).file, first.file);
  const runs = cmakeRuns(machine);
  assertEquals(await buildShim(one, machine), first);
  assertEquals([cmakeRuns(machine), readBuilt(torchLibrary, machine)?.key], [runs, first.key]);
});

Deno.test("a shim whose file has gone is built again", async () => {
  await using machine = await fakeMachine();
  await addToolchain(machine);
  const libtorch = await libtorchIn(machine);
  const { file } = await buildShim(libtorch, machine);
  await Deno.remove(file);
  assertEquals(readBuilt(torchLibrary, machine), undefined);
  await buildShim(libtorch, machine);
  assert(exists(file));
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

Deno.test("CMake is told the sources, the compiler, the build program, libtorch, and to use every core", async () => {
  await using machine = await fakeMachine();
  await addToolchain(machine);
  const libtorch = await libtorchIn(machine);
  await buildShim(libtorch, machine);
  await buildShim(libtorch, machine, { strict: true });
  const [configured, built, strictly] = (await Deno.readTextFile(`${machine.folder}/cmake.log`))
    .replaceAll(machine.folder, "").replaceAll(/cmake-[0-9a-f]+/g, "FOLDER").split("\n");
  const common = "-S /project/native -B /project/native/build/FOLDER -G Ninja -DLIBTORCH=/torch " +
    "-DCMAKE_CXX_COMPILER=/bin/c++ -DCMAKE_COMPILE_WARNING_AS_ERROR=";
  assertEquals([configured, strictly], [`${common}OFF`, `${common}ON`]);
  const cores = navigator.hardwareConcurrency;
  assertEquals(built, `--build /project/native/build/FOLDER --parallel ${cores}`);
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
  const colored = "core.cc:1:5: \\033[01;31merror: \\033[0mexpected a type";
  await addProgram(
    machine,
    "cmake",
    `[[ $1 == --version ]] && echo "cmake version 4.1.0" || { printf "${colored}"; exit 1; }`,
  );
  const libtorch = await libtorchIn(machine);
  const message = "failed:\ncore.cc:1:5: error: expected a type\nRun";
  await assertRejects(() => buildShim(libtorch, machine), Error, message);
  assertEquals(readBuilt(torchLibrary, machine), undefined);
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

Deno.test("a source of any ending in any folder counts, and so do the flags of every compiler", async () => {
  await using machine = await fakeMachine();
  await addToolchain(machine);
  const libtorch = await libtorchIn(machine);
  const keys = [(await buildShim(libtorch, machine)).key];
  await Deno.mkdir(`${machine.project}/native/kernels`);
  for (const name of ["kernels/fused.cu", "ops.txt"]) {
    await Deno.writeTextFile(`${machine.project}/native/${name}`, "new");
    keys.push((await buildShim(libtorch, machine)).key);
  }
  for (const name of ["CXXFLAGS", "CPPFLAGS", "LDFLAGS"]) {
    const flagged = { ...machine, env: { ...machine.env, [name]: "-O0" } };
    keys.push((await buildShim(libtorch, flagged)).key);
  }
  assertEquals(new Set(keys).size, keys.length);
  await Deno.writeTextFile(`${machine.project}/native/README.md`, "For people.");
  assertEquals((await buildShim(libtorch, machine)).key, keys[2], "a page is no source");
});

Deno.test("a library in a folder of its own has a key, a record and files of its own", async () => {
  await using machine = await fakeMachine();
  await addToolchain(machine);
  const pictures: NativeLibrary = {
    name: "pictures",
    folder: "native/pictures",
    programs: ["draw"],
    linksLibtorch: false,
  };
  await Deno.mkdir(`${machine.project}/native/pictures`);
  await Deno.writeTextFile(`${machine.project}/native/pictures/CMakeLists.txt`, "project(two)\n");
  const libtorch = await libtorchIn(machine);
  const shim = await buildShim(libtorch, machine);
  const built = await buildLibrary(pictures, machine, { libtorch });
  assertEquals(built.libtorch, undefined);
  assertEquals(readBuilt(pictures, machine), built);
  assert(built.file.endsWith("/libpictures.so") && exists(built.file));
  assert(exists(built.file.replace("libpictures.so", "draw")));

  await Deno.writeTextFile(`${machine.project}/native/pictures/blur.cc`, "int blur;\n");
  assertEquals(isCurrent(built, pictures, machine), false);
  assertEquals(isCurrent(shim, torchLibrary, machine), true);
  const other = await libtorchIn(machine, "other", "2.12.0");
  const rebuilt = await buildLibrary(pictures, machine, { libtorch });
  assertEquals(await buildLibrary(pictures, machine, { libtorch: other }), rebuilt);
});

Deno.test("a library that is built needs neither compiler nor Python, but another of them is looked at", async () => {
  await using machine = await fakeMachine();
  await addToolchain(machine);
  await addProgram(machine, "python3", "");
  const built = await buildShim(await libtorchIn(machine), machine);
  const isBuilt = (env = machine.env) => isCurrent(built, torchLibrary, { ...machine, env });
  assertEquals(isBuilt(), true);
  assertEquals(isBuilt({ PATH: "/nowhere" }), true);
  assertEquals(isBuilt({ ...machine.env, LIBTORCH: "/another" }), false);
  for (const program of ["c++", "python3"]) {
    const before = await Deno.stat(`${machine.folder}/bin/${program}`);
    await Deno.utime(`${machine.folder}/bin/${program}`, new Date(), new Date(2001));
    assertEquals(isBuilt(), false, `another ${program}`);
    await Deno.utime(`${machine.folder}/bin/${program}`, new Date(), before.mtime!);
    assertEquals(isBuilt(), true);
  }
  await Deno.writeTextFile(`${built.libtorch!.root}/version.py`, "__version__ = '2.12.0'\n");
  assertEquals(isBuilt(), false, "another libtorch in the same place");
});

Deno.test("a libtorch that has lost its CUDA half is another one", async () => {
  await using machine = await fakeMachine();
  await addToolchain(machine);
  const root = await addTorch(`${machine.folder}/torch`, { version: "2.13.0+cu130", cuda: "13.0" });
  const built = await buildShim(readLibtorch(root, "a test")!, machine);
  assertEquals(isCurrent(built, torchLibrary, machine), true);
  await Deno.remove(`${root}/lib/libtorch_cuda.so`);
  assertEquals(isCurrent(built, torchLibrary, machine), false);
});
