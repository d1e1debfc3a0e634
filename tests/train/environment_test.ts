import "../native.ts";
import { assertEquals, assertMatch } from "@std/assert";
import { decoderVersion } from "../../src/data/codec/decoder_version.ts";
import { cropsNote, describeEnvironment } from "../../src/train/environment.ts";

Deno.test("the environment of a run tells what decodes its images", () => {
  assertEquals(describeEnvironment("cpu").decoder, decoderVersion());
  assertMatch(decoderVersion(), /^deino@\d+ jpeg:(pillow|system|wasm)( \S+@\d+\.\d+\.\d+)+$/);
});

Deno.test("a run that began with other crops is told so once, and one with the same is not", () => {
  assertEquals(cropsNote(describeEnvironment("cpu")), undefined);
  assertMatch(cropsNote({ decoder: "deino@1" })!, /some bytes differ by one/);
});
