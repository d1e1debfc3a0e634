import "../native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { runCommand } from "./captured.ts";
import { commands } from "./commands.ts";

Deno.test("every command that computes asks for the device that is named before it reads anything", async () => {
  const computing = commands.filter(([{ help }]) => help.includes("\n  --device NAME"));
  assertEquals(computing.length, 12);
  for (const [command, given] of computing) {
    const refused = 'Cannot use the device "cuda:63": libtorch sees';
    const run = () => runCommand(command, ...given, "--device", "cuda:63");
    await assertRejects(run, Error, refused, command.summary);
  }
});
