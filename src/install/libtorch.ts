import { exists } from "./machine.ts";

/** A libtorch on this machine. */
export interface Libtorch {
  /** The folder with `include/` and `lib/`, an absolute path. */
  readonly root: string;
  /** Its version, such as `2.13.0+cu130`. */
  readonly version: string;
  /** The commit it was built from, or an empty string where it does not say. */
  readonly git: string;
  /** The CUDA version it was built with, or `null` when it lies here without its CUDA half. */
  readonly cuda: string | null;
  /** Where it comes from, as a person would say it. */
  readonly origin: string;
}

/** The minor versions of libtorch that the native shim compiles against. */
const SUPPORTED_VERSIONS: readonly string[] = ["2.11", "2.12", "2.13", "2.14"];

/** The version that is fetched when the machine has none. */
export const FETCHED_VERSION = "2.13.0";

/** Whether the native shim compiles against this version of libtorch. */
export function isSupported(version: string): boolean {
  return SUPPORTED_VERSIONS.some((minor) => version.startsWith(`${minor}.`));
}

/** The supported versions in words. */
export function supportedVersions(): string {
  return `${SUPPORTED_VERSIONS.slice(0, -1).join(", ")} and ${SUPPORTED_VERSIONS.at(-1)}`;
}

/**
 * Reads what a folder says of the libtorch in it: `version.py` in a Python wheel, `build-version` and
 * `build-hash` in an archive. Costs three small files; nothing is loaded.
 *
 * @returns Nothing when headers, libraries or version are missing, as in a copy cut short.
 */
export function readLibtorch(root: string, origin: string): Libtorch | undefined {
  const parts = ["include/ATen/core/Tensor.h", "lib/libtorch_cpu.so", "lib/libc10.so"];
  if (!parts.every((part) => exists(`${root}/${part}`))) return undefined;
  const wheel = readText(`${root}/version.py`);
  const version = stated(wheel, "__version__") ?? readText(`${root}/build-version`);
  if (version === "") return undefined;
  const cuda = stated(wheel, "cuda") ?? version.match(/\+cu(\d+)(\d)$/)?.slice(1).join(".") ?? null;
  return {
    root,
    version,
    git: stated(wheel, "git_version") ?? readText(`${root}/build-hash`),
    cuda: exists(`${root}/lib/libtorch_cuda.so`) ? cuda : null,
    origin,
  };
}

/** The string that a Python file assigns to `name`; `None` counts as not stated. */
function stated(python: string, name: string): string | undefined {
  return python.match(new RegExp(`^${name}(?:: [^=]+)? = '([^']+)'`, "m"))?.[1];
}

function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path).trim();
  } catch {
    return "";
  }
}
