import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { emit, functionName } from "../../../tasks/operators/emit.ts";
import { readNames, readOperators } from "../../../tasks/operators/schema.ts";

/** A libtorch folder whose only header declares operators of the given schemas. */
function fakeLibtorch(schemas: Record<string, string>): string {
  const folder = Deno.makeTempDirSync();
  Deno.mkdirSync(`${folder}/include/ATen/ops`, { recursive: true });
  for (const [name, schema] of Object.entries(schemas)) {
    const [base, overload = ""] = name.split(".");
    const struct = name.replace(".", "_");
    Deno.writeTextFileSync(
      `${folder}/include/ATen/ops/${base.replace(/_$/, "")}_ops.h`,
      `struct TORCH_API ${struct} {\n  static constexpr const char* name = "aten::${base}";\n` +
        `  static constexpr const char* overload_name = "${overload}";\n` +
        `  static constexpr const char* schema_str = "${schema.replaceAll('"', '\\"')}";\n`,
    );
  }
  return folder;
}

function generate(name: string, schema: string): Record<string, string> {
  return emit(readOperators(fakeLibtorch({ [name]: schema }), [name]));
}

Deno.test("an operator list is read without comments and blanks", () => {
  assertEquals(readNames("# Head\nadd.Tensor\n\nneg # sign\n"), ["add.Tensor", "neg"]);
});

Deno.test("function names are the schema's in camel case, then the overload", () => {
  assertEquals(functionName("layer_norm"), "layerNorm");
  assertEquals(functionName("sum.dim_IntList"), "sumDimIntList");
  assertEquals(functionName("_foreach_lerp_.Scalar"), "_foreachLerp_Scalar");
});

Deno.test("defaults of the schema become defaults of the function", () => {
  const files = generate(
    "conv",
    'conv(Tensor input, Tensor? bias=None, SymInt[2] stride=1, float eps=1e-05, str mode="none", bool on=True) -> Tensor',
  );
  assertStringIncludes(
    files["src/ffi/ops.gen.ts"],
    'conv(input: Handle, bias: Handle = NONE, stride: readonly number[] = [1, 1], eps: number = 1e-05, mode: string = "none", on: boolean = true): Handle',
  );
});

Deno.test("an operator that writes into its first argument returns nothing", () => {
  const files = generate("add_.Scalar", "add_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)");
  assertStringIncludes(
    files["native/ops.gen.cc"],
    "DEINO_API i32 deino_add__Scalar(u64 self_, f64 other_",
  );
  assertStringIncludes(files["src/ffi/ops.gen.ts"], "other: number): void");
});

Deno.test("an operator with several results returns their handles", () => {
  const files = generate("topk", "topk(Tensor self, SymInt k) -> (Tensor values, Tensor indices)");
  assertStringIncludes(files["native/ops.gen.cc"], "produce_tuple(out, capacity");
  assertStringIncludes(files["src/ffi/ops.gen.ts"], "): Handle[]");
});

Deno.test("a changed schema changes the hash on both sides alike", () => {
  const hashOf = (schema: string) => {
    const files = generate("neg", schema);
    const native = files["native/ops.gen.h"].match(/= (\d+)ull/)![1];
    assertStringIncludes(files["src/ffi/symbols.gen.ts"], `OPERATOR_HASH = ${native}n`);
    return native;
  };
  assert(hashOf("neg(Tensor self) -> Tensor") !== hashOf("neg(Tensor self, int n) -> Tensor"));
});

Deno.test("an unknown operator, type or result is refused by name", () => {
  const missing = fakeLibtorch({ neg: "neg(Tensor self) -> Tensor" });
  assertThrows(() => readOperators(missing, ["pos"]), Error, '"pos"');
  assertThrows(() => generate("odd", "odd(Stream s) -> Tensor"), Error, 'the type "Stream"');
  assertThrows(() => generate("odd", "odd(Tensor s) -> Stream"), Error, "it returns Stream");
});

Deno.test("headers that cannot be read are told by the operator", () => {
  assertThrows(
    () => readOperators("/nowhere", ["neg"]),
    Error,
    'Cannot read the schema of "neg": /nowhere/',
  );
});
