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
