import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { restoreCheckpoint, saveCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { readSafetensors, writeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { full, tensor, zeros } from "../../src/tensor/create.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { testTensor } from "../helpers.ts";
import { inFolder } from "./in_folder.ts";

function run(value: number): Record<string, Tensor> {
  return {
    "student.norm.weight": full([2, 3], value),
    "optimizer.step": full([1], value, { dtype: "int64" }),
    "rng": tensor(new Uint8Array([value, 1, 2])),
  };
}

testTensor("a run built alike gets back every tensor, its iteration and its state", () => {
  inFolder((folder) => {
    const state = { config: { optim: { epochs: 0.5 } }, position: [3, 1], note: "é" };
    const path = saveCheckpoint(folder, { iteration: 19, tensors: run(7), state });
    assertEquals(path, join(folder, "model_0000019.safetensors"));
    const other = run(1);
    assertEquals(restoreCheckpoint(path, other), { iteration: 19, state });
    for (const [name, value] of Object.entries(run(7))) {
      assertEquals(other[name].toList(), value.toList(), name);
    }
  });
});

testTensor("parameters that ask for gradients are filled in place", () => {
  inFolder((folder) => {
    const path = saveCheckpoint(folder, { iteration: 0, tensors: { w: full([2], 3) }, state: {} });
    const w = zeros([2]);
    w.requiresGrad = true;
    restoreCheckpoint(path, { w });
    assertEquals(w.toList(), [3, 3]);
    w.sum().backward();
    assertEquals(w.grad!.toList(), [1, 1]);
  });
});

testTensor("a run built otherwise is told every difference and stays as it is", () => {
  inFolder((folder) => {
    const path = saveCheckpoint(folder, {
      iteration: 4,
      tensors: { a: zeros([2]), b: zeros([3]), c: zeros([1]) },
      state: {},
    });
    const own = { a: full([2], 5), b: full([4], 5), d: full([1], 5) };
    const error = assertThrows(() => restoreCheckpoint(path, own), Error) as Error;
    for (
      const fault of [
        "missing tensors: d",
        "unexpected tensors: c",
        "b is float32 [3] there and float32 [4] here",
      ]
    ) {
      assert(error.message.includes(fault), error.message);
    }
    assertEquals(own.a.toList(), [5, 5]);
  });
});

testTensor("a tensor of another type, and a file whose bytes have changed, fill nothing", () => {
  inFolder((folder) => {
    const path = saveCheckpoint(folder, {
      ...{ iteration: 4, state: {} },
      tensors: { a: zeros([2]), b: zeros([3]) },
    });
    const own = { a: full([2], 5), b: full([3], 5, { dtype: "float64" }) };
    assertThrows(
      () => restoreCheckpoint(path, own),
      Error,
      "belongs to a run with other settings: b is float32 [3] there and float64 [3] here",
    );
    const bytes = Deno.readFileSync(path);
    Deno.writeFileSync(path, bytes.with(bytes.length - 1, 1));
    const alike = { a: full([2], 5), b: full([3], 5) };
    assertThrows(() => restoreCheckpoint(path, alike), Error, "it is damaged");
    assertEquals([alike.a.toList(), own.a.toList()], [[5, 5], [5, 5]]);
  });
});

testTensor("long lists of differences are cut", () => {
  inFolder((folder) => {
    const path = saveCheckpoint(folder, { iteration: 4, tensors: {}, state: {} });
    const own = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`w${i}`, zeros([1])]));
    assertThrows(
      () => restoreCheckpoint(path, own),
      Error,
      "missing tensors: w0, w1, w2, w3 and 5 more",
    );
  });
});

testTensor("a file of something else is not gone on from", () => {
  inFolder((folder) => {
    const path = join(folder, "other.safetensors");
    writeSafetensors(path, { a: zeros([1]) }, { iteration: "soon" });
    assertThrows(
      () => restoreCheckpoint(path, { a: zeros([1]) }),
      Error,
      "it does not state its iteration",
    );
  });
});

testTensor("a checkpoint is an ordinary safetensors file with readable metadata", () => {
  inFolder((folder) => {
    const path = saveCheckpoint(folder, { iteration: 1, tensors: run(2), state: { seed: 3 } });
    const { tensors, metadata } = readSafetensors(path);
    assertEquals(Object.keys(tensors).toSorted(), Object.keys(run(2)).toSorted());
    assertEquals(metadata, { seed: "3", iteration: "1", format: "pt" });
  });
});
