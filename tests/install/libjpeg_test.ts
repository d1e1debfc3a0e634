import { assertEquals, assertThrows } from "@std/assert";
import { buildFolder } from "../../src/install/build_folder.ts";
import { installLibjpeg, readLibjpeg } from "../../src/install/libjpeg.ts";
import { addProgram, type FakeMachine, fakeMachine } from "./fake_machine.ts";

Deno.test("the libjpeg of the Pillow of PYTHON comes before that of the Python on PATH", async () => {
  await using machine = await fakeMachine();
  for (const name of ["chosen", "python3"]) {
    const packages = `${machine.folder}/${name}-packages`;
    await Deno.mkdir(`${packages}/PIL`, { recursive: true });
    await Deno.mkdir(`${packages}/pillow.libs`);
    await Deno.writeTextFile(`${packages}/pillow.libs/libjpeg-ab12.so.62.4.0`, "");
    await addProgram(machine, name, `echo ${packages}/PIL`);
  }
  const env = { ...machine.env, PYTHON: `${machine.folder}/bin/chosen` };
  await installLibjpeg({ ...machine, env });
  const real = await Deno.realPath(`${machine.folder}/chosen-packages`);
  assertEquals(readLibjpeg(machine).candidates, [
    { name: "pillow", path: `${real}/pillow.libs/libjpeg-ab12.so.62.4.0` },
    { name: "system", path: "libjpeg.so.62" },
  ]);
});

Deno.test("DEINO_JPEG leaves one libjpeg or none, and an unknown name is refused", async () => {
  await using machine = await fakeMachine();
  const asked = (DEINO_JPEG: string) => readLibjpeg({ ...machine, env: { DEINO_JPEG } }).candidates;
  assertEquals(asked("system").map(({ name }) => name), ["system"]);
  assertEquals([asked("pillow"), asked("wasm")], [[], []]);
  assertThrows(() => asked("turbo"), Error, "set it to pillow, system, wasm");
});

/** A pip whose wheel of Pillow holds these files, in a Python without Pillow. */
async function addPip(machine: FakeMachine, files: readonly string[]): Promise<void> {
  const touch = files.map((file) =>
    `real mkdir -p "$target/pillow.libs"; echo jpeg > "$target/${file}"`
  );
  const script = `
if [[ $1 == -c ]]; then echo; exit; fi
if [[ $3 == --version ]]; then echo "pip 24.2 from here"; exit; fi
echo "\${@: -2}" >> ${machine.folder}/pip.log
while (($# > 1)); do [[ $1 == --target ]] && target=$2; shift; done
real mkdir -p "$target/PIL"
${touch.join("\n")}`;
  await addProgram(machine, "python3", script);
  await Deno.mkdir(buildFolder(machine), { recursive: true });
}

const names = (machine: FakeMachine) =>
  [...Deno.readDirSync(buildFolder(machine))].map(({ name }) => name).sort();

Deno.test("without Pillow its wheel's libjpeg is fetched once, alone, and nothing else is kept", async () => {
  await using machine = await fakeMachine();
  await addPip(machine, ["pillow.libs/libpng-1.so.16", "pillow.libs/libjpeg-1.so.62.4.0"]);
  for (let i = 0; i < 2; i++) await installLibjpeg(machine);
  const path = `${buildFolder(machine)}/libjpeg/libjpeg.so.62`;
  assertEquals(readLibjpeg(machine).candidates[0], { name: "pillow", path });
  assertEquals(await Deno.readTextFile(path), "jpeg\n");
  assertEquals(await Deno.readTextFile(`${machine.folder}/pip.log`), "--no-deps pillow==12.3.0\n");
  assertEquals(names(machine), ["libjpeg", "libjpeg.json", "lock"]);
});

Deno.test("where it cannot be fetched, or the wheel has none, the system's does", async () => {
  await using machine = await fakeMachine();
  await Deno.mkdir(buildFolder(machine), { recursive: true });
  await installLibjpeg(machine);
  assertEquals(machine.lines, [
    "Continuing without Pillow's libjpeg-turbo (there is no Python on PATH)",
  ]);
  await addPip(machine, []);
  await installLibjpeg(machine);
  assertEquals(readLibjpeg(machine).candidates.map(({ name }) => name), ["system"]);
  assertEquals(names(machine), ["lock"]);
});

Deno.test("a libjpeg that a pack brought is taken without pip, and noted anew where it is gone", async () => {
  await using machine = await fakeMachine();
  const kept = `${buildFolder(machine)}/libjpeg`;
  await Deno.mkdir(kept, { recursive: true });
  await Deno.writeTextFile(`${kept}/libjpeg.so.62`, "");
  await installLibjpeg(machine);
  assertEquals([readLibjpeg(machine).candidates[0].path, machine.lines], [
    `${kept}/libjpeg.so.62`,
    [],
  ]);
  await Deno.remove(`${kept}/libjpeg.so.62`);
  assertEquals(readLibjpeg(machine).candidates.length, 1);
});
