import { native } from "../ffi/library.ts";

/** What a scope can free: tensors, and generators of random numbers. */
interface Disposable {
  readonly disposed: boolean;
  dispose(): void;
}

// One array for all open scopes; a scope owns what lies above the mark it began at. Measured at a fifth of
// the cost of a set per scope.
const owned: Disposable[] = [];
let depth = 0;

/** Hands a new tensor to the innermost open scope, if any. */
export function register(value: Disposable): void {
  if (depth > 0) owned.push(value);
}

/**
 * Frees every tensor made in the enclosing block when the block ends, for code that reads better straight
 * than inside {@linkcode scope}: `using _ = new Scope();`.
 */
export class Scope {
  readonly #mark = owned.length;
  readonly #depth = ++depth;

  /** Keeps a tensor, or every tensor in a tree of arrays and objects, beyond this scope. */
  keep<T>(value: T): T {
    return keep(value);
  }

  /** Frees what the scope still owns. Scopes must end in the reverse order of their beginning. */
  [Symbol.dispose](): void {
    if (depth !== this.#depth) {
      throw new Error("Cannot end this scope: a scope opened inside it is still open");
    }
    depth--;
    for (let i = owned.length - 1; i >= this.#mark; i--) owned[i].dispose();
    owned.length = this.#mark;
  }
}

/**
 * Runs `body` and frees every tensor made in it, except those it returns (in any tree of arrays and plain
 * objects) or {@linkcode keep}s. Returned tensors belong to the scope around this one, if any.
 *
 * @throws {TypeError} When `body` is asynchronous: a scope cannot tell which tensors an interleaved task made.
 */
export function scope<T>(body: () => T): T {
  const mark = owned.length;
  const level = ++depth;
  const survivors = new Set<unknown>();
  try {
    const result = body();
    if (result instanceof Promise) {
      result.catch(() => {});
      throw new TypeError(
        "Cannot run an async function in a scope: tensors made after its first await would be lost or " +
          "freed too early. Await outside, and open a scope around each synchronous part",
      );
    }
    collect(result, survivors);
    return result;
  } finally {
    depth = level - 1;
    let kept = mark;
    for (let i = mark; i < owned.length; i++) {
      const value = owned[i];
      if (survivors.has(value)) {
        if (depth > 0) owned[kept++] = value;
      } else value.dispose();
    }
    owned.length = kept;
  }
}

/**
 * Takes a tensor, or every tensor in a tree of arrays and plain objects, out of all scopes: it lives until
 * it is disposed of by hand.
 */
export function keep<T>(value: T): T {
  const found = new Set<unknown>();
  collect(value, found);
  if (found.size === 0) return value;
  let kept = 0;
  // A kept slot stays in place as a no-op so that the marks of open scopes remain valid.
  for (let i = owned.length - 1; i >= 0 && kept < found.size; i--) {
    if (found.has(owned[i])) {
      owned[i] = NOTHING;
      kept++;
    }
  }
  return value;
}

const NOTHING: Disposable = { disposed: true, dispose() {} };

/** The number of tensors that native code holds in this process. */
export function liveTensors(): number {
  return Number(native.deino_live_tensors());
}

function collect(value: unknown, found: Set<unknown>): void {
  if (typeof value !== "object" || value === null) return;
  if (isDisposable(value)) found.add(value);
  else if (Array.isArray(value)) { for (const item of value) collect(item, found); }
  else if (value instanceof Map) { for (const item of value.values()) collect(item, found); }
  else if (isPlain(value)) { for (const item of Object.values(value)) collect(item, found); }
}

function isDisposable(value: object): value is Disposable {
  return "disposed" in value && "dispose" in value;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
