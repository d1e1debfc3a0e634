import { assertEquals, assertThrows } from "@std/assert";
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

Deno.test("files that were opened are closed where another is missing or lacks its tensor", () => {
  inFolder((folder) => {
    const path = join(folder, "model.safetensors.index.json");
    Deno.writeTextFileSync(path, JSON.stringify({ weight_map: { a: "1", b: "2", c: "1" } }));
    const closed: string[] = [];
    const open = (names: readonly string[], missing?: string) => (shard: string): TensorFile => {
      if (shard.endsWith(`/${missing}`)) throw new Error(`Cannot read "${shard}"`);
      return {
        ...{ path: shard, size: 1, state: {}, skipped: [] },
        entries: new Map(names.map((name) => [name, { name, dtype: "float32", shape: [1] }])),
        read: (name, options) => {
          throw new Error(`${name} of ${shard.at(-1)} on ${options?.device}`);
        },
        [Symbol.dispose]: () => void closed.push(shard.at(-1)!),
      };
    };
    const fault = `Cannot read "${path}"`;
    assertThrows(() => new ShardedFile(path, open(["a", "b", "c"], "2")), Error, fault);
    assertEquals(closed, ["1"]);
    const lacking = '"b" is not in "2", where the index has it';
    assertThrows(() => new ShardedFile(path, open(["a", "c"])), Error, lacking);
    assertEquals(closed, ["1", "1", "2"]);
    using file = new ShardedFile(path, open(["a", "b", "c"]));
    assertThrows(() => file.read("b", { device: "cuda" }), Error, "b of 2 on cuda");
    assertThrows(() => file.read("x"), Error, `Cannot read "x" from "${path}"`);
  });
});

Deno.test("an index is known by the end of its name", () => {
  const names = ["model.safetensors.index.json", "pytorch_model.bin.index.json", "index.json"];
  assertEquals(names.map(isShardIndex), [true, true, false]);
});

Deno.test("an index may name any number of tensors in up to 512 files", () => {
  inFolder((folder) => {
    const path = join(folder, "model.safetensors.index.json");
    const open = (shard: string): TensorFile => ({
      ...{ path: shard, size: 1, skipped: [], state: {} },
      entries: new Map(names.map((name) => [name, { name, dtype: "float32", shape: [1] }])),
      read: () => {
        throw new Error("nothing is read");
      },
      [Symbol.dispose]: () => {},
    });
    const names = Array.from({ length: 513 }, (_, i) => `blocks.${i}.weight`);
    const sizeOf = (files: number) => {
      const weight_map = Object.fromEntries(names.map((name, i) => [name, `${i % files}.bin`]));
      Deno.writeTextFileSync(path, JSON.stringify({ weight_map }));
      using file = new ShardedFile(path, open);
      return [file.entries.size, file.size];
    };
    assertEquals([sizeOf(1), sizeOf(512)], [[513, 1], [513, 512]]);
    assertThrows(() => sizeOf(513), Error, "it names 513 files, more than 512");
  });
});
