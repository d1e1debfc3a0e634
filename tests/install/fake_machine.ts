import type { Machine } from "../../src/install/machine.ts";
import { nativeLibraries } from "../../src/install/native_library.ts";
import { shellWords } from "../shell_words.ts";

/** A machine in a temporary folder: its `PATH` holds only the programs a test puts there. */
export interface FakeMachine extends Machine, AsyncDisposable {
  /** The temporary folder. */
  readonly folder: string;
  /** The lines reported so far. */
  readonly lines: string[];
}

/** What a fake libtorch says of itself. */
export interface FakeTorch {
  version?: string;
  cuda?: string;
}

export async function fakeMachine(env: Record<string, string> = {}): Promise<FakeMachine> {
  const folder = await Deno.makeTempDir({ prefix: "deino-" });
  await Deno.mkdir(`${folder}/bin`);
  for (const library of nativeLibraries) {
    const sources = `${folder}/project/${library.folder}`;
    await Deno.mkdir(sources, { recursive: true });
    await Deno.writeTextFile(`${sources}/CMakeLists.txt`, "project(fake)\n");
    await Deno.writeTextFile(`${sources}/core.cc`, "int one() { return 1; }\n");
  }
  const lines: string[] = [];
  return {
    folder,
    lines,
    project: `${folder}/project`,
    env: { PATH: `${folder}/bin`, ...env },
    report: (line) => lines.push(line),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Puts a shell script on the machine's `PATH`. In it, `real ls` is the real `ls`, and `$folder` the machine's folder. */
export async function addProgram(
  machine: FakeMachine,
  name: string,
  script: string,
): Promise<void> {
  const path = `${machine.folder}/bin/${name}`;
  const programs = shellWords(Deno.env.get("PATH") ?? "");
  const preamble = `folder=${shellWords(machine.folder)}\nreal() { PATH=${programs} "$@"; }`;
  await Deno.writeTextFile(path, `#!/bin/bash\n${preamble}\n${script}\n`);
  await Deno.chmod(path, 0o755);
}

/** Makes a folder that looks like the torch of a Python wheel. */
export async function addTorch(
  root: string,
  { version = "2.13.0+cpu", cuda }: FakeTorch = {},
): Promise<string> {
  await Deno.mkdir(`${root}/include/ATen/core`, { recursive: true });
  await Deno.mkdir(`${root}/lib`);
  const files = ["include/ATen/core/Tensor.h", "lib/libtorch_cpu.so", "lib/libc10.so"];
  if (cuda !== undefined) files.push("lib/libtorch_cuda.so", "lib/libc10_cuda.so");
  for (const file of files) await Deno.writeTextFile(`${root}/${file}`, "");
  const stated = cuda === undefined ? "None" : `'${cuda}'`;
  await Deno.writeTextFile(
    `${root}/version.py`,
    `__version__ = '${version}'\ncuda: Optional[str] = ${stated}\ngit_version = 'abc123'\n`,
  );
  return root;
}

/** Compiler, CMake and Ninja that build nothing: CMake notes its calls and makes empty libraries and programs. */
export async function addToolchain(machine: FakeMachine): Promise<void> {
  const pictures = { name: "pictures", programs: ["draw"] };
  const files = [...nativeLibraries, pictures]
    .flatMap(({ name, programs }) => [`lib${name}.so`, ...programs]).join(" ");
  await addProgram(machine, "c++", `echo "g++ (Fake) 12.2.0"`);
  await addProgram(machine, "ninja", "");
  await addProgram(
    machine,
    "cmake",
    `[[ $1 == --version ]] && { echo "cmake version 3.25.1"; exit; }
echo "$@" >> "$folder/cmake.log"
if [[ $1 == --build ]]; then cd "$2" && real touch ${files}; else real mkdir -p "$4"; fi`,
  );
}

/** How often CMake was started to do something. */
export function cmakeRuns(machine: FakeMachine): number {
  try {
    return Deno.readTextFileSync(`${machine.folder}/cmake.log`).split("\n").length - 1;
  } catch {
    return 0;
  }
}
