import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  compilerPath,
  findCMake,
  findCompiler,
  findGenerator,
} from "../../src/install/toolchain.ts";
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

Deno.test("a CMake of an old major version is too old whatever follows, and one without a version is none", async () => {
  await assertRejects(() => cmake("2.30.0"), Error, "Cannot use CMake 2.30.0 (");
  await assertRejects(() => cmake("of mine"), Error, "Cannot use CMake of an unknown version (");
  await using machine = await fakeMachine();
  await assertRejects(() => findCMake(machine), Error, "there is none on PATH");
});

Deno.test("the compiler is that of CXX, else c++, g++ or clang++, whichever comes first", async () => {
  await using machine = await fakeMachine();
  const found = (env = {}) => compilerPath({ ...machine, env: { ...machine.env, ...env } });
  assertEquals(found(), undefined);
  for (const name of ["clang++", "g++", "c++", "mine"]) {
    await addProgram(machine, name, "");
    const CXX = name === "mine" ? name : "";
    assertEquals(found({ CXX }), `${machine.folder}/bin/${name}`);
  }
  assertEquals(found({ CXX: "yours" }), undefined);
});

Deno.test("a compiler that fails or states no version is refused with what it says", async () => {
  for (const script of ["echo 'g++ 12.2.0'; echo no licence >&2; exit 1", "echo no licence >&2"]) {
    await using machine = await fakeMachine();
    await addProgram(machine, "c++", script);
    await assertRejects(() => findCompiler(machine), Error, "does not state a version. no licence");
  }
  assertEquals(await compiler("c++ (Debian 12) 14.2.0"), "g++ 14.2.0");
});

Deno.test("Ninja builds, else make, and where there is neither, make is asked for", async () => {
  await using machine = await fakeMachine();
  assertThrows(() => findGenerator(machine), Error, "install -y make`");
  await addProgram(machine, "make", "");
  assertEquals(findGenerator(machine), "Unix Makefiles");
  await addProgram(machine, "ninja", "");
  assertEquals(findGenerator(machine), "Ninja");
});
