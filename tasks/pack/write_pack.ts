import { join } from "@std/path";
import { writeAll, writeAtomically } from "../../src/files/atomic_file.ts";
import type { notedLibraries } from "../../src/install/decoder_libraries.ts";
import { findProgram, type Machine } from "../../src/install/machine.ts";
import { installCommand } from "../../src/install/packages.ts";
import { run } from "../../src/install/run.ts";

/** What a pack holds. */
interface PackContents {
  /** The Deno executable. */
  readonly deno: string;
  /** Its version. */
  readonly version: string;
  /** The folder of npm packages, each with its `registry.json`. */
  readonly packages: string;
  /** Libraries that Pillow ships, where they are noted. */
  readonly decoders: ReturnType<typeof notedLibraries>;
}

/** Stands for the registry: the cache is laid out by its name, and a name of nobody's is no mirror's on that machine. */
const REGISTRY = "offline.invalid";

/**
 * Writes a shell script that carries Deno and its packages behind its last line, compressed with xz.
 *
 * @returns Its bytes.
 * @throws {Error} When xz is missing, or the file cannot be written.
 */
export async function writePack(
  contents: PackContents,
  output: string,
  machine: Machine,
): Promise<number> {
  if (findProgram(machine, "xz") === undefined) {
    throw new Error(
      `Cannot compress the pack: there is no xz on PATH. Run \`${installCommand(machine, "xz")}\``,
    );
  }
  const folder = await Deno.makeTempDir();
  try {
    const [stage, archive] = [join(folder, "stage"), join(folder, "archive")];
    const registry = join(stage, "cache", "npm", REGISTRY);
    await Deno.mkdir(registry, { recursive: true });
    await Deno.copyFile(contents.deno, join(stage, "deno"));
    await need(machine, ["cp", "-R", `${contents.packages}/.`, registry]);
    for (const { file, path } of contents.decoders) {
      await Deno.mkdir(join(stage, "decoders"), { recursive: true });
      await Deno.copyFile(path, join(stage, "decoders", file));
    }
    const smallest = { ...machine, env: { ...machine.env, XZ_OPT: "-9" } };
    await need(smallest, ["tar", "-cJf", archive, "-C", stage, "."]);
    const payload = await Deno.readFile(archive);
    const script = new TextEncoder().encode(await header(contents.version, payload, machine));
    writeAtomically(output, (file) => [script, payload].forEach((part) => writeAll(file, part)));
    return script.length + payload.length;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function header(
  version: string,
  payload: Uint8Array<ArrayBuffer>,
  machine: Machine,
): Promise<string> {
  const template = await Deno.readTextFile(new URL("offline.sh", import.meta.url));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", payload));
  const values: Record<string, string> = {
    VERSION: version,
    PLATFORM: (await need(machine, ["uname", "-sm"])).trim(),
    KEY: digest.toHex().slice(0, 16),
    BYTES: String(payload.length),
    LINES: String(template.split("\n").length),
    REGISTRY,
  };
  return template.replace(/@([A-Z]+)@/g, (_, name) => values[name]);
}

async function need(machine: Machine, command: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await run(machine, command);
  if (!success) {
    throw new Error(`Cannot write the pack: \`${command[0]}\` failed: ${stderr.trim()}`);
  }
  return stdout;
}
