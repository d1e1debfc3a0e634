import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { fetchLibtorch } from "../../src/install/fetch_libtorch.ts";
import { cacheFolder, findLibtorch } from "../../src/install/find_libtorch.ts";
import { buildFolder } from "../../src/install/build_folder.ts";
import { exists, hasNvidiaDriver } from "../../src/install/machine.ts";
import {
  addProgram,
  addTorch,
  type FakeMachine,
  fakeMachine,
  type FakeTorch,
} from "./fake_machine.ts";

// A pip that unpacks a prepared wheel for torch, makes a folder for other packages, and notes its calls.
const PIP = `
if [[ $1 == -c ]]; then exit; fi
if [[ $3 == --version ]]; then echo "pip 24.2 from here"; exit; fi
echo "\${@: -4}" >> "$folder/pip.log"
while (($# > 1)); do [[ $1 == --target ]] && target=$2; shift; done
echo "$target" > "$folder/target"
real mkdir -p "$target"
if [[ $1 == torch==* ]]; then real cp -r "$folder/wheel/." "$target"; else real mkdir "$target/nvidia"; fi
`;

async function addPip(machine: FakeMachine, torch: FakeTorch, script = PIP): Promise<void> {
  await addTorch(`${machine.folder}/wheel/torch`, torch);
  await Deno.mkdir(`${machine.folder}/wheel/torch-2.13.0.dist-info`);
  const requirements = [
    "filelock",
    'cuda-toolkit[cublas,cudart,cupti]==13.0.3; platform_system == "Linux"',
    'nvidia-nccl-cu13==2.29.7; platform_system == "Linux"',
    'nvidia-cuda-runtime-cu12==12.6.77; platform_system == "Linux"',
    'nvidia-cuda-cupti-cu12==12.6.80; platform_system == "Linux"',
    'triton==3.7.1; platform_system == "Linux"',
  ];
  await Deno.writeTextFile(
    `${machine.folder}/wheel/torch-2.13.0.dist-info/METADATA`,
    requirements.map((requirement) => `Requires-Dist: ${requirement}\n`).join(""),
  );
  await addProgram(machine, "python3", script);
}

async function pipCalls(machine: FakeMachine): Promise<string[]> {
  return (await Deno.readTextFile(`${machine.folder}/pip.log`)).trim().split("\n");
}

Deno.test("a CPU wheel is fetched once and found afterwards", async () => {
  await using machine = await fakeMachine();
  await addPip(machine, {});
  const fetched = await fetchLibtorch(machine);
  assertEquals(fetched.version, "2.13.0+cpu");
  assertEquals((await findLibtorch(machine)).found, fetched);
  assertEquals(await fetchLibtorch(machine), fetched);
  assertEquals(await pipCalls(machine), ["--progress-bar raw --no-deps torch==2.13.0"]);
  const target = await Deno.readTextFile(`${machine.folder}/target`);
  assertStringIncludes(target, `${buildFolder(machine)}/fetch-`, "on the disk of the cache");
});

Deno.test({
  name: "without a driver only the CPU half of a CUDA wheel is kept, with what it is linked to",
  ignore: exists("/proc/driver/nvidia/version"),
  fn: async () => {
    await using machine = await fakeMachine();
    await addPip(machine, { version: "2.13.0+cu130", cuda: "13.0" });
    const { root, cuda } = await fetchLibtorch(machine);
    assertEquals(cuda, null);
    assertEquals(exists(`${root}/lib/libc10_cuda.so`), false);
    const calls = await pipCalls(machine);
    assertStringIncludes(
      calls[1],
      "cuda-toolkit[cudart,cupti]==13.0.3 nvidia-cuda-runtime-cu12==12.6.77 nvidia-cuda-cupti-cu12==12.6.80",
    );
    assertEquals(calls[1].includes("nccl"), false);
    assertEquals(machine.lines, [
      "Fetching libtorch 2.13.0 by pip; this happens once",
      "Keeping only the CPU part of this CUDA build: there is no NVIDIA driver",
      "Fetched libtorch 2.13.0+cu130 into native/libtorch",
    ]);
  },
});

Deno.test("with a driver a CUDA wheel is kept whole, with NVIDIA's libraries and nothing else", async () => {
  await using machine = await fakeMachine();
  await addProgram(machine, "nvidia-smi", "");
  await addPip(machine, { version: "2.13.0+cu130", cuda: "13.0" });
  assertEquals(hasNvidiaDriver(machine), true);
  assertEquals((await fetchLibtorch(machine)).cuda, "13.0");
  const calls = await pipCalls(machine);
  assertStringIncludes(
    calls[1],
    "cuda-toolkit[cublas,cudart,cupti]==13.0.3 nvidia-nccl-cu13==2.29.7",
  );
  assertEquals(machine.lines[1], "Fetching NVIDIA's libraries for it");
  assertEquals([calls[1].includes("triton"), calls[1].includes("--no-deps")], [false, false]);
});

