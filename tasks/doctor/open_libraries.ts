import { decoderOf } from "../../src/data/pixels/decoder_choice.ts";
import { LIBRARY_FORMATS, type LibraryFormat } from "../../src/install/decoder_libraries.ts";
import type { Finding } from "../../src/install/doctor.ts";
import { cudaDevices } from "../../src/tensor/device.ts";

/** Opens what is built. */
export interface Openers {
  /** Opens the shim, and counts the CUDA devices that its libtorch sees. */
  cudaDevices(): number;
  /** Opens the library that would decode a format. */
  decoderOf(format: LibraryFormat): ReturnType<typeof decoderOf>;
}

/**
 * Opens the native libraries that are built: only that shows whether libtorch and the driver agree, and who decodes.
 *
 * @param findings What was found without opening anything.
 * @param open Opens them.
 */
export function openLibraries(
  findings: readonly Finding[],
  open: Openers = { cudaDevices, decoderOf },
): Finding[] {
  const isFound = (wanted: string) =>
    findings.some(({ part, state }) => part === wanted && state === "found");
  return [
    ...isFound("libdeino.so") ? [openShim(open, isFound("GPU") && isFound("CUDA"))] : [],
    ...isFound("libdeino_pixels.so")
      ? LIBRARY_FORMATS.map((format) => openDecoder(format, open))
      : [],
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

/** The libraries' own names, and what is lost without them. */
const DECODERS: Readonly<Record<LibraryFormat, readonly [name: string, loss: string]>> = {
  "JPEG": ["libjpeg-turbo", "at a third of the speed"],
  "AVIF": ["libavif", "at a third of the speed, with more memory"],
  "JPEG 2000": ["OpenJPEG", "with more memory"],
};

function openDecoder(format: LibraryFormat, { decoderOf }: Openers): Finding {
  const [name, loss] = DECODERS[format];
  try {
    const decoder = decoderOf(format);
    if (decoder.name !== "wasm") {
      const owner = decoder.name === "pillow" ? "Pillow" : "the system";
      return { part: format, state: "found", found: `${name} of ${owner} (${decoder.path})` };
    }
    const found = `decoded by WebAssembly, ${loss}`;
    return { part: format, state: "optional", found, cure: "Run `deno task build` with a network" };
  } catch (error) {
    return { part: format, state: "missing", found: (error as Error).message };
  }
}
