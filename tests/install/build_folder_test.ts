import { assertMatch, assertRejects } from "@std/assert";
import { buildFolder, lockBuildFolder } from "../../src/install/build_folder.ts";
import { fakeMachine } from "./fake_machine.ts";

Deno.test("who cannot write where things are built is told to have it built", async () => {
  await using machine = await fakeMachine();
  await Deno.writeTextFile(buildFolder(machine), "not a folder");
  const { message } = await assertRejects(() => lockBuildFolder(machine), Error);
  assertMatch(
    message,
    /^Cannot build here: Cannot lock ".*\/native\/build\/lock": .*\. Run `deno task build` as the owner/,
  );
});
