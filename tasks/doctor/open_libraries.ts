import { jpegDecoder } from "../../src/data/pixels/libjpeg.ts";
import type { Finding } from "../../src/install/doctor.ts";
import { cudaDevices } from "../../src/tensor/device.ts";

/** Opens what is built. */
export interface Openers {
  /** Opens the shim, and counts the CUDA devices that its libtorch sees. */
  cudaDevices(): number;
  /** Opens the libjpeg that would decode. */
  jpegDecoder(): ReturnType<typeof jpegDecoder>;
}

/**
 * Opens the native libraries that are built: only that shows whether libtorch and the driver agree, and who decodes JPEG.
 *
 * @param findings What was found without opening anything.
 * @param open Opens them.
 */
export function openLibraries(
  findings: readonly Finding[],
  open: Openers = { cudaDevices, jpegDecoder },
): Finding[] {
  const isFound = (wanted: string) =>
    findings.some(({ part, state }) => part === wanted && state === "found");
  return [
    ...isFound("libdeino.so") ? [openShim(open, isFound("GPU") && isFound("CUDA"))] : [],
    ...isFound("libdeino_pixels.so") ? [openJpeg(open)] : [],
  ];
}

function openShim({ cudaDevices }: Openers, expectsGpu: boolean): Finding {
  const part = "shim loads";
  try {
    const count = cudaDevices();
    if (count > 0 || !expectsGpu) return { part, state: "found", found: `CUDA devices: ${count}` };
    return {
      part,
      state: "missing",
      found: "libtorch sees no CUDA device, but nvidia-smi does",
      cure: "Update the NVIDIA driver to one for libtorch's CUDA version",
    };
  } catch (error) {
    return { part, state: "missing", found: (error as Error).message };
  }
}

function openJpeg({ jpegDecoder }: Openers): Finding {
  const part = "JPEG";
  const names = { pillow: "libjpeg-turbo of Pillow", system: "libjpeg of the system" };
  try {
    const decoder = jpegDecoder();
    if (decoder.name !== "wasm") {
      return { part, state: "found", found: `${names[decoder.name]} (${decoder.path})` };
    }
    const found = "decoded by WebAssembly, at a third of the speed";
    return { part, state: "optional", found, cure: "Run `deno task build` with a network" };
  } catch (error) {
    return { part, state: "missing", found: (error as Error).message };
  }
}
