import type { BuiltLibrary } from "../install/built_library.ts";
import { locateLibrary } from "../install/locate_library.ts";
import { torchLibrary } from "../install/native_library.ts";
import { coreSymbols } from "./core_symbols.ts";
import { setUpOpenMp } from "./openmp.ts";
import { OPERATOR_HASH, operatorSymbols } from "./symbols.gen.ts";

const symbols = { ...coreSymbols, ...operatorSymbols } as const;

/** Every function of the shim, by its C name. */
type Native = Deno.DynamicLibrary<typeof symbols>["symbols"];

/**
 * The shim, opened at the first call, and built then if that is needed; never closed: libtorch's threads and our tensors
 * live in it. Every entry opens it, and all entries become the library's own functions.
 *
 * @throws {Error} At the first call, when the shim can be neither found nor built, or not be opened.
 */
export const native = Object.fromEntries(
  Object.keys(symbols).map((name) => [name, (...args: unknown[]) => {
    Object.assign(native, open());
    return (native as Record<string, (...args: unknown[]) => unknown>)[name](...args);
  }]),
) as unknown as Native;

let refusal: unknown;

/** Opens the shim. Where that failed once, it fails again at once: whoever cleans up calls the shim as well. */
function open(): Native {
  if (refusal !== undefined) throw refusal;
  try {
    return openBuilt(locateLibrary(torchLibrary));
  } catch (error) {
    throw refusal = error;
  }
}

function openBuilt(built: BuiltLibrary): Native {
  setUpOpenMp();
  const opened = dlopen(built).symbols;
  if (opened.deino_operator_hash() !== OPERATOR_HASH) {
    throw new Error(
      "Cannot use the native shim: it was built from another operator list. Run `deno task build`",
    );
  }
  const [wanted, running] = [opened.deino_built_for(), opened.deino_running_on()].map(version);
  if (wanted !== running) {
    throw new Error(
      `Cannot use the native shim: it was built for libtorch ${wanted}, and ${running} is loaded. ` +
        "Run `deno task build`",
    );
  }
  const { root, cuda } = built.libtorch!;
  if (cuda !== null) loadCuda(opened, `${root}/lib/libtorch_cuda.so`);
  return opened;
}

function dlopen({ file, libtorch }: BuiltLibrary): Deno.DynamicLibrary<typeof symbols> {
  try {
    return Deno.dlopen(file, symbols);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const cure = cause instanceof Deno.errors.NotCapable // whose message names the flag
      ? ""
      : ". Run `deno task build`, then `deno task doctor` if that does not help";
    throw new Error(
      `Cannot load the native shim for libtorch ${libtorch!.version}: ${reason}${cure}`,
      { cause },
    );
  }
}

/** Must come before anything asks whether CUDA is there: libtorch remembers the first answer. */
function loadCuda(opened: Native, path: string): void {
  const bytes = new TextEncoder().encode(path);
  if (opened.deino_load_cuda(bytes, bytes.length) !== 0) return;
  const message = new Uint8Array(4096);
  const length = opened.deino_take_error(message, message.length) & 0xffffff;
  throw new Error(
    `Cannot load libtorch's CUDA library: ${
      new TextDecoder().decode(message.subarray(0, length))
    }. ` +
      "Run `deno task doctor`",
  );
}

function version(packed: bigint): string {
  return [56n, 48n, 40n].map((shift) => (packed >> shift) & 255n).join(".");
}
