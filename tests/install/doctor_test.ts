import { assertEquals, assertStringIncludes } from "@std/assert";
import { diagnose, type Finding } from "../../src/install/doctor.ts";
import { cachedLibtorch } from "../../src/install/find_libtorch.ts";
import { install } from "../../src/install/install.ts";
import { exists } from "../../src/install/machine.ts";
import { nativeLibraries } from "../../src/install/native_library.ts";
import { addProgram, addToolchain, addTorch, fakeMachine } from "./fake_machine.ts";

function states(findings: readonly Finding[]): Record<string, string> {
  return Object.fromEntries(findings.map(({ part, state }) => [part, state]));
}

Deno.test({
  name: "a bare machine misses everything, each with its cure",
  ignore: exists("/proc/driver/nvidia/version"),
  fn: async () => {
    await using machine = await fakeMachine();
    await addProgram(machine, "apt-get", "");
    const findings = await diagnose(machine);
    assertEquals(states(findings), {
      "Deno": "found",
      "compiler": "missing",
      "CMake": "missing",
      "build program": "missing",
      "Python, pip": "missing",
      "libtorch": "missing",
      ...Object.fromEntries(nativeLibraries.map(({ name }) => [`lib${name}.so`, "missing"])),
      "GPU": "optional",
    });
    const cures = findings.filter(({ state }) => state === "missing")
      .map(({ found, cure }) => `${found} ${cure ?? ""}`);
    for (const cure of cures) assertStringIncludes(cure.toLowerCase(), "run `");
  },
});

Deno.test("a machine with a built shim misses nothing; pip is not needed then", async () => {
  await using machine = await fakeMachine();
  await addToolchain(machine);
  await addTorch(cachedLibtorch(machine));
  await install(nativeLibraries, machine);
  const found = states(await diagnose(machine));
  assertEquals([found["libtorch"], found["libdeino.so"], found["Python, pip"]], [
    "found",
    "found",
    "optional",
  ]);
  assertEquals(Object.values(found).includes("missing"), false);
});

Deno.test("where compiler and Python have gone from PATH, nothing that is needed is missing", async () => {
  await using machine = await fakeMachine();
  await addToolchain(machine);
  const torch = await addTorch(`${machine.folder}/torch`);
  await addProgram(machine, "python3", `[[ $* == *torch* ]] && echo "${torch}"`);
  await install(nativeLibraries, machine);
  const env = { ...machine.env, PATH: "" };
  const found = states(await diagnose({ ...machine, env }));
  assertEquals([found["libtorch"], found["libdeino.so"]], ["found", "found"]);
  const tools = ["compiler", "CMake", "build program", "Python, pip"];
  assertEquals(tools.map((part) => found[part]), tools.map(() => "optional"));
  await Deno.remove(`${torch}/lib/libc10.so`);
  const without = states(await diagnose({ ...machine, env }));
  assertEquals([without["libtorch"], without["compiler"]], ["missing", "missing"]);
});

Deno.test("a shim built from other sources counts as missing", async () => {
  await using machine = await fakeMachine();
  await addToolchain(machine);
  await addTorch(cachedLibtorch(machine));
  await install(nativeLibraries, machine);
  await Deno.writeTextFile(`${machine.project}/native/core.cc`, "int two() { return 2; }\n");
  assertEquals(states(await diagnose(machine))["libdeino.so"], "missing");
});

Deno.test("a GPU beside a CPU build of libtorch comes with the way to a CUDA build", async () => {
  await using machine = await fakeMachine();
  await addProgram(machine, "nvidia-smi", `echo "NVIDIA H100, 81559 MiB"`);
  await addTorch(cachedLibtorch(machine));
  const findings = await diagnose(machine);
  assertEquals(findings.find(({ part }) => part === "GPU")?.found, "NVIDIA H100, 81559 MiB");
  const cuda = findings.find(({ part }) => part === "CUDA");
  assertStringIncludes(cuda?.cure ?? "", "rm -r native/libtorch && deno task build");
});

Deno.test("Deno 2.9 is the oldest that will do", async () => {
  await using machine = await fakeMachine();
  const version = Object.getOwnPropertyDescriptor(Deno, "version")!, before = Deno.version;
  try {
    for (
      const [deno, state] of [["2.8.9", "missing"], ["2.9.0", "found"], ["2.10.1", "found"], [
        "3.0.0",
        "found",
      ], ["1.46.3", "missing"]]
    ) {
      Object.defineProperty(Deno, "version", { configurable: true, value: { ...before, deno } });
      const [found] = await diagnose(machine);
      assertEquals([found.part, found.state, found.found], ["Deno", state, deno]);
      assertEquals(found.cure?.includes("deno upgrade") ?? false, state === "missing");
    }
  } finally {
    Object.defineProperty(Deno, "version", version);
  }
});

Deno.test("every card is named, and a driver without one is told by what it says", async () => {
  await using machine = await fakeMachine();
  await addTorch(cachedLibtorch(machine), { version: "2.13.0+cu130", cuda: "13.0" });
  const found = async (script: string) => {
    await addProgram(machine, "nvidia-smi", script);
    const findings = await diagnose(machine);
    return ["GPU", "CUDA"].map((wanted) => findings.find(({ part }) => part === wanted)!);
  };
  const [cards, cuda] = await found(
    "echo A, 1 MiB; echo B, 2 MiB; [[ $* == *name,memory.total*noheader* ]]",
  );
  assertEquals([cards.state, cards.found], ["found", "A, 1 MiB; B, 2 MiB"]);
  assertEquals([cuda.state, cuda.found], ["found", "CUDA 13.0 build of libtorch"]);
  const [none] = await found("echo No devices; echo more; exit 6");
  assertEquals([none.state, none.found], ["optional", "nvidia-smi finds none: No devices"]);
  const [silent] = await found("exit 9");
  assertEquals(silent.found, "nvidia-smi finds none: it is missing or fails");
});

Deno.test("an old libtorch that is passed over has a line of its own, with its cure", async () => {
  await using machine = await fakeMachine();
  await addTorch(cachedLibtorch(machine), { version: "2.9.0" });
  const findings = await diagnose(machine);
  const passed = findings.find(({ part }) => part === "");
  assertEquals(passed?.state, "optional");
  assertStringIncludes(passed!.found, "libtorch 2.9.0 of the project's cache");
  const libtorch = findings.find(({ part }) => part === "libtorch");
  assertEquals([libtorch?.state, libtorch?.cure], [
    "missing",
    "Run `deno task build`: it fetches 2.13.0",
  ]);
  const env = { ...machine.env, LIBTORCH: "/nowhere" };
  const asked = (await diagnose({ ...machine, env })).find(({ part }) => part === "libtorch");
  assertEquals([asked?.state, asked?.cure], ["missing", undefined]);
});
