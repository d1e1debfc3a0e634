import { native } from "../ffi/library.ts";
import { scope } from "../tensor/scope.ts";

/** Runs `body` without recording a graph: nothing in it can be differentiated. */
export function noGrad<T>(body: () => T): T {
  return withGradMode(false, body);
}

/** Runs `body` without recording a graph, and frees every tensor made in it but those it returns: {@linkcode noGrad} in a {@linkcode scope}. */
export function noGradScope<T>(body: () => T): T {
  return noGrad(() => scope(body));
}

/** Runs `body` recording a graph, also inside {@linkcode noGrad}. */
export function enableGrad<T>(body: () => T): T {
  return withGradMode(true, body);
}

/** Whether operations are being recorded for differentiation. */
export function isGradEnabled(): boolean {
  return native.deino_grad_mode();
}

function withGradMode<T>(on: boolean, body: () => T): T {
  const before = native.deino_set_grad_mode(on);
  try {
    const result = body();
    if (result instanceof Promise) {
      result.catch(() => {});
      throw new TypeError(
        "Cannot switch gradient recording around an async function: the switch belongs to the thread " +
          "and would apply to other tasks too. Await outside",
      );
    }
    return result;
  } finally {
    native.deino_set_grad_mode(before);
  }
}
