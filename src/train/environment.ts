import project from "../../deno.json" with { type: "json" };
import { decoderVersion } from "../data/codec/decoder_version.ts";
import { locateLibrary } from "../install/locate_library.ts";
import { torchLibrary } from "../install/native_library.ts";
import { cudaDevices, type Device, getNumThreads } from "../tensor/device.ts";

/** This version of Deino. */
export const DEINO_VERSION = project.version;

/** What a run runs on, for whoever reads its folder later. */
interface Environment {
  /** When the run began or went on, in ISO 8601. */
  readonly time: string;
  /** The device it trains on. */
  readonly device: Device;
  /** Versions of Deino, of Deno and of libtorch. */
  readonly deino: string;
  readonly deno: string;
  readonly libtorch: string;
  /** What decodes images, with versions. */
  readonly decoder: string;
  /** Whose arithmetic makes the crops of red, green and blue images; before there was this line, that of tensors did. */
  readonly crops: string;
  /** The operating system and processor. */
  readonly platform: string;
  /** Processor cores, and threads that an operator uses. */
  readonly cores: number;
  readonly threads: number;
  /** CUDA devices that libtorch sees. */
  readonly cudaDevices: number;
  /** What the process was started with. */
  readonly command: readonly string[];
}

const CROPS = "Pillow 12";

/** What a resumed run should know of its crops, given what was noted where it began. */
export function cropsNote(before: Partial<Environment>): string | undefined {
  if (before.crops === CROPS) return undefined;
  return "This run started with crops that were rounded differently. From here on they are those of " +
    `${CROPS}: some bytes differ by one, so the run will not be bit for bit what it would have been`;
}

/** Describes this process. */
export function describeEnvironment(device: Device): Environment {
  return {
    time: new Date().toISOString(),
    device,
    deino: DEINO_VERSION,
    deno: Deno.version.deno,
    libtorch: locateLibrary(torchLibrary).libtorch!.version,
    decoder: decoderVersion(),
    crops: CROPS,
    platform: Deno.build.target,
    cores: navigator.hardwareConcurrency,
    threads: getNumThreads(),
    cudaDevices: cudaDevices(),
    command: Deno.args,
  };
}
