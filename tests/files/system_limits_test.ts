import { assert, assertEquals } from "@std/assert";
import { freeSpace } from "../../src/files/system_limits.ts";

Deno.test("the limit of open files is the one that counts, not the one it may be raised to", async () => {
  const module = new URL("../../src/files/system_limits.ts", import.meta.url).href;
  const code =
    `Deno.readTextFileSync = () => "Max open files            256                  4096                 files     \\n";
    console.log((await import("${module}")).openFileLimit());
    Deno.readTextFileSync = () => "Max open files            unlimited            unlimited            files     \\n";
    console.log((await import("${module}")).openFileLimit());`;
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const args = ["eval", "--config", config, code];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
  assertEquals(new TextDecoder().decode(stdout), "256\nundefined\n");
});

Deno.test("a path that is yet to be made has the room of the folder that is there", () => {
  const [here, below] = ["/tmp", "/tmp/not/yet/made"].map((path) => freeSpace(path)!);
  assert(here > 0 && Math.abs(here - below) < 2 ** 30);
});
