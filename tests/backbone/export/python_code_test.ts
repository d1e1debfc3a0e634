import { assertEquals } from "@std/assert";
import { pythonCode } from "../../../src/backbone/export/python_code.ts";

const options = { embedDim: 64, depth: 2, numHeads: 4, patchSize: 14, initValues: 0 };
const timm = (more: object) => pythonCode("a b.safetensors", "timm", { ...options, ...more });

Deno.test("a file is opened by its library, a folder as a model", () => {
  assertEquals(
    pythonCode("a.pth", "pth", options),
    'weights = torch.load("a.pth", weights_only=True)',
  );
  assertEquals(
    pythonCode("a.safetensors", "safetensors", options),
    'weights = safetensors.torch.load_file("a.safetensors")',
  );
  assertEquals(
    pythonCode("a", "hf", options),
    'model = transformers.AutoModel.from_pretrained("a")',
  );
});

Deno.test("timm is told the architecture, which its weights do not say", () => {
  const model = (...own: string[]) =>
    "model = timm.models.VisionTransformer(img_size=224, patch_size=14, embed_dim=64, depth=2, num_heads=4, " +
    `${own.join(", ")}, num_classes=0, dynamic_img_size=True); ` +
    'timm.models.load_checkpoint(model, "a b.safetensors")';
  assertEquals(timm({ mlpRatio: 3 }), model("mlp_ratio=3"));
  assertEquals(
    timm({ inChans: 1, initValues: 1e-5, numRegisterTokens: 4, ffnLayer: "swiglu" }),
    model(
      ...["in_chans=1", "init_values=1", "reg_tokens=4", "no_embed_class=True"],
      ...["mlp_layer=timm.layers.SwiGLUPacked", "mlp_ratio=5.5", "act_layer=torch.nn.SiLU"],
    ),
  );
});
