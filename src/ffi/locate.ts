/** What `deno task build` notes about the shim it built, in `native/build/shim.json`. */
export interface BuiltShim {
  /** The shared object. */
  readonly library: string;
  /** The libtorch folder it was built against, with `include/` and `lib/`. */
  readonly libtorch: string;
  /** libtorch's version, such as `2.13.0+cpu`. */
  readonly torchVersion: string;
  /** The CUDA version libtorch was built with, or `null` for a CPU build. */
  readonly cuda: string | null;
}

const RECORD = new URL("../../native/build/shim.json", import.meta.url);

/**
 * Finds the shim that was built last, and checks that its libtorch is still the one it was built for.
 *
 * @throws {Error} When nothing was built, or libtorch has gone or changed since.
 */
export function locateShim(): BuiltShim {
  const shim = readRecord();
  const found = installedVersion(shim.libtorch);
  if (found !== shim.torchVersion) {
    const now = found === undefined ? "is no longer there" : `is now version ${found}`;
    throw new Error(
      `Cannot use the native shim: it was built for libtorch ${shim.torchVersion}, ` +
        `and the one in ${shim.libtorch} ${now}. Run \`deno task build\``,
    );
  }
  return shim;
}

function readRecord(): BuiltShim {
  try {
    return JSON.parse(Deno.readTextFileSync(RECORD));
  } catch (cause) {
    throw new Error("Cannot find the native shim: it is not built yet. Run `deno task build`", {
      cause,
    });
  }
}

/** The version a libtorch folder states: in `version.py` of a wheel, `build-version` of an archive. */
function installedVersion(libtorch: string): string | undefined {
  const python = readIfThere(`${libtorch}/version.py`)?.match(/__version__ = '([^']+)'/)?.[1];
  return python ?? readIfThere(`${libtorch}/build-version`)?.trim();
}

function readIfThere(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}
