import { assertEquals } from "@std/assert";
import { findPip } from "../../src/install/pip.ts";
import { addProgram, fakeMachine } from "./fake_machine.ts";

/** What a pip of some version is told, and where it is to keep temporary files. */
async function installedBy(version: string): Promise<{ words: string[]; temporary: string }> {
  await using machine = await fakeMachine({ TMPDIR: "/too/small" });
  const log = `${machine.folder}/pip.log`;
  await addProgram(
    machine,
    "python3",
    `if [[ $3 == --version ]]; then echo "pip ${version} from here"; exit; fi
echo "$TMPDIR" "$@" > ${log}`,
  );
  await (await findPip(machine)).install(`${machine.folder}/work/libtorch`, ["torch"]);
  const [temporary, ...words] = (await Deno.readTextFile(log)).trim().split(" ");
  return { words, temporary: temporary.replace(machine.folder, "") };
}

Deno.test("pip 24.1 and newer tell how far they are, older ones are not asked", async () => {
  const bar = async (version: string) => {
    const { words } = await installedBy(version);
    return words[words.indexOf("--progress-bar") + 1];
  };
  assertEquals(await Promise.all(["24.0", "24.1", "25.2"].map(bar)), ["off", "raw", "raw"]);
});

Deno.test("pip keeps temporary files beside what it unpacks", async () => {
  assertEquals((await installedBy("25.0")).temporary, "/work");
});
