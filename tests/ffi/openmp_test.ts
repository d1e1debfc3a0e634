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

Deno.test("waiting threads sleep unless a person has set how they wait", async () => {
  assertEquals(await settings({}), ["0", null]);
  assertEquals(await settings({ GOMP_SPINCOUNT: "1000" }), ["1000", null]);
  assertEquals(await settings({ OMP_WAIT_POLICY: "active" }), [null, "active"]);
});
