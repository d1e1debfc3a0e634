import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { buildFolder } from "../../src/install/build_folder.ts";
import { readBuilt } from "../../src/install/built_library.ts";
import { cachedLibtorch } from "../../src/install/find_libtorch.ts";
import { install, isInstalled } from "../../src/install/install.ts";
import { exists } from "../../src/install/machine.ts";
import { nativeLibraries, pixelsLibrary, torchLibrary } from "../../src/install/native_library.ts";
import { addProgram, addToolchain, addTorch, cmakeRuns, fakeMachine } from "./fake_machine.ts";

const noted = "Continuing without Pillow's decoders (there is no Python on PATH)";

Deno.test("an installation tells what it finds and builds, and nothing where all is there", async () => {
  await using machine = await fakeMachine();
  await addToolchain(machine);
  await Deno.mkdir(buildFolder(machine), { recursive: true });
  const root = await addTorch(cachedLibtorch(machine));
  await install(nativeLibraries, machine);
  const told = machine.lines.splice(0).map((line) => line.replace(/in \d+ s/, "in N s"));
  assertEquals(told, [
    `Found libtorch 2.13.0+cpu: ${root} (the project's cache)`,
    "Building libdeino.so for libtorch 2.13.0+cpu, under a minute",
    "Built it in N s",
    "Building libdeino_pixels.so, under a minute",
    "Built it in N s",
    noted,
  ]);
  const { libtorch } = readBuilt(torchLibrary, machine)!;
  assertEquals(nativeLibraries.map((each) => isInstalled(each, libtorch, machine)), [true, true]);
  assertEquals(
    nativeLibraries.map((each) => isInstalled(each, { ...libtorch!, git: "other" }, machine)),
    [false, true],
    "only the shim is linked to libtorch",
  );
  const runs = cmakeRuns(machine);
  await install(nativeLibraries, machine);
  assertEquals([machine.lines, cmakeRuns(machine)], [[noted], runs]);
  await install(nativeLibraries, machine, { strict: true });
  assertEquals(cmakeRuns(machine), runs + 4, "both are built once more, with warnings as errors");
});

Deno.test("an old libtorch is told to be passed over, and without another one is fetched", async () => {
  await using machine = await fakeMachine();
  await addToolchain(machine);
  await addTorch(cachedLibtorch(machine), { version: "2.9.0" });
  await assertRejects(() => install([torchLibrary], machine), Error, "there is no Python on PATH");
  assertMatch(machine.lines[0], /^Skipped libtorch 2.9.0 of the project's cache/);
});

Deno.test("what is current is kept where compiler and Python have gone from PATH", async () => {
  await using machine = await fakeMachine();
  await addToolchain(machine);
  const torch = await addTorch(`${machine.folder}/torch`);
  await addProgram(machine, "python3", `[[ $* == *torch* ]] && echo "${torch}"`);
  await install(nativeLibraries, machine);
  machine.lines.splice(0);
  const runs = cmakeRuns(machine);
  const bare = { ...machine, env: { ...machine.env, PATH: "" } };
  await install(nativeLibraries, bare);
  const why = "there is no C++ compiler on PATH";
  const kept = nativeLibraries.map(({ name }) => `Keeping lib${name}.so: ${why}`);
  assertEquals([machine.lines, cmakeRuns(machine)], [[...kept, noted], runs]);
  const asked = { ...bare, env: { ...bare.env, CXX: "/no/compiler" } };
  await assertRejects(() => install(nativeLibraries, asked), Error, "names no program");
  await assertRejects(
    () => install(nativeLibraries, bare, { strict: true }),
    Error,
    "there is none on PATH",
  );
  await Deno.writeTextFile(`${machine.project}/native/core.cc`, "int two() { return 2; }\n");
  await assertRejects(() => install(nativeLibraries, bare), Error, "Cannot");
});

Deno.test("the library of pixels needs no libtorch, and the shim no decoders", async () => {
  await using machine = await fakeMachine();
  await addToolchain(machine);
  await Deno.mkdir(buildFolder(machine), { recursive: true });
  await addProgram(machine, "python3", 'echo "$@" >> "$folder/calls"');
  await install([pixelsLibrary], machine);
  assertEquals(readBuilt(pixelsLibrary, machine)!.libtorch, undefined);
  const calls = Deno.readTextFileSync(`${machine.folder}/calls`);
  assertEquals([calls.includes("'PIL'"), calls.includes("'torch'")], [true, false]);
  await Deno.remove(`${machine.folder}/calls`);
  const LIBTORCH = await addTorch(`${machine.folder}/torch`);
  await install([torchLibrary], { ...machine, env: { ...machine.env, LIBTORCH } });
  assertEquals(exists(`${machine.folder}/calls`), false);
});
