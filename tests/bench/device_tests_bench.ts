/** The tests of what must hold on every device, on this one. */
import { fromFileUrl } from "@std/path";
import type { BenchOptions, BenchResult } from "./result.ts";

const TESTS = fromFileUrl(new URL("../on_device_test.ts", import.meta.url));

/** How many pass. */
export async function* bench({ device }: BenchOptions): AsyncGenerator<BenchResult> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--no-check", "--reporter=tap", TESTS],
    env: {
      NO_COLOR: "1",
      FORCE_COLOR: "",
      DEINO_TEST_DEVICE: device,
      CUBLAS_WORKSPACE_CONFIG: ":4096:8", // without it products are not deterministic
    },
  }).output();
  const lines = new TextDecoder().decode(stdout).split("\n");
  const titles = (pattern: RegExp) => lines.flatMap((line) => line.match(pattern)?.[1] ?? []);
  const [passed, failed] = [titles(/^ok \d+ - (.*)/), titles(/^not ok \d+ - (.*)/)];
  if (passed.length + failed.length === 0) throw new Error(new TextDecoder().decode(stderr).trim());
  yield { name: `tests that pass on ${device}`, value: passed.length, unit: "" };
  if (failed.length > 0) throw new Error(`${failed.length} tests failed: ${failed.join("; ")}`);
}
