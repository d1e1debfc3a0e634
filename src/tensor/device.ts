import { succeeded } from "../ffi/errors.ts";
import { native } from "../ffi/library.ts";
import type { AvailableMemory } from "./host_memory.ts";

/**
 * Where a tensor lives: `"cuda"` is the current CUDA device; on `"meta"` it has a shape and a type but no values, and takes
 * no memory.
 */
export type Device = "cpu" | "cuda" | `cuda:${number}` | "meta";

const CPU = 0;
const CUDA = 1;
const META = 14;
const CURRENT = 255;

/** The number by which native code knows a device; -1 stands for "not given". */
export function deviceCode(device: Device | undefined): number {
  if (device === undefined) return -1;
  if (device === "cpu") return CPU << 8;
  if (device === "cuda") return CUDA << 8 | CURRENT;
  if (device === "meta") return META << 8 | CURRENT;
  const index = device.match(/^cuda:(\d{1,2})$/)?.[1];
  if (index === undefined) {
    throw new TypeError(`Cannot use the device "${device}": choose "cpu", "cuda" or "cuda:N"`);
  }
  return CUDA << 8 | Number(index);
}

/** The device with a native number. */
export function deviceName(code: number): Device {
  if (code >> 8 === CPU) return "cpu";
  if (code >> 8 === META) return "meta";
  return (code & 255) === CURRENT ? "cuda" : `cuda:${code & 255}`;
}

let defaultDevice: Device = "cpu";

/**
 * Runs `body`, in which tensors without data are made on a device unless told otherwise, as PyTorch's
 * `with torch.device(…)`. A network that is built on `"meta"` has parameters of the right shapes that take no memory.
 *
 * @param device Where to make tensors.
 * @param body Makes them.
 * @returns What `body` returns.
 */
export function onDevice<T>(device: Device, body: () => T): T {
  const before = defaultDevice;
  defaultDevice = device;
  try {
    return body();
  } finally {
    defaultDevice = before;
  }
}

/** The native number of the device that a new tensor is made on. */
export function placeCode(device: Device | undefined): number {
  return deviceCode(device ?? defaultDevice);
}

/** How many CUDA devices this process can use; 0 without a driver or with a CPU build of libtorch. */
export function cudaDevices(): number {
  return succeeded(native.deino_cuda_devices(), "the query for CUDA devices") - 1;
}

/**
 * The device that a configuration means.
 *
 * @param name `train.device`: "auto" is CUDA where libtorch sees such a device, else the CPU.
 * @throws {TypeError} When it is not a device's name.
 * @throws {Error} When it is not there.
 */
export function chooseDevice(name: string): Device {
  if (name === "auto") return cudaDevices() > 0 ? "cuda" : "cpu";
  return checkDevice(name);
}

function checkDevice(device: string): Device {
  deviceCode(device as Device);
  if (device === "meta") {
    throw new TypeError('Cannot compute on the device "meta": it has no values');
  }
  const count = device === "cpu" ? 0 : cudaDevices();
  const index = Number(device.split(":")[1] ?? 0);
  if (device !== "cpu" && index >= count) {
    throw new Error(
      `Cannot use the device "${device}": libtorch sees ${count} CUDA devices. ` +
        "Use the device cpu, or run `deno task doctor` to see what is missing",
    );
  }
  return device as Device;
}

/** Waits until a device has finished all work given to it. */
export function synchronize(device: Device): void {
  succeeded(native.deino_synchronize(deviceCode(device)), "synchronize");
}

const memory = new BigInt64Array(2);

/** Bytes in tensors on a CUDA device, now and at most since the last reset. */
export function deviceMemory(device: Device): { current: number; peak: number } {
  succeeded(native.deino_device_memory(deviceCode(device), memory), "the device's memory count");
  return { current: Number(memory[0]), peak: Number(memory[1]) };
}

/** Bytes that a CUDA device has in all, and what of them no process holds. */
export function deviceCapacity(device: Device): AvailableMemory {
  succeeded(native.deino_device_capacity(deviceCode(device), memory), "the device's memory size");
  return { total: Number(memory[0]), free: Number(memory[1]) };
}

/** Resets the peak memory of a CUDA device. */
export function resetPeakMemory(device: Device): void {
  succeeded(native.deino_reset_peak_memory(deviceCode(device)), "the reset of peak memory");
}

/** Returns cached, unused device memory to the driver. */
export function emptyCache(): void {
  succeeded(native.deino_empty_cache(), "emptyCache()");
}

/** Chooses algorithms that give the same bits on every run, at some cost in speed on CUDA. */
export function useDeterministicAlgorithms(on: boolean): void {
  succeeded(native.deino_set_deterministic(on), "the choice of deterministic algorithms");
}

/** Lets float32 matrix products on CUDA round their inputs to TF32, as the reference does. */
export function allowTF32(on: boolean): void {
  succeeded(native.deino_set_tf32(on), "the choice of TF32");
}

/** The number of threads an operator may use on the CPU. */
export function getNumThreads(): number {
  return native.deino_threads();
}

/** Sets how many threads an operator may use on the CPU. */
export function setNumThreads(count: number): void {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`Cannot use ${count} threads: give a whole number of at least 1`);
  }
  succeeded(native.deino_set_threads(count), "the choice of threads");
}
