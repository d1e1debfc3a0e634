import { assert, assertEquals } from "@std/assert";
import { resolveConfig } from "../../src/config/resolve.ts";
import { cpuCases } from "./step_case.ts";
import { stepFlops } from "./step_flops.ts";

Deno.test("the operations of a step are those that PyTorch's counter sees in step_bench.py", () => {
  const counted = 71_634_096_128;
  const ratio = stepFlops(cpuCases()[0].config, 2, 51) / counted;
  // The counter leaves out the gradient of the pixels, and sees KoLeo.
  assert(Math.abs(ratio - 1) < 0.005, `${ratio}`);
});

Deno.test("what stochastic depth drops is not counted", () => {
  const blocks = (drop_path_rate: number) => {
    const settings = { arch: "vit_nano", patch_size: 8, drop_path_rate, ffn_layer: "mlp" } as const;
    const head = { head_n_prototypes: 1, head_hidden_dim: 1, head_bottleneck_dim: 1 };
    const crops = { global_crops_size: 8, local_crops_size: 8, local_crops_number: 0 };
    const config = resolveConfig({ student: settings, dino: head, ibot: head, crops });
    return stepFlops(config, 4, 0);
  };
  // Four of eight crops of two tokens, in four blocks of width 64: 12 weights per width², and attention.
  const perToken = 2 * 12 * 64 ** 2 + 4 * 2 * 64;
  assertEquals(blocks(0) - blocks(0.5), 3 * 4 * (4 * 2 * perToken));
});
