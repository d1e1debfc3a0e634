import { assertEquals } from "@std/assert";
import { findProgram } from "../../src/install/machine.ts";
import { addProgram, fakeMachine } from "./fake_machine.ts";

Deno.test("a program is a file that can be run: folders and texts of its name are passed over", async () => {
  await using machine = await fakeMachine();
  const other = `${machine.folder}/other`;
  await Deno.mkdir(`${other}/cmake`, { recursive: true });
  await Deno.writeTextFile(`${other}/make`, "no program");
  const both = { ...machine, env: { PATH: `${other}:${machine.env.PATH}` } };
  assertEquals(findProgram(both, "cmake", "make"), undefined);
  await addProgram(machine, "cmake", "");
  await addProgram(machine, "make", "");
  assertEquals(findProgram(both, "cmake"), `${machine.folder}/bin/cmake`);
  assertEquals(findProgram(both, "ninja", "make"), `${machine.folder}/bin/make`);
});

Deno.test("a name with a slash is a path, and empty parts of PATH are passed over", async () => {
  await using machine = await fakeMachine();
  await addProgram(machine, "tool", "");
  const path = `${machine.folder}/bin/tool`;
  const found = (PATH: string, name: string) => findProgram({ ...machine, env: { PATH } }, name);
  assertEquals([found("", path), found("/nowhere", `${path}s`)], [path, undefined]);
  assertEquals(found(`:/nowhere:${machine.folder}/bin`, "tool"), path);
  assertEquals(found("", "tool"), undefined);
});
