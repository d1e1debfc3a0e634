import { assertEquals } from "@std/assert";
import { isSupported, readLibtorch } from "../../src/install/libtorch.ts";
import { addTorch, fakeMachine } from "./fake_machine.ts";

Deno.test("a wheel states its version, commit and CUDA version", async () => {
  await using machine = await fakeMachine();
  const root = await addTorch(`${machine.folder}/torch`, { version: "2.12.0+cu130", cuda: "13.0" });
  assertEquals(readLibtorch(root, "a test"), {
    root,
    version: "2.12.0+cu130",
    git: "abc123",
    cuda: "13.0",
    origin: "a test",
  });
});

Deno.test("an archive states its version and commit in files of their own", async () => {
  await using machine = await fakeMachine();
  const root = await addTorch(`${machine.folder}/torch`, { cuda: "12.6" });
  await Deno.remove(`${root}/version.py`);
  await Deno.writeTextFile(`${root}/build-version`, "2.11.0+cu126\n");
  await Deno.writeTextFile(`${root}/build-hash`, "def456\n");
  const { version, git, cuda } = readLibtorch(root, "a test")!;
  assertEquals([version, git, cuda], ["2.11.0+cu126", "def456", "12.6"]);
});

Deno.test("a CUDA build that lies here without its CUDA half is a CPU build", async () => {
  await using machine = await fakeMachine();
  const root = await addTorch(`${machine.folder}/torch`, { version: "2.13.0+cu130", cuda: "13.0" });
  await Deno.remove(`${root}/lib/libtorch_cuda.so`);
  assertEquals(readLibtorch(root, "a test")?.cuda, null);
});

Deno.test("a libtorch without headers, libraries or version is none", async () => {
  for (const part of ["include", "lib/libc10.so", "version.py"]) {
    await using machine = await fakeMachine();
    const root = await addTorch(`${machine.folder}/torch`);
    await Deno.remove(`${root}/${part}`, { recursive: true });
    assertEquals(readLibtorch(root, "a test"), undefined, part);
  }
});

Deno.test("2.11 to 2.14 are supported, in every build of them", () => {
  const versions = [
    "2.10.2",
    "2.11.0",
    "2.12.1+cu130",
    "2.13.0+cpu",
    "2.14.1+cu130",
    "2.15.0",
    "12.11.0",
    "2.110.0",
  ];
  assertEquals(versions.filter(isSupported), [
    "2.11.0",
    "2.12.1+cu130",
    "2.13.0+cpu",
    "2.14.1+cu130",
  ]);
});
