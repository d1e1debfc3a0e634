import { assertEquals } from "@std/assert";
import { run } from "../../src/install/run.ts";
import { addProgram, fakeMachine } from "./fake_machine.ts";

Deno.test("a program sees the machine's environment and nothing else, and no input", async () => {
  await using machine = await fakeMachine({ OWN: "here" });
  await addProgram(machine, "tell", `echo "$OWN, \${HOME-no home}"; real cat; exit 3`);
  const { success, stdout, stderr } = await run(machine, [`${machine.folder}/bin/tell`]);
  assertEquals([success, stdout, stderr], [false, "here, no home\n", ""]);
});

Deno.test("both outputs are kept and seen line by line, the last one without its end too", async () => {
  await using machine = await fakeMachine();
  const script = `printf 'a\\nb\\xc3'; real sleep 0.1; printf '\\xa9\\nc'; printf 'wrong\\n' >&2`;
  await addProgram(machine, "tell", script);
  const lines: string[] = [];
  const tell = [`${machine.folder}/bin/tell`];
  const { success, stdout, stderr } = await run(machine, tell, (line) => lines.push(line));
  assertEquals([success, stdout, stderr], [true, "a\nbé\nc", "wrong\n"]);
  assertEquals(lines.filter((line) => line !== "wrong"), ["a", "bé", "c"]);
  assertEquals(lines.length, 4);
});
