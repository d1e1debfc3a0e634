import type { BuiltShim } from "../ffi/locate.ts";
import type { Libtorch } from "./libtorch.ts";
import { buildFolder, whileLocked } from "./lock.ts";
import { exists, type Machine } from "./machine.ts";
import { run } from "./run.ts";
import { findCMake, findCompiler, findGenerator, type Tool } from "./toolchain.ts";

/** What `native/build/shim.json` holds: everything the library needs to open the shim, and its key. */
export interface ShimRecord extends BuiltShim {
  /** The commit libtorch was built from. */
  readonly torchGit: string;
  /** A hash of all that went into the shim: sources, libtorch, compiler. */
  readonly key: string;
}

/** Options of {@linkcode buildShim}. */
export interface BuildOptions {
  /** Compiles with warnings as errors, even when the shim is there already. Default: false. */
  strict?: boolean;
}

/**
 * Builds the native shim against a libtorch, unless it is there already, and notes it in
 * `native/build/shim.json`. A changed source compiles alone: CMake's own folder is kept for each
 * combination of libtorch and compiler.
 *
 * @throws {Error} When compiler, CMake or make is missing or too old, or the compiler refuses the sources:
 * its first errors are in the message.
 */
export async function buildShim(
  libtorch: Libtorch,
  machine: Machine,
  { strict = false }: BuildOptions = {},
): Promise<ShimRecord> {
  const compiler = await findCompiler(machine);
  const record = await describeShim(libtorch, compiler, machine);
  if (!strict && isCurrent(record, machine)) return record;
  return await whileLocked(machine, async () => {
    if (strict || !exists(record.library)) await compile(record, compiler, machine, strict);
    await writeAtomically(
      `${buildFolder(machine)}/shim.json`,
      JSON.stringify(record, null, 2) + "\n",
    );
    return record;
  });
}

/** The shim noted in `native/build/shim.json`, if that is there and so is its library. */
export function readShimRecord(machine: Machine): ShimRecord | undefined {
  try {
    const record = JSON.parse(Deno.readTextFileSync(`${buildFolder(machine)}/shim.json`));
    return exists(record.library) ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the shim that is noted is the one this libtorch and these sources would give. */
export async function isShimCurrent(libtorch: Libtorch, machine: Machine): Promise<boolean> {
  return isCurrent(await describeShim(libtorch, await findCompiler(machine), machine), machine);
}

function isCurrent(record: ShimRecord, machine: Machine): boolean {
  return readShimRecord(machine)?.key === record.key;
}

async function describeShim(
  libtorch: Libtorch,
  compiler: Tool,
  machine: Machine,
): Promise<ShimRecord> {
  const key = await hash([
    ...nativeSources(machine).map((path) => Deno.readTextFileSync(path)),
    // The folder counts too: it is written into the shim as the place to load libtorch from.
    ...[libtorch.root, libtorch.version, libtorch.git, libtorch.cuda ?? ""],
    ...[compiler.path, compiler.version],
  ]);
  return {
    library: `${buildFolder(machine)}/${key}/libdeino.so`,
    libtorch: libtorch.root,
    torchVersion: libtorch.version,
    torchGit: libtorch.git,
    cuda: libtorch.cuda,
    key,
  };
}

function nativeSources(machine: Machine): string[] {
  const folder = `${machine.project}/native`;
  return Array.from(Deno.readDirSync(folder))
    .filter(({ name }) => /\.(cc|h)$/.test(name) || name === "CMakeLists.txt")
    .map(({ name }) => `${folder}/${name}`)
    .sort();
}

async function hash(parts: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return digest.toHex().slice(0, 16);
}

async function compile(
  record: ShimRecord,
  compiler: Tool,
  machine: Machine,
  strict: boolean,
): Promise<void> {
  const cmake = (await findCMake(machine)).path;
  const generator = findGenerator(machine);
  const setting = [machine.project, record.libtorch, record.torchGit, compiler.version, generator];
  const folder = `${buildFolder(machine)}/cmake-${await hash([...setting, String(strict)])}`;
  if (!exists(record.library)) {
    machine.report(`Building the native shim for libtorch ${record.torchVersion}, under a minute`);
  }
  const started = performance.now();
  const configure = ["-S", `${machine.project}/native`, "-B", folder, "-G", generator];
  const settings = [
    `-DLIBTORCH=${record.libtorch}`,
    `-DCMAKE_CXX_COMPILER=${compiler.path}`,
    `-DCMAKE_COMPILE_WARNING_AS_ERROR=${strict ? "ON" : "OFF"}`,
  ];
  await step(machine, [cmake, ...configure, ...settings]);
  await step(machine, [cmake, "--build", folder, "--parallel", `${navigator.hardwareConcurrency}`]);
  // A link that is cut short leaves half a library in CMake's folder, so only a whole one is moved here.
  if (exists(record.library)) return;
  await Deno.mkdir(record.library.replace(/\/[^/]+$/, ""), { recursive: true });
  await Deno.copyFile(`${folder}/libdeino.so`, `${record.library}.part`);
  await Deno.rename(`${record.library}.part`, record.library);
  machine.report(`Built it in ${Math.round((performance.now() - started) / 1000)} s`);
}

async function step(machine: Machine, command: readonly string[]): Promise<void> {
  const { success, stdout, stderr } = await run(machine, command);
  if (success) return;
  const lines = (stdout + stderr).split("\n");
  const first = lines.findIndex((line) => /\berror\b|CMake Error/i.test(line));
  const shown = lines.slice(Math.max(first, 0)).slice(0, 12).join("\n").trimEnd();
  throw new Error(
    `Cannot build the native shim: \`${command.slice(0, 3).join(" ")} …\` failed:\n${shown}\n` +
      "Run `deno task doctor` to see what was found",
  );
}

async function writeAtomically(path: string, text: string): Promise<void> {
  await Deno.writeTextFile(`${path}.part`, text);
  await Deno.rename(`${path}.part`, path);
}
