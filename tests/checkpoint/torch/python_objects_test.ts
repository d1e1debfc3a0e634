import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { loadBackbone } from "../../../src/backbone/backbone.ts";
import { openTensorFile } from "../../../src/checkpoint/open_tensor_file.ts";
import { testTensor } from "../../helpers.ts";

const golden = (name: string) =>
  fromFileUrl(new URL(`../../golden/others/${name}`, import.meta.url));

for (const name of ["python_objects.pth", "python_objects_protocol4.pth"]) {
  testTensor(`the tensors among some forty kinds of Python objects are read, ${name}`, () => {
    using file = openTensorFile(golden(name));
    assertEquals([...file.entries.keys()], ["state_dict.w", "dd.x.0", "od.u"]);
    assertEquals(file.read("state_dict.w").toList(), [0, 1, 2]);
    assertEquals(file.read("dd.x.0").toList(), [1]);
    assertEquals(file.read("od.u").toList(), [7]);
    assertEquals(file.state, { epoch: 5, name: "run" });
    assertEquals(file.skipped, [
      "somewhere.settings.Settings",
      "somewhere.settings.Mode",
      "somewhere.settings.Tree",
      "somewhere.settings.Steps",
      "torch.optim.adamw.AdamW",
    ]);
  });
}

const blocks: Record<string, number> = {
  "bytes.pth": 21,
  "counter.pth": 21,
  "np_scalar.pth": 21,
  "dino_v1_full.pth": 20,
};

for (const [name, used] of Object.entries(blocks)) {
  testTensor(`the backbone beside Python's objects is read, ${name}`, () => {
    const { model, report } = loadBackbone(golden(name), { numHeads: 3 });
    model.dispose();
    assertStringIncludes(report.join("\n"), `Loaded ${used} of `);
  });
}
