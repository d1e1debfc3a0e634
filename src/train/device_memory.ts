import { readSystemFile } from "../files/system_file.ts";
import { type Device, deviceCapacity, deviceMemory } from "../tensor/device.ts";
import { type AvailableMemory, hostMemory } from "../tensor/host_memory.ts";

/** What a device has, that of the process's container on the CPU. */
export function availableMemory(device: Device): AvailableMemory {
  return device === "cpu" ? hostMemory() : deviceCapacity(device);
}

/** The most bytes that the run has held so far: on CUDA the device's, else the process's. */
export function peakMemory(device: Device): number {
  if (device !== "cpu") return deviceMemory(device).peak;
  const status = readSystemFile("/proc/self/status") ?? "";
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return peak === undefined ? Deno.memoryUsage().rss : Number(peak) * 1024;
}
