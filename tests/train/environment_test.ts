import "../native.ts";
import { assert, assertEquals, assertMatch } from "@std/assert";
import project from "../../deno.json" with { type: "json" };
import { decoderVersion } from "../../src/data/codec/decoder_version.ts";
import { cudaDevices, getNumThreads, setNumThreads } from "../../src/tensor/device.ts";
import { cropsNote, describeEnvironment } from "../../src/train/environment.ts";

Deno.test("the environment of a run tells what decodes its images", () => {
  assertEquals(describeEnvironment("cpu").decoder, decoderVersion());
  assertMatch(
    decoderVersion(),
    /^deino@\d+( (jpeg|avif|jpeg2000):(pillow|system|wasm)( \S+@\d+\.\d+\.\d+)*){3} \S+@\d+\.\d+\.\d+$/,
  );
});

Deno.test("the environment of a run tells versions, threads and how it was started, and when", () => {
  const before = getNumThreads();
  setNumThreads(3);
  try {
    const { time, libtorch, decoder: _, ...rest } = describeEnvironment("cpu");
    assert(Math.abs(Date.now() - Date.parse(time)) < 60_000);
    assertMatch(libtorch, /^\d+\.\d+\.\d+/);
    assertEquals(rest, {
      device: "cpu",
      deino: project.version,
      deno: Deno.version.deno,
      crops: "Pillow 12",
      platform: Deno.build.target,
      cores: navigator.hardwareConcurrency,
      threads: 3,
      cudaDevices: cudaDevices(),
      command: Deno.args,
    });
  } finally {
    setNumThreads(before);
  }
});

Deno.test("a run that began with other crops is told so once, and one with the same is not", () => {
  assertEquals(cropsNote(describeEnvironment("cpu")), undefined);
  assertMatch(cropsNote({ decoder: "deino@1" })!, /some bytes differ by one/);
});
