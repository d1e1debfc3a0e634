import { assertEquals, assertRejects } from "@std/assert";
import { findCMake, findCompiler } from "../../src/install/toolchain.ts";
import { addProgram, fakeMachine } from "./fake_machine.ts";

async function compiler(stated: string): Promise<string> {
  await using machine = await fakeMachine();
  await addProgram(machine, "c++", `echo "${stated}"`);
  return (await findCompiler(machine)).version;
}

async function cmake(stated: string): Promise<string> {
  await using machine = await fakeMachine();
  await addProgram(machine, "cmake", `echo "cmake version ${stated}"`);
  return (await findCMake(machine)).version;
}

Deno.test("the oldest compilers that know C++20 are g++ 11 and clang++ 13", async () => {
  assertEquals(await compiler("g++ (Fake) 11.1.0"), "g++ 11.1.0");
  assertEquals(await compiler("Fake clang version 13.0.0"), "clang++ 13.0.0");
  await assertRejects(() => compiler("g++ (Fake) 10.5.0"), Error, "g++ 11 or newer");
  await assertRejects(() => compiler("Fake clang version 12.0.1"), Error, "clang++ 13 or newer");
});

Deno.test("the oldest CMake is 3.25", async () => {
  assertEquals(await cmake("3.25.0"), "3.25.0");
  assertEquals(await cmake("4.0.3"), "4.0.3");
  await assertRejects(() => cmake("3.24.9"), Error, "must be 3.25 or newer");
});
