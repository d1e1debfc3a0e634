import { assertEquals, assertMatch } from "@std/assert";
import { readSystemFile } from "../../src/files/system_file.ts";

const SOURCE = new URL("../../src/files/system_file.ts", import.meta.url).href;

/** What a program reads that has these permissions. */
async function readWith(path: string, ...permissions: string[]): Promise<string> {
  const code = `import { readSystemFile } from "${SOURCE}";\n` +
    `console.log(String(readSystemFile(${JSON.stringify(path)})));`;
  const url = `data:application/typescript,${encodeURIComponent(code)}`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", ...permissions, url],
    env: { NO_COLOR: "1", FORCE_COLOR: "" },
  }).output();
  const [output, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assertEquals(error, "");
  return output;
}

Deno.test("a file of the system is read with all permissions, and by native code with fewer", async () => {
  assertMatch(readSystemFile("/proc/self/limits")!, /^Max open files/m);
  assertMatch(await readWith("/proc/self/status", "--allow-read", "--allow-ffi"), /^VmHWM:/m);
  const long = readSystemFile("/proc/cpuinfo")!.match(/^processor/gm)!.length;
  const found = await readWith("/proc/cpuinfo", "--allow-read", "--allow-ffi");
  assertEquals(found.match(/^processor/gm)!.length, long);
});

Deno.test("a file of the system that is missing, or may not be read, is none", async () => {
  assertEquals(readSystemFile("/proc/nothing"), undefined);
  assertEquals(await readWith("/proc/nothing", "--allow-read", "--allow-ffi"), "undefined\n");
  assertEquals(await readWith("/proc/self/status", "--allow-read"), "undefined\n");
});

Deno.test("a file of the system is closed again, however often one is read", async () => {
  const code = `import { readSystemFile } from "${SOURCE}";
    for (let i = 0; i < 300; i++) readSystemFile("/proc/self/status");
    console.log(String(readSystemFile("/proc/self/status") === undefined));`;
  const url = `data:application/typescript,${encodeURIComponent(code)}`;
  const deno = [Deno.execPath(), "run", "--no-prompt", "--no-check", "--allow-read", "--allow-ffi"];
  const { stdout } = await new Deno.Command("bash", {
    args: ["-c", 'ulimit -n 200; exec "$@"', "bash", ...deno, url],
  }).output();
  assertEquals(new TextDecoder().decode(stdout).trim(), "false");
});
