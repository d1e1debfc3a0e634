import { assertEquals } from "@std/assert";
import { profileLines } from "../../../tasks/train/profile_lines.ts";

const spent = (name: string, time: number, calls = 1) => ({ name, calls, time });
const summary = {
  steps: 2,
  perStep: 50,
  parts: [spent("student", 20), spent("backward", 25)],
  operators: Array.from({ length: 14 }, (_, i) => spent(`aten::operator_${i}`, 14 - i, 2.5)),
  outside: 5,
  kernels: [],
  busy: 0,
};

Deno.test("a profile is told in tables, whose rows end with what the last ones share", () => {
  const lines = profileLines(summary, "runs/a/trace.json");
  assertEquals(
    lines[0],
    "Profile of 2 steps of 50.0 ms: runs/a/trace.json, which ui.perfetto.dev opens",
  );
  const columns = (line: string) => line.trim().split(/  +/);
  assertEquals(columns(lines[2]), ["student", "1", "20.00", "40.0 %"]);
  assertEquals(lines.slice(-2).map(columns), [
    ["2 others", "5", "3.00", "6.0 %"],
    ["in no operator: TypeScript, calls, waiting", "1", "5.00", "10.0 %"],
  ]);
  const widths = new Set(lines.slice(1).map(({ length }) => length));
  assertEquals(widths.size, 1);
});

Deno.test("with a device its kernels are told, and how busy it is; long names are cut", () => {
  const kernel = spent("void gemm<float, 128, 128, 32, true, false, 4, 4>(Parameters const&)", 30);
  const lines = profileLines({ ...summary, kernels: [kernel], busy: 40 }, "trace.json");
  assertEquals(lines.at(-1)!.trim().replace(/ +/g, " "), "The device is busy 80.0 % of a step");
  assertEquals(lines.at(-2)!.includes("void gemm<float, 128, 128, 32, true, false, 4, …"), true);
  const whole = profileLines({ ...summary, kernels: [spent("k".repeat(48), 30, 1.25)] }, "");
  assertEquals(whole.at(-2)!.trim().split(/  +/), [`${"k".repeat(48)}`, "1.3", "30.00", "60.0 %"]);
});
