import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { succeeded } from "../../src/ffi/errors.ts";
import { native } from "../../src/ffi/library.ts";
import { ones } from "../../src/tensor/create.ts";
import { recordFunction, startProfile, stopProfile } from "../../src/tensor/profiler.ts";
import { scope } from "../../src/tensor/scope.ts";
import { inTempFolder } from "../temp_folder.ts";
import "../native.ts";

const MODULE = new URL("../../src/tensor/profiler.ts", import.meta.url).href;

/** What of a trace's events is looked at. */
interface Event {
  readonly ph: string;
  readonly name: string;
  readonly ts: number;
  readonly dur: number;
}

Deno.test("a profile holds operators within the names that they were recorded under", () =>
  inTempFolder((folder) => {
    const path = join(folder, "trace.json");
    startProfile(path);
    const sum = scope(() =>
      recordFunction("outer", () => {
        const sum = recordFunction("inner", () => ones([3, 4]).sum().item());
        ones([1]).exp();
        return sum;
      })
    );
    stopProfile();
    assertEquals(sum, 12);
    const { traceEvents } = JSON.parse(Deno.readTextFileSync(path));
    const [outer, inner, operator, later] = ["outer", "inner", "aten::sum", "aten::exp"].map((
      name,
    ) => (traceEvents as Event[]).find((event) => event.ph === "X" && event.name === name)!);
    assert(inner.ts + inner.dur <= later.ts, "a range ends with its body");
    for (const [within, around] of [[inner, outer], [operator, inner], [later, outer]]) {
      assert(around.ts <= within.ts && within.ts + within.dur <= around.ts + around.dur);
    }
    return Promise.resolve();
  }));

Deno.test("libtorch's own lines about a profile are not shown, unless a person asks for them", () =>
  inTempFolder(async (folder) => {
    const script = `
      import { startProfile, stopProfile } from ${JSON.stringify(MODULE)};
      startProfile(Deno.args[0]);
      stopProfile();`;
    const told = async (env: Record<string, string>) => {
      const args = ["eval", "--no-check", script, join(folder, "trace.json")];
      const output = await new Deno.Command(Deno.execPath(), { args, env }).output();
      return output.stdout.length + output.stderr.length;
    };
    assertEquals(await told({}), 0);
    assert(await told({ KINETO_LOG_LEVEL: "0" }) > 0);
  }));

Deno.test("a profile is started once, stopped once, and not begun where it cannot be written", () =>
  inTempFolder((folder) => {
    const path = join(folder, "trace.json");
    assertThrows(() => stopProfile(), Error, "none is running");
    assertThrows(() => startProfile(join(folder, "no", "trace.json")), Deno.errors.NotFound);
    startProfile(path);
    assertThrows(() => startProfile(path), Error, `${path} is already being recorded`);
    const fail = () => {
      throw new RangeError("of its own");
    };
    assertThrows(() => recordFunction("fails", fail), RangeError, "of its own");
    stopProfile();
    return Promise.resolve();
  }));

Deno.test("a range that was not begun cannot be ended", () => {
  assertThrows(
    () => succeeded(native.deino_range_pop(), "the profiler"),
    Error,
    "no range is open",
  );
});