Deno.test("a Python too new for the wheel fetches the wheel for another", async () => {
  await using machine = await fakeMachine();
  const refusal = `if [[ $3 == install && "$*" != *--python-version* ]]; then
    echo "ERROR: No matching distribution found for torch==2.13.0" >&2; exit 1; fi`;
  await addPip(machine, {}, refusal + PIP);
  assertEquals((await fetchLibtorch(machine)).version, "2.13.0+cpu");
});

Deno.test("every way in which fetching fails ends in one sentence with its cure", async () => {
  const failing = (line: string) => `[[ $3 == --version ]] || { echo "${line}" >&2; exit 1; }`;
  const cases: ReadonlyArray<readonly [script: string, reason: string, cure: string]> = [
    ["echo No module named pip; exit 1", "has no pip", "python3-pip"],
    [failing("NewConnectionError: refused"), "cannot reach its package index", "deno task build"],
    [failing("ERROR: No matching distribution found"), "has no build of it", "set LIBTORCH"],
    [failing("ERROR: No space left on device"), "No space left on device", "deno task build"],
  ];
  for (const [script, reason, cure] of cases) {
    await using machine = await fakeMachine();
    await addProgram(machine, "apt-get", "");
    await addProgram(machine, "python3", script);
    const error = await assertRejects(() => fetchLibtorch(machine), Error, reason);
    assertStringIncludes(error.message, cure);
    assertEquals(exists(cacheFolder(machine)), false);
  }
});

Deno.test("a machine without Python is told how to get it", async () => {
  await using machine = await fakeMachine();
  await addProgram(machine, "dnf", "");
  await assertRejects(() => fetchLibtorch(machine), Error, "dnf install -y python3 python3-pip");
});

Deno.test("what a fetch that was killed left behind is never taken for a libtorch", async () => {
  await using machine = await fakeMachine();
  await addTorch(`${buildFolder(machine)}/fetch-1/libtorch/torch`);
  assertEquals((await findLibtorch(machine)).found, undefined);
  await addTorch(`${cacheFolder(machine)}/torch`);
  await Deno.remove(`${cacheFolder(machine)}/torch/lib/libc10.so`);
  assertEquals((await findLibtorch(machine)).found, undefined);
  await addPip(machine, {});
  assertEquals((await fetchLibtorch(machine)).version, "2.13.0+cpu");
  assertEquals(exists(`${buildFolder(machine)}/fetch-1`), false);
});

Deno.test("a fetch that fails leaves nothing, and one that begins removes what others left", async () => {
  await using machine = await fakeMachine();
  await addPip(machine, {}, PIP.replace("real mkdir -p", "exit 1; real mkdir -p"));
  await Deno.mkdir(`${buildFolder(machine)}/fetch-old/libtorch`, { recursive: true });
  await assertRejects(() => fetchLibtorch(machine), Error, "Cannot fetch torch==2.13.0");
  assertEquals(Array.from(Deno.readDirSync(buildFolder(machine)), ({ name }) => name), ["lock"]);
});

Deno.test("each step of a fetch is told, and an older libtorch in the cache is replaced", async () => {
  await using machine = await fakeMachine();
  await addProgram(machine, "nvidia-smi", "");
  await addPip(machine, { version: "2.13.0+cu130", cuda: "13.0" });
  await addTorch(`${cacheFolder(machine)}/torch`, { version: "2.12.0" });
  assertEquals((await fetchLibtorch(machine)).origin, "the project's cache");
  assertEquals(machine.lines, [
    "Fetching libtorch 2.13.0 by pip; this happens once",
    "Fetching NVIDIA's libraries for it",
    "Fetched libtorch 2.13.0+cu130 into native/libtorch",
  ]);
});

Deno.test("what pip fetched and is no libtorch, or has lost its metadata, is refused", async () => {
  for (
    const [lost, reason] of [["torch/lib", "not a libtorch"], [
      "torch-2.13.0.dist-info",
      "metadata is missing",
    ]]
  ) {
    await using machine = await fakeMachine();
    await addPip(machine, { version: "2.13.0+cu130", cuda: "13.0" });
    await Deno.remove(`${machine.folder}/wheel/${lost}`, { recursive: true });
    await assertRejects(() => fetchLibtorch(machine), Error, reason);
  }
});
