import { join } from "@std/path";
import type { Machine } from "../../src/install/machine.ts";
import { run } from "../../src/install/run.ts";

/**
 * Fetches the packages of the import map into an empty folder, as Deno caches them.
 *
 * @returns The folder that holds them, inside that folder: Deno names it after the registry.
 * @throws {Error} When the registry is out of reach.
 */
export async function fetchPackages(folder: string, machine: Machine): Promise<string> {
  const environment = { ...machine, env: { ...machine.env, DENO_DIR: folder } };
  const config = join(machine.project, "deno.json");
  const command = [Deno.execPath(), "install", "--frozen", "--config", config];
  const { success, stderr } = await run(environment, command);
  const packages = packageFolder(join(folder, "npm"));
  if (success && packages !== undefined) return packages;
  throw new Error(
    `Cannot fetch the packages that Deino imports: ${stderr.trim().split("\n").at(-1)}. ` +
      "Run this on a machine with a network",
  );
}

/** The first folder whose folders have a `registry.json`. */
function packageFolder(folder: string): string | undefined {
  const names = foldersIn(folder);
  const isPackage = (name: string) => filesIn(join(folder, name)).includes("registry.json");
  if (names.some(isPackage)) return folder;
  return names.map((name) => packageFolder(join(folder, name))).find((found) =>
    found !== undefined
  );
}

function foldersIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder)).filter((entry) => entry.isDirectory)
    .map(({ name }) => name);
}

function filesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder)).filter((entry) => entry.isFile)
    .map(({ name }) => name);
}
