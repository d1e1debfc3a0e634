import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { isShardIndex, ShardedFile } from "../../src/checkpoint/sharded_file.ts";
import type { TensorFile } from "../../src/checkpoint/tensor_file.ts";
import { inFolder } from "./in_folder.ts";

Deno.test("what files say about themselves and leave out is told of all together, and all are closed", () => {
  inFolder((folder) => {
    const path = join(folder, "model.safetensors.index.json");
    const weight_map = { a: "1", b: "2", c: "1" };
    Deno.writeTextFileSync(path, JSON.stringify({ weight_map }));
    const opened: string[] = [], closed: string[] = [];
    const open = (shard: string): TensorFile => {
      const name = shard.slice(folder.length + 1);
      opened.push(name);
      const tensors = Object.entries(weight_map).filter(([, place]) => place === name);
      return {
        ...{ path: shard, size: Number(name) * 100, state: { [`epoch${name}`]: 3 } },
        entries: new Map(
          tensors.map(([tensor]) => [tensor, { name: tensor, dtype: "float32", shape: [1] }]),
        ),
        ...name === "2" && { skipped: ["a.Config"] },
        read: () => {
          throw new Error(`read from ${name}`);
        },
        [Symbol.dispose]: () => void closed.push(name),
      };
    };
    {
      using file = new ShardedFile(path, open);
      assertEquals([file.size, file.skipped, file.state], [300, ["a.Config"], {
        epoch1: 3,
        epoch2: 3,
      }]);
      assertEquals([...file.entries.keys()], ["a", "b", "c"]);
      assertEquals([opened, closed], [["1", "2"], []]);
    }
    assertEquals(closed, ["1", "2"]);
  });
});

Deno.test("an index is known by the end of its name", () => {
  const names = ["model.safetensors.index.json", "pytorch_model.bin.index.json", "index.json"];
  assertEquals(names.map(isShardIndex), [true, true, false]);
});
