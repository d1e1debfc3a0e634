import project from "../../deno.json" with { type: "json" };
import { decoderVersion } from "../data/codec/decoder_version.ts";
import { locateLibrary } from "../install/locate_library.ts";
import { torchLibrary } from "../install/native_library.ts";
import { cudaDevices, type Device, deviceMemory, threads } from "../tensor/device.ts";

/** This version of Deino. */
export const DEINO_VERSION = project.version;

/** What a run runs on, for whoever reads its folder later. */
export interface Environment {
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

/** Describes this process. */
export function describeEnvironment(device: Device): Environment {
  return {
    time: new Date().toISOString(),
    device,
    deino: DEINO_VERSION,
    deno: Deno.version.deno,
    libtorch: locateLibrary(torchLibrary).libtorch!.version,
    decoder: decoderVersion(),
    platform: Deno.build.target,
    cores: navigator.hardwareConcurrency,
    threads: threads(),
    cudaDevices: cudaDevices(),
    command: Deno.args,
  };
}

/** The most bytes that the run has held so far: on CUDA the device's, else the process's. */
export function peakMemory(device: Device): number {
  if (device !== "cpu") return deviceMemory(device).peak;
  const status = Deno.build.os === "linux" ? Deno.readTextFileSync("/proc/self/status") : "";
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return peak === undefined ? Deno.memoryUsage().rss : Number(peak) * 1024;
}
