import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import type { WeightsOptions } from "../../../src/backbone/recognise/backbone_file.ts";
import { loadBackbone } from "../../../src/backbone/backbone.ts";
import { cat } from "../../../src/tensor/create.ts";
import { loadGolden } from "../../golden.ts";
import { assertClose, testTensor } from "../../helpers.ts";

const folder = (name: string) => fromFileUrl(new URL(`../../golden/${name}`, import.meta.url));
const tolerance = { atol: 1e-4, rtol: 1e-5 };

const models: [name: string, options: WeightsOptions, sizes: string[]][] = [
  ["hf_dinov2", { positions: "hf" }, ["70x70", "98x98"]],
  ["hf_dinov2_with_registers", {}, ["70x70", "98x98"]],
  ["timm_plain", { numHeads: 2 }, ["70x70"]],
  ["timm_reg4", { numHeads: 2 }, ["70x70"]],
];

for (const [name, options, sizes] of models) {
  testTensor(`${name} gives its library's features`, () => {
    const outputs = loadGolden(`${name}/outputs`), inputs = loadGolden("library_inputs");
    const { model, leftOver } = loadBackbone(folder(name), options);
    using vit = model;
    assertEquals(leftOver, []);
    for (const size of sizes) {
      const { xNormClstoken, xNormRegtokens, xNormPatchtokens } = vit.forwardFeatures(
        inputs[`${size}.input`],
      );
      const tokens = cat([xNormClstoken.unsqueeze(1), xNormRegtokens, xNormPatchtokens], 1);
      assertClose(tokens, outputs[size], tolerance);
    }
  });
}

for (const name of ["vit_plain.teacher_checkpoint", "vit_reg4_swiglu"]) {
  testTensor(`${name}.pth, written by torch.save, has the reference's weights`, () => {
    const golden = loadGolden(name.split(".")[0]);
    using vit = loadBackbone(folder(`${name}.pth`), { numHeads: 2 }).model;
    for (const [key, value] of vit.namedParameters()) {
      assertClose(value, golden[`weights.${key}`], { atol: 0, rtol: 0 });
    }
  });
}
