import { assertEquals } from "@std/assert";
import type { Finding } from "../../../src/install/doctor.ts";
import { type Openers, openLibraries } from "../../../tasks/doctor/open_libraries.ts";

const openers: Openers = {
  cudaDevices: () => 0,
  decoderOf: () => ({ name: "pillow", path: "/pillow/lib.so" }),
};

/** What opening shows where these parts were found and the others are optional. */
function opened(parts: readonly string[], open: Partial<Openers> = {}): Finding[] {
  const findings = ["libdeino.so", "libdeino_pixels.so", "GPU", "CUDA"].map((part): Finding => ({
    ...{ part, found: "", state: parts.includes(part) ? "found" : "optional" },
  }));
  return openLibraries(findings, { ...openers, ...open });
}

Deno.test("what is not built is not opened", () => {
  assertEquals(opened(["GPU", "CUDA"]), []);
  assertEquals(opened(["libdeino.so"]).map(({ part }) => part), ["shim loads"]);
  assertEquals(opened(["libdeino_pixels.so"]).map(({ part }) => part), [
    "JPEG",
    "AVIF",
    "JPEG 2000",
  ]);
});

Deno.test("a shim that sees no CUDA device is at fault only where there are a GPU and a libtorch for it", () => {
  const part = "shim loads";
  const well: Finding = { part, state: "found", found: "CUDA devices: 0" };
  assertEquals(opened(["libdeino.so"]), [well]);
  assertEquals(opened(["libdeino.so", "GPU"]), [well]);
  assertEquals(opened(["libdeino.so", "CUDA"]), [well]);
  const both = ["libdeino.so", "GPU", "CUDA"];
  assertEquals(opened(both), [{
    ...{ part, state: "missing", found: "libtorch sees no CUDA device, but nvidia-smi does" },
    cure: "Update the NVIDIA driver to one for libtorch's CUDA version",
  }]);
  assertEquals(opened(both, { cudaDevices: () => 1 }), [{ ...well, found: "CUDA devices: 1" }]);
  const cudaDevices = () => {
    throw new Error("Cannot open it");
  };
  assertEquals(opened(both, { cudaDevices }), [{
    part,
    state: "missing",
    found: "Cannot open it",
  }]);
});

Deno.test("who decodes a format is named, and what is lost in WebAssembly", () => {
  const found = (decoderOf: Openers["decoderOf"]) =>
    opened(["libdeino_pixels.so"], { decoderOf }).map(({ state, found }) => `${state}: ${found}`);
  assertEquals(found(openers.decoderOf), [
    "found: libjpeg-turbo of Pillow (/pillow/lib.so)",
    "found: libavif of Pillow (/pillow/lib.so)",
    "found: OpenJPEG of Pillow (/pillow/lib.so)",
  ]);
  assertEquals(
    found(() => ({ name: "system", path: "libavif.so.16" }))[1],
    "found: libavif of the system (libavif.so.16)",
  );
  const decoderOf = (format: string) => {
    if (format === "AVIF") throw new Error("Cannot decode AVIF");
    return { name: "wasm" } as const;
  };
  assertEquals(found(decoderOf), [
    "optional: decoded by WebAssembly, at a third of the speed",
    "missing: Cannot decode AVIF",
    "optional: decoded by WebAssembly, with more memory",
  ]);
  const [jpeg] = opened(["libdeino_pixels.so"], { decoderOf });
  assertEquals(jpeg.cure, "Run `deno task build` with a network");
});
