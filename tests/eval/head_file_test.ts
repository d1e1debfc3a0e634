import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { openTensorFile } from "../../src/checkpoint/open_tensor_file.ts";
import { readSafetensors } from "../../src/checkpoint/safetensors.ts";
import { writeHead } from "../../src/eval/head_file.ts";
import { scope } from "../../src/tensor/scope.ts";
import { assertClose, filled } from "../helpers.ts";
import { inTempFolder } from "../temp_folder.ts";

Deno.test("a classifier's file holds weight and bias, as the reference's released heads do", async () => {
  await inTempFolder((folder) =>
    scope(() => {
      const weight = filled([3, 4], (k) => k / 7, { dtype: "float32" });
      const bias = filled([3], (k) => -k, { dtype: "float32" });
      for (const name of ["head.pth", "head.safetensors"]) {
        const path = join(folder, "new", name);
        writeHead(path, { weight, bias }, { classifier: "best" });
        using file = openTensorFile(path);
        assertEquals([...file.entries.keys()].sort(), ["bias", "weight"]);
        assertClose(file.read("weight"), weight, { atol: 0 });
        assertClose(file.read("bias"), bias, { atol: 0 });
      }
      const { metadata } = readSafetensors(join(folder, "new", "head.safetensors"));
      assertEquals(JSON.parse(metadata.classifier), "best");
      const refused = () => writeHead(join(folder, "head.pt"), { weight, bias });
      assertThrows(refused, TypeError, "its name must end in .safetensors or .pth");
    })
  );
});
