import { assertEquals, assertThrows } from "@std/assert";
import { buildFolder } from "../../src/install/build_folder.ts";
import {
  installDecoderLibraries,
  LIBRARY_FORMATS,
  notedLibraries,
  readDecoderLibrary,
} from "../../src/install/decoder_libraries.ts";
import { addProgram, type FakeMachine, fakeMachine } from "./fake_machine.ts";

/** What a wheel of Pillow has, and what of it decodes here. */
const WHEEL = [
  "libpng-1a.so.16.58.0",
  "libjpeg-ab12.so.62.4.0",
  "libopenjp2-34cd.so.2.5.4",
  "libavif-56ef.so.16.4.2",
];
const FILES = ["libjpeg.so.62", "libavif.so.16", "libopenjp2.so.7"];

/** A program that is a Python with Pillow, of these libraries. */
async function addPillow(machine: FakeMachine, name: string, files = WHEEL): Promise<string> {
  const packages = `${machine.folder}/${name}-packages`;
  await Deno.mkdir(`${packages}/PIL`, { recursive: true });
  await Deno.mkdir(`${packages}/pillow.libs`);
  for (const file of files) await Deno.writeTextFile(`${packages}/pillow.libs/${file}`, "");
  await addProgram(machine, name, `echo "$folder/${name}-packages/PIL"`);
  return `${await Deno.realPath(packages)}/pillow.libs`;
}

const firstPaths = (machine: FakeMachine) =>
  LIBRARY_FORMATS.map((format) => readDecoderLibrary(format, machine).candidates[0].path);

Deno.test("the libraries of the Pillow of PYTHON come before those of the Python on PATH, and the system's last", async () => {
  await using machine = await fakeMachine();
  const chosen = await addPillow(machine, "chosen");
  await addPillow(machine, "python3");
  const env = { ...machine.env, PYTHON: `${machine.folder}/bin/chosen` };
  await installDecoderLibraries({ ...machine, env });
  assertEquals(
    LIBRARY_FORMATS.map((format) => readDecoderLibrary(format, machine).candidates),
    [[WHEEL[1], FILES[0]], [WHEEL[3], FILES[1]], [WHEEL[2], FILES[2]]].map(([file, system]) => [
      { name: "pillow", path: `${chosen}/${file}` },
      { name: "system", path: system },
    ]),
  );
});

Deno.test("a format's variable leaves one library or none, and an unknown name is refused", async () => {
  await using machine = await fakeMachine();
  for (
    const [format, variable] of [
      ["JPEG", "DEINO_JPEG"],
      ["AVIF", "DEINO_AVIF"],
      ["JPEG 2000", "DEINO_JPEG2000"],
    ] as const
  ) {
    const asked = (name: string) =>
      readDecoderLibrary(format, { ...machine, env: { [variable]: name } }).candidates;
    assertEquals(asked("system").map(({ name }) => name), ["system"]);
    assertEquals([asked("pillow"), asked("wasm")], [[], []]);
    const message = `Cannot decode ${format} by ${variable}=turbo: set it to pillow, system, wasm`;
    assertThrows(() => asked("turbo"), Error, message);
  }
});

/** A pip whose wheel of Pillow holds these files, in a Python without Pillow. */
async function addPip(machine: FakeMachine, files: readonly string[]): Promise<void> {
  const touch = files.map((file) =>
    `real mkdir -p "$target/pillow.libs"; echo ${file} > "$target/pillow.libs/${file}"`
  );
  const script = `
if [[ $1 == -c ]]; then echo; exit; fi
if [[ $3 == --version ]]; then echo "pip 24.2 from here"; exit; fi
echo "\${@: -2}" >> "$folder/pip.log"
while (($# > 1)); do [[ $1 == --target ]] && target=$2; shift; done
real mkdir -p "$target/PIL"
${touch.join("\n")}`;
  await addProgram(machine, "python3", script);
  await Deno.mkdir(buildFolder(machine), { recursive: true });
}

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test("without Pillow its wheel's libraries are fetched once, alone, and nothing else is kept", async () => {
  await using machine = await fakeMachine();
  await addPip(machine, WHEEL);
  for (let i = 0; i < 2; i++) await installDecoderLibraries(machine);
  const kept = `${buildFolder(machine)}/decoders`;
  assertEquals(firstPaths(machine), FILES.map((file) => `${kept}/${file}`));
  assertEquals(await Deno.readTextFile(`${kept}/libjpeg.so.62`), `${WHEEL[1]}\n`);
  assertEquals(await Deno.readTextFile(`${machine.folder}/pip.log`), "--no-deps pillow==12.3.0\n");
  assertEquals(names(kept), FILES.toSorted());
  assertEquals(names(buildFolder(machine)), ["decoder_libraries.json", "decoders", "lock"]);
});

Deno.test("what an old Pillow lacks is fetched, and what it has is used", async () => {
  await using machine = await fakeMachine();
  const old = await addPillow(machine, "old", WHEEL.slice(0, 3));
  await addPip(machine, WHEEL);
  const env = { ...machine.env, PYTHON: `${machine.folder}/bin/old` };
  await installDecoderLibraries({ ...machine, env });
  assertEquals(firstPaths(machine), [
    `${old}/${WHEEL[1]}`,
    `${buildFolder(machine)}/decoders/libavif.so.16`,
    `${old}/${WHEEL[2]}`,
  ]);
});

Deno.test("where they cannot be fetched, or the wheel has none, the system's do", async () => {
  await using machine = await fakeMachine();
  await Deno.mkdir(buildFolder(machine), { recursive: true });
  await installDecoderLibraries(machine);
  assertEquals(machine.lines, [
    "Continuing without Pillow's decoders (there is no Python on PATH)",
  ]);
  await addPip(machine, []);
  await installDecoderLibraries(machine);
  assertEquals(firstPaths(machine), FILES);
  assertEquals(notedLibraries(machine), []);
});

Deno.test("libraries that a pack brought are taken without pip, and noted anew where one is gone", async () => {
  await using machine = await fakeMachine();
  const kept = `${buildFolder(machine)}/decoders`;
  await Deno.mkdir(kept, { recursive: true });
  for (const file of FILES) await Deno.writeTextFile(`${kept}/${file}`, "");
  await installDecoderLibraries(machine);
  const all = FILES.map((file) => ({ file, path: `${kept}/${file}` }));
  assertEquals([notedLibraries(machine), machine.lines], [all, []]);
  await Deno.remove(`${kept}/libavif.so.16`);
  assertEquals(firstPaths(machine)[1], "libavif.so.16");
  await addPip(machine, WHEEL);
  await installDecoderLibraries(machine);
  assertEquals(firstPaths(machine)[1], `${kept}/libavif.so.16`);
});
