import { assertEquals } from "@std/assert";
import type { Finding } from "../../../src/install/doctor.ts";
import { type Openers, openLibraries } from "../../../tasks/doctor/open_libraries.ts";

const openers: Openers = {
  cudaDevices: () => 0,
  jpegDecoder: () => ({ name: "pillow", path: "/pillow/libjpeg.so" }),
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
  assertEquals(opened(["libdeino_pixels.so"]).map(({ part }) => part), ["JPEG"]);
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

Deno.test("who decodes JPEG is named, and that WebAssembly is slow", () => {
  const decoder = (jpegDecoder: Openers["jpegDecoder"]) =>
    opened(["libdeino_pixels.so"], { jpegDecoder });
  const part = "JPEG";
  assertEquals(decoder(openers.jpegDecoder), [
    { part, state: "found", found: "libjpeg-turbo of Pillow (/pillow/libjpeg.so)" },
  ]);
  assertEquals(decoder(() => ({ name: "system", path: "/usr/lib/libjpeg.so" })), [
    { part, state: "found", found: "libjpeg of the system (/usr/lib/libjpeg.so)" },
  ]);
  assertEquals(decoder(() => ({ name: "wasm" })), [{
    ...{ part, state: "optional", found: "decoded by WebAssembly, at a third of the speed" },
    cure: "Run `deno task build` with a network",
  }]);
  const failing = () => {
    throw new Error("Cannot decode JPEG");
  };
  assertEquals(decoder(failing), [{ part, state: "missing", found: "Cannot decode JPEG" }]);
});
