import { locateLibrary } from "../../src/install/locate_library.ts";
import { torchLibrary } from "../../src/install/native_library.ts";
import { chooseDevice, type Device } from "../../src/tensor/device.ts";
import { checkMemory } from "../../src/train/check_memory.ts";
import { availableMemory } from "../../src/train/device_memory.ts";
import type { ImageSizes } from "../../src/train/memory_estimate.ts";
import { planRun } from "../../src/train/plan.ts";
import { measureRun } from "../../src/train/run_sizes.ts";
import { foreseenSizes } from "../../src/train/training_data.ts";
import { printLine } from "../cli/print.ts";
import type { ConfiguredRun } from "./configuration.ts";
import { planLines, sizeLines } from "./plan_lines.ts";

/** Shows what a run would do and why it would be refused here, trains nothing. */
export async function dryRun({ config, notes, images: listed }: ConfiguredRun): Promise<void> {
  for (const line of [...notes, ...planLines(config, planRun(config))]) printLine(line);
  const refuse = (error: unknown) =>
    printLine(`This run would be refused here. ${(error as Error).message}`);
  let images: ImageSizes | undefined;
  try {
    images = await foreseenSizes(config, listed);
  } catch (error) {
    refuse(error);
  }
  const unavailable = whyUnavailable();
  if (unavailable !== undefined) {
    printLine("Parameters, memory and FLOPs are not shown: they need the native library");
    printLine(`  ${unavailable}`);
    return;
  }
  const { device: asked } = config.train;
  const device = asked === "auto" ? chooseDevice(asked) : asked as Device; // need not be here
  for (const line of sizeLines(measureRun(config, device, images))) printLine(line);
  try {
    const memory = availableMemory(chooseDevice(device));
    const warning = checkMemory(config, device, memory, images);
    if (warning !== undefined) printLine(warning);
  } catch (error) {
    refuse(error);
  }
}

/** Why there is no native library, if there is none and none can be built. */
function whyUnavailable(): string | undefined {
  try {
    locateLibrary(torchLibrary);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
