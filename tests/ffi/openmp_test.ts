import { assertEquals } from "@std/assert";

const MODULE = new URL("../../src/ffi/openmp.ts", import.meta.url).href;

/** The settings that OpenMP finds in a process with some of its own. */
async function settings(env: Record<string, string>): Promise<(string | null)[]> {
  const script = `
    import { setUpOpenMp } from ${JSON.stringify(MODULE)};
    setUpOpenMp();
    console.log(JSON.stringify(["GOMP_SPINCOUNT", "OMP_WAIT_POLICY"].map((name) => Deno.env.get(name) ?? null)));`;
  const own = { PATH: Deno.env.get("PATH") ?? "", HOME: Deno.env.get("HOME") ?? "" };
  const command = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", script],
    env: { ...own, ...env },
    clearEnv: true,
  });
  return JSON.parse(new TextDecoder().decode((await command.output()).stdout));
}

/** How many threads operators get on a processor of 7 cores, of which the container may use so many at once. */
async function threads(usable: number, env: Record<string, string> = {}): Promise<string> {
  const script = `
    import { setUpOpenMp } from ${JSON.stringify(MODULE)};
    Object.defineProperty(navigator, "hardwareConcurrency", { value: ${usable} });
    Deno.readTextFileSync = () => "Cpus_allowed:\\tff\\nCpus_allowed_list:\\t0-3,8,10-11\\n";
    setUpOpenMp();
    console.log(Deno.env.get("OMP_NUM_THREADS"));`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", script],
    env: { HOME: Deno.env.get("HOME") ?? "", ...env },
    clearEnv: true,
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

Deno.test("a container's share of the cores limits threads, unless a person has said how many", async () => {
  assertEquals(await threads(7), "undefined", "OpenMP counts the cores itself");
  assertEquals(await threads(6), "6");
  assertEquals(await threads(2, { OMP_NUM_THREADS: "4" }), "4");
});

Deno.test("waiting threads sleep unless a person has set how they wait", async () => {
  assertEquals(await settings({}), ["0", null]);
  assertEquals(await settings({ GOMP_SPINCOUNT: "1000" }), ["1000", null]);
  assertEquals(await settings({ OMP_WAIT_POLICY: "active" }), [null, "active"]);
});
