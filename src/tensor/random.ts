import { produced, succeeded } from "../ffi/errors.ts";
import { type Handle, NONE } from "../ffi/handle.ts";
import { native } from "../ffi/library.ts";
import * as ops from "../ffi/ops.gen.ts";
import type { CreateOptions } from "./create.ts";
import { type Device, deviceCode, placeCode } from "./device.ts";
import { dtypeCode } from "./dtype.ts";
import { register } from "./scope.ts";
import { Tensor } from "./tensor.ts";

/** A seeded source of random numbers on a device, whose state can be saved and set. */
export class Generator {
  #handle: Handle;

  /** Starts at `seed`. */
  constructor(seed: number, options: { device?: Device } = {}) {
    const device = deviceCode(options.device ?? "cpu");
    this.#handle = produced(native.deino_generator(device, checkSeed(seed)), "Generator");
    register(this);
  }

  /** @internal The native object, for raw operators. */
  get handle(): Handle {
    if (this.#handle === NONE) throw new TypeError("Cannot use this generator: it was disposed of");
    return this.#handle;
  }

  /** The whole state, as bytes. */
  getState(): Uint8Array {
    return readState(this.handle);
  }

  /**
   * Restores a state from {@linkcode Generator.getState}.
   *
   * @throws {Error} When the bytes are not the state of such a generator.
   */
  setState(state: Uint8Array): void {
    writeState(this.handle, state);
  }

  /** Whether the generator was disposed of. */
  get disposed(): boolean {
    return this.#handle === NONE;
  }

  /** Disposes of the generator. */
  dispose(): void {
    if (this.#handle === NONE) return;
    native.deino_free_generator(this.#handle);
    this.#handle = NONE;
  }

  /** Disposes of the generator at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Seeds the default sources of all devices, from which draws without a generator come. */
export function manualSeed(seed: number): void {
  succeeded(native.deino_manual_seed(checkSeed(seed)), "manualSeed");
}

/** The state of a device's default source of random numbers, as bytes. */
export function getRandomState(device: Device = "cpu"): Uint8Array {
  return withDefault(device, readState);
}

/** Restores a state of a device's default source from {@linkcode getRandomState}. */
export function setRandomState(state: Uint8Array, device: Device = "cpu"): void {
  withDefault(device, (handle) => writeState(handle, state));
}

/** Options of the random functions. */
export interface RandomOptions extends CreateOptions {
  /** Where the numbers come from. Default: the device's default source. */
  generator?: Generator;
}

/** Draws from the standard normal distribution. */
export function randn(shape: readonly number[], options: RandomOptions = {}): Tensor {
  const { generator, dtype, device } = options;
  return Tensor.wrap(
    ops.randnGenerator(shape, generator?.handle ?? NONE, dtypeCode(dtype), placeCode(device)),
  );
}

/** Uniform draws from 0 (inclusive) to 1 (exclusive). */
export function rand(shape: readonly number[], options: RandomOptions = {}): Tensor {
  const { generator, dtype, device } = options;
  return Tensor.wrap(
    ops.randGenerator(shape, generator?.handle ?? NONE, dtypeCode(dtype), placeCode(device)),
  );
}

/** Uniform draws of whole numbers from `low` (inclusive) to `high` (exclusive). int64 by default. */
export function randint(
  range: { low?: number; high: number },
  shape: readonly number[],
  options: RandomOptions = {},
): Tensor {
  const { generator, dtype = "int64", device } = options;
  return Tensor.wrap(
    ops.randintLowGenerator(
      range.low ?? 0,
      range.high,
      shape,
      generator?.handle ?? NONE,
      dtypeCode(dtype),
      placeCode(device),
    ),
  );
}

/** The whole numbers from 0 to `count` (exclusive) in random order. int64. */
export function randperm(count: number, options: RandomOptions = {}): Tensor {
  const { generator, dtype = "int64", device } = options;
  return Tensor.wrap(
    ops.randpermGenerator(count, generator?.handle ?? NONE, dtypeCode(dtype), placeCode(device)),
  );
}

function checkSeed(seed: number): bigint {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`Cannot use the seed ${seed}: give a whole number from 0 to 2^53 - 1`);
  }
  return BigInt(seed);
}

function readState(handle: Handle): Uint8Array {
  using state = Tensor.wrap(produced(native.deino_generator_state(handle), "getState"));
  return state.toArray() as Uint8Array;
}

function writeState(handle: Handle, state: Uint8Array): void {
  using bytes = Tensor.wrap(
    produced(
      native.deino_from_data(
        new Uint8Array(state),
        BigInt(state.length),
        BigInt64Array.of(BigInt(state.length)),
        1,
        dtypeCode("uint8"),
        deviceCode("cpu"),
        false,
      ),
      "setState",
    ),
  );
  succeeded(native.deino_set_generator_state(handle, bytes.handle), "setState");
}

function withDefault<T>(device: Device, body: (handle: Handle) => T): T {
  const handle = produced(native.deino_default_generator(deviceCode(device)), "the random state");
  try {
    return body(handle);
  } finally {
    native.deino_free_generator(handle);
  }
}
