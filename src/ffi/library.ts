import { coreSymbols } from "./core_symbols.ts";
import { type BuiltShim, locateShim } from "./locate.ts";
import { OPERATOR_HASH, operatorSymbols } from "./symbols.gen.ts";

const symbols = { ...coreSymbols, ...operatorSymbols } as const;

/** Every function of the shim, by its C name. */
export type Native = Deno.DynamicLibrary<typeof symbols>["symbols"];

/**
 * The shim, opened once per process and never closed: libtorch's threads and our tensors live in it.
 *
 * @throws {Error} When the shim is not built, or was built for another libtorch or operator list.
 */
export const native: Native = open(locateShim());

function open(shim: BuiltShim): Native {
  const opened = dlopen(shim).symbols;
  if (opened.deino_operator_hash() !== OPERATOR_HASH) {
    throw new Error(
      "Cannot use the native shim: it was built from another operator list. Run `deno task build`",
    );
  }
  const [built, running] = [opened.deino_built_for(), opened.deino_running_on()].map(version);
  if (built !== running) {
    throw new Error(
      `Cannot use the native shim: it was built for libtorch ${built}, and ${running} is loaded. ` +
        "Run `deno task build`",
    );
  }
  if (shim.cuda !== null) loadCuda(opened, `${shim.libtorch}/lib/libtorch_cuda.so`);
  return opened;
}

function dlopen(shim: BuiltShim): Deno.DynamicLibrary<typeof symbols> {
  try {
    return Deno.dlopen(shim.library, symbols);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `Cannot load the native shim for libtorch ${shim.torchVersion}: ${reason}. ` +
        "Run `deno task build`, then `deno task doctor` if it stays so",
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
