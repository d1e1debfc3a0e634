/** The student's pass over all crops at once, beside a pass for each size of crops: time and peak memory. */
import { fromFileUrl } from "@std/path";
import type { Device } from "../../src/tensor/device.ts";
import type { PackingCost, PackingPass } from "./packing_pass.ts";
import type { BenchOptions, BenchResult } from "./result.ts";

const PASS = fromFileUrl(new URL("packing_pass.ts", import.meta.url));

type Case = Omit<PackingPass, "device" | "isPacked"> & { readonly name: string };

const cases: Record<"tiny" | "cpu" | "cuda", Case> = {
  tiny: { name: "ViT-nano/14", arch: "vit_nano", images: 1, sides: [28, 14], dropPathRate: 0.1 },
  cpu: { name: "ViT-S/14", arch: "vit_small", images: 4, sides: [112, 56], dropPathRate: 0.1 },
  cuda: { name: "ViT-L/14", arch: "vit_large", images: 32, sides: [224, 98], dropPathRate: 0.4 },
};

/** The packed pass in `value`, the separate ones as its baseline. */
export async function* bench(options: BenchOptions): AsyncGenerator<BenchResult> {
  const device = options.device as Device;
  const { name, ...one } = cases[options.isTiny ? "tiny" : device === "cpu" ? "cpu" : "cuda"];
  const packed = await costOf({ ...one, device, isPacked: true });
  const separate = await costOf({ ...one, device, isPacked: false });
  if (Math.abs(packed.loss / separate.loss - 1) > 0.01) {
    throw new Error(`Cannot compare: the loss is ${packed.loss} packed and ${separate.loss} apart`);
  }
  const [large, small] = one.sides;
  const note = `baseline: a pass for each size; 2 x ${large} + 8 x ${small}, ${one.images} images`;
  yield {
    ...{ name: `packed student pass, ${name}`, unit: "ms", note },
    ...{ value: packed.ms, baseline: separate.ms, ratio: packed.ms / separate.ms },
  };
  const [value, baseline] = [packed.peak / 2 ** 20, separate.peak / 2 ** 20];
  yield {
    ...{ name: `packed student pass, ${name}: peak memory`, unit: "MiB" },
    ...{ value, baseline, ratio: value / baseline },
  };
}

async function costOf(pass: PackingPass): Promise<PackingCost> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", PASS, JSON.stringify(pass)],
  }).output();
  if (!success) throw new Error(`Cannot measure: ${new TextDecoder().decode(stderr).trim()}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}
