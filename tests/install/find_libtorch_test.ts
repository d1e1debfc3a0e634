import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { cachedLibtorch, findLibtorch } from "../../src/install/find_libtorch.ts";
import { addProgram, addTorch, fakeMachine } from "./fake_machine.ts";

/** Gives the machine a real Python that has a torch, which must not be imported. */
async function addPython(
  machine: Awaited<ReturnType<typeof fakeMachine>>,
  version: string,
  ...names: string[]
) {
  const root = await addTorch(`${machine.folder}/site/torch`, { version });
  await Deno.writeTextFile(`${root}/__init__.py`, "raise SystemExit('torch was imported')\n");
  const script = 'PYTHONPATH="$folder/site" real python3 "$@"';
  for (const name of ["python3", ...names]) await addProgram(machine, name, script);
  return root;
}

Deno.test("LIBTORCH comes before Python's torch and the cache", async () => {
  await using machine = await fakeMachine();
  await addPython(machine, "2.13.0");
  await addTorch(cachedLibtorch(machine));
  const root = await addTorch(`${machine.folder}/mine`, { version: "2.11.0" });
  const { found } = await findLibtorch({ ...machine, env: { ...machine.env, LIBTORCH: root } });
  assertEquals([found?.root, found?.version], [root, "2.11.0"]);
});

Deno.test("Python's torch comes before the cache, and is not imported to find it", async () => {
  await using machine = await fakeMachine();
  const root = await addPython(machine, "2.12.0");
  await addTorch(cachedLibtorch(machine));
  const search = await findLibtorch(machine);
  assertEquals([search.found?.root, search.passedOver], [root, []]);
});

Deno.test("the first Python that has torch counts, behind others without", async () => {
  await using machine = await fakeMachine();
  const root = await addPython(machine, "2.12.0", "python");
  await addProgram(machine, "python3", "echo");
  const { found, passedOver } = await findLibtorch(machine);
  assertEquals([found?.root, found?.origin], [root, `Python (${machine.folder}/bin/python)`]);
  assertEquals(passedOver, []);
});

Deno.test("a torch that several Pythons share is passed over once", async () => {
  await using machine = await fakeMachine();
  await addPython(machine, "2.9.1", "python");
  assertEquals((await findLibtorch(machine)).passedOver.length, 1);
});

Deno.test("an unsupported torch is passed over in one sentence, and the search goes on", async () => {
  await using machine = await fakeMachine();
  await addPython(machine, "2.9.1");
  const cached = await addTorch(cachedLibtorch(machine));
  const search = await findLibtorch(machine);
  assertEquals([search.found?.root, search.passedOver.length], [cached, 1]);
  assertStringIncludes(search.passedOver[0], "Skipped libtorch 2.9.1 of Python");
  assertStringIncludes(search.passedOver[0], "-m pip install torch==2.13.0`");
});

Deno.test("a machine without Python and cache has no libtorch", async () => {
  await using machine = await fakeMachine();
  assertEquals(await findLibtorch(machine), { passedOver: [] });
});

Deno.test("a Python without torch, or one that fails, has no libtorch", async () => {
  for (const script of ["echo", "exit 3"]) {
    await using machine = await fakeMachine();
    await addProgram(machine, "python3", script);
    assertEquals(await findLibtorch(machine), { passedOver: [] });
  }
});

Deno.test("a LIBTORCH that cannot be used is an error, even with another libtorch at hand", async () => {
  await using machine = await fakeMachine();
  await addTorch(cachedLibtorch(machine));
  await Deno.mkdir(`${machine.folder}/empty`);
  await addTorch(`${machine.folder}/old`, { version: "2.8.0" });
  const reasons = {
    absent: "there is no such folder",
    empty: "it lacks",
    old: "its version is 2.8.0",
  };
  for (const [name, reason] of Object.entries(reasons)) {
    const env = { ...machine.env, LIBTORCH: `${machine.folder}/${name}` };
    const error = await assertRejects(() => findLibtorch({ ...machine, env }), Error, reason);
    assertStringIncludes(error.message, "unset LIBTORCH");
  }
});

Deno.test("half a torch of Python's and an old one in the cache are passed over, each with its cure", async () => {
  await using machine = await fakeMachine();
  const root = await addPython(machine, "2.13.0");
  await Deno.remove(`${root}/lib/libc10.so`);
  const python = `${machine.folder}/bin/python3`;
  await addTorch(cachedLibtorch(machine), { version: "2.10.0" });
  const { found, passedOver } = await findLibtorch(machine);
  assertEquals(found, undefined);
  assertEquals(passedOver, [
    `Skipped the torch of Python (${python}): ${root} lacks headers, libraries or a version. ` +
    `To use that one, run \`${python} -m pip install torch==2.13.0\``,
    "Skipped libtorch 2.10.0 of the project's cache: Deino supports 2.11, 2.12, 2.13 and 2.14. " +
    `To use that one, run \`rm -r ${machine.project}/native/libtorch && deno task build\``,
  ]);
});

Deno.test("a folder called torch in the working directory is not Python's torch", async () => {
  await using machine = await fakeMachine();
  await addTorch(`${machine.folder}/torch`);
  await Deno.writeTextFile(`${machine.folder}/torch/__init__.py`, "");
  await addProgram(machine, "python", 'cd "$folder"; PYTHONPATH= real python3 "$@"');
  const { found } = await findLibtorch(machine);
  assertEquals(found?.root === `${machine.folder}/torch`, false);
});
