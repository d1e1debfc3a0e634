import "../native.ts";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { native } from "../../src/ffi/library.ts";

function lastError(): string {
  const buffer = new Uint8Array(1024);
  const code = native.deino_take_error(buffer, buffer.length);
  return new TextDecoder().decode(buffer.subarray(0, code & 0xffffff));
}

Deno.test("null, invented and freed handles are errors, not crashes", () => {
  const shape = BigInt64Array.of(2n);
  const handle = native.deino_from_data(new Uint8Array(8), 8n, shape, 1, 6, 0, true);
  assertEquals(native.deino_free(handle), 1);
  for (const bad of [0n, 1n, handle, 0xffffffffffffffffn, 1n << 32n]) {
    assertEquals(native.deino_neg(bad), 0n);
    assertStringIncludes(lastError(), "tensor");
    assertEquals(native.deino_free(bad), 0);
  }
});

Deno.test("a freed handle stays dead when its slot is used again", () => {
  const shape = BigInt64Array.of(1n);
  const make = () => native.deino_from_data(new Uint8Array(4), 4n, shape, 1, 6, 0, true);
  const first = make();
  native.deino_free(first);
  const second = make();
  assertEquals(native.deino_neg(first), 0n);
  assertStringIncludes(lastError(), "disposed");
  native.deino_free(second);
});

Deno.test("null buffers and wrong sizes are errors, not crashes", () => {
  const nothing = new Uint8Array(0);
  assertEquals(native.deino_from_data(nothing, 8n, BigInt64Array.of(2n), 1, 6, 0, true), 0n);
  assertEquals(
    native.deino_from_data(new Uint8Array(4), 4n, new BigInt64Array(0), 3, 6, 0, true),
    0n,
  );
  assertEquals(
    native.deino_from_data(new Uint8Array(4), 4n, BigInt64Array.of(1n), 1, 99, 0, true),
    0n,
  );
  assertEquals(native.deino_free_many(new BigUint64Array(0), 5), 0);
  const handle = native.deino_from_data(new Uint8Array(4), 4n, BigInt64Array.of(1n), 1, 6, 0, true);
  assertEquals(native.deino_describe(handle, new BigInt64Array(1), 1), 0);
  assertEquals(native.deino_to_data(handle, new Uint8Array(2), 2n), 0);
  assertEquals(native.deino_item(handle, new Float64Array(0)), 0);
  assertEquals(native.deino_chunk(handle, 1n, 0n, new BigUint64Array(0), 0), 0);
  native.deino_free(handle);
  lastError();
});

Deno.test("an error is reported once", () => {
  native.deino_neg(0n);
  assertStringIncludes(lastError(), "missing");
  assertEquals(lastError(), "");
});
