import { assertEquals } from "@std/assert";
import { hookModules, type ModuleHook } from "../../src/nn/hooks.ts";
import { Mlp } from "../../src/nn/mlp.ts";
import { ones } from "../../src/tensor/create.ts";
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
