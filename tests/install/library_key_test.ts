import { assertEquals } from "@std/assert";
import { libraryKey } from "../../src/install/library_key.ts";
import { pixelsLibrary, torchLibrary } from "../../src/install/native_library.ts";
import { fakeMachine } from "./fake_machine.ts";

const compiler = { path: "/bin/c++", version: "g++ 12.2.0" };
const libtorch = { root: "/torch", version: "2.13.0", git: "abc", cuda: "13.0", origin: "a test" };

Deno.test("all that a library is built with is part of its key, and nothing else", async () => {
  await using machine = await fakeMachine();
  const keyOf = (inputs = {}, env = {}, library = torchLibrary) =>
    libraryKey(library, { compiler, libtorch, ...inputs }, { ...machine, env });
  const key = keyOf();
  assertEquals(/^[0-9a-f]{16}$/.test(key), true);
  const others = [
    ...Object.entries({ root: "/a", version: "2.12.0", git: "def", cuda: null })
      .map(([name, value]) => keyOf({ libtorch: { ...libtorch, [name]: value } })),
    ...Object.entries({ path: "/bin/g++", version: "g++ 13.1.0" })
      .map(([name, value]) => keyOf({ compiler: { ...compiler, [name]: value } })),
    ...["CXXFLAGS", "CPPFLAGS", "LDFLAGS"].map((name) => keyOf({}, { [name]: "-g" })),
  ];
  assertEquals(new Set([key, ...others]).size, 10);
  assertEquals(keyOf({ libtorch: { ...libtorch, origin: "another" } }), key);
  assertEquals(keyOf({}, { HOME: "/elsewhere" }), key);
  const own = keyOf({}, {}, pixelsLibrary);
  assertEquals(keyOf({ libtorch: { ...libtorch, git: "def" } }, {}, pixelsLibrary), own);
});

Deno.test("sources count, whatever their ending; hidden files, what was built and other libraries do not", async () => {
  await using machine = await fakeMachine();
  const key = () => libraryKey(torchLibrary, { compiler, libtorch }, machine);
  const write = async (path: string) => {
    const whole = `${machine.project}/native/${path}`;
    await Deno.mkdir(whole.replace(/\/[^/]+$/, ""), { recursive: true });
    await Deno.writeTextFile(whole, "new");
    return key();
  };
  const before = key();
  for (const path of [".hidden", "build/a.cc", "libtorch/a.h", "pixels/a.cc"]) {
    assertEquals(await write(path), before, path);
  }
  const keys = [before];
  for (const path of ["a.txt", "kernels/b.cu"]) keys.push(await write(path));
  assertEquals(new Set(keys).size, 3);
});
