import { assertEquals } from "@std/assert";
import { hookModules, type ModuleHook } from "../../src/nn/hooks.ts";
import { Mlp } from "../../src/nn/mlp.ts";
import { Module } from "../../src/nn/module.ts";
import { ones } from "../../src/tensor/create.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { assertClose, testTensor } from "../helpers.ts";

testTensor(
  "a hook sees the calls of every module, those inside first, until it is taken away",
  () => {
    using model = new Mlp(4, 8);
    const seen: string[] = [];
    const plain = model.forward(ones([2, 4]));
    {
      using _ = hookModules(model, ({ module, method }, run) => {
        const result = run();
        seen.push(`${module}.${method}`);
        return result;
      }, "mlp");
      assertClose(model.forward(ones([2, 4])), plain);
    }
    assertEquals(seen, ["mlp.fc1.forward", "mlp.fc2.forward", "mlp.forward"]);
    model.forward(ones([2, 4]));
    assertEquals(seen.length, 3);
    assertEquals(Object.keys(model.stateDict()).length, 4);
  },
);

testTensor("hooks that were taken away take nothing away later", () => {
  using model = new Mlp(4, 8);
  const hook: ModuleHook = (_, run) => run();
  const first = hookModules(model, hook);
  first[Symbol.dispose]();
  const calls: string[] = [];
  using _second = hookModules(model, ({ module }, run) => (calls.push(module), run()));
  first[Symbol.dispose]();
  model.forward(ones([2, 4]));
  assertEquals(calls, ["", "fc1", "fc2"]);
});

testTensor("a call is called by its module, and by its method where that is not forward", () => {
  class Twice extends Module {
    readonly mlp = new Mlp(4, 8);
    forward(x: Tensor): Tensor {
      return this.again(this.mlp.forward(x));
    }
    again(x: Tensor): Tensor {
      return this.mlp.forward(x);
    }
  }
  using model = new Twice();
  const names: string[] = [];
  using _ = hookModules(model, ({ name }, run) => (names.push(name), run()), "twice");
  model.forward(ones([2, 4]));
  const mlp = ["twice.mlp", "twice.mlp.fc1", "twice.mlp.fc2"];
  assertEquals(names, ["twice", ...mlp, "twice.again", ...mlp]);
});
