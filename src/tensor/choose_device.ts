import { checkDevice, cudaDevices, type Device } from "./device.ts";

/**
 * The device that a configuration means.
 *
 * @param name `train.device`: "auto" is CUDA where libtorch sees such a device, else the CPU.
 * @throws {Error} If the device is not there.
 */
export function chooseDevice(name: string): Device {
  if (name === "auto") return cudaDevices() > 0 ? "cuda" : "cpu";
  return checkDevice(name);
}
