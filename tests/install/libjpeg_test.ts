import { assertEquals, assertThrows } from "@std/assert";
import { installLibjpeg, readLibjpeg } from "../../src/install/libjpeg.ts";
import { addProgram, fakeMachine } from "./fake_machine.ts";

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
