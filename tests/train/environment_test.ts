import "../native.ts";
import { assertEquals, assertMatch } from "@std/assert";
import { decoderVersion } from "../../src/data/codec/decoder_version.ts";
import { describeEnvironment } from "../../src/train/environment.ts";

Deno.test("the environment of a run tells what decodes its images", () => {
  assertEquals(describeEnvironment("cpu").decoder, decoderVersion());
  assertMatch(decoderVersion(), /^deino@\d+( \S+@\d+\.\d+\.\d+)+$/);
});
