import { assert, assertEquals } from "@std/assert";
import project from "../../deno.json" with { type: "json" };
import { flagsOf, runTask } from "./run_task.ts";

/** Tasks that do not test. Tests start programs that try everything. */
const NAMES = Object.keys(project.tasks).filter((name) => !name.startsWith("test"));

Deno.test("no task has all permissions, none may open a connection, and none asks for more", () => {
  for (const name of NAMES) {
    const flags = flagsOf(name);
    const permissions = flags.filter((flag) => /^--(allow|deny)|^-[A-Z]/.test(flag));
    for (const flag of permissions) {
      assert(/^--allow-(?!net|all|import)/.test(flag), `${name}: ${flag}`);
    }
    assert(flags.includes("--no-prompt"), name);
  }
});

// The other tasks are tried with their permissions by tests of their own.
for (
  const [name, ...args] of [["layers"], ["layers", "--count"], ["build"], ["ops", "--check"], [
    "doctor",
  ], ["pack", "--help"]]
) {
  Deno.test(`deno task ${[name, ...args].join(" ")} does with its permissions`, async () => {
    const { status, error } = await runTask(name, ...args);
    assertEquals([status, error.includes("NotCapable")], [0, false], error);
  });
}
