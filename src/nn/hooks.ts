import { Module } from "./module.ts";

/** A call of a module's method. */
export interface ModuleCall {
  /** The module's name from the root, as in checkpoints: `backbone.blocks.0.attn`. */
  readonly module: string;
  /** The method, mostly `forward`. */
  readonly method: string;
  /** The arguments. */
  readonly args: readonly unknown[];
  /** Module and method in a word: the module's name alone where the method is `forward`. */
  readonly name: string;
}

/** Called instead of a method; `run` calls the method itself. */
export type ModuleHook = <T>(call: ModuleCall, run: () => T) => T;

/**
 * Registers a hook on every module of a network, like PyTorch's forward hooks: to time calls, record or check results. An
 * inner module returns before the one around it. Without hooks, calls cost nothing extra.
 *
 * @param root The network.
 * @param hook Called instead of each method that a class adds to {@linkcode Module}.
 * @param name A prefix for module names. Default: none.
 * @returns Removes the hook when disposed of.
 */
export function hookModules(root: Module, hook: ModuleHook, name = ""): Disposable {
  const hooked: [module: Module, method: string][] = [];
  const visit = (module: Module, path: string): void => {
    for (const method of methodsOf(module)) {
      const original = Reflect.get(module, method);
      const name = method === "forward" ? path : `${path}.${method}`;
      Reflect.defineProperty(module, method, {
        value: (...args: unknown[]) =>
          hook({ module: path, method, args, name }, () => original.apply(module, args)),
        configurable: true,
      });
      hooked.push([module, method]);
    }
    for (const [child, value] of module.namedChildren()) {
      visit(value, path === "" ? child : `${path}.${child}`);
    }
  };
  visit(root, name);
  return {
    [Symbol.dispose]() {
      for (const [module, method] of hooked.splice(0)) Reflect.deleteProperty(module, method);
    },
  };
}

/** The methods that a module's classes add to {@linkcode Module}. */
function methodsOf(module: Module): string[] {
  const names = new Set<string>();
  for (
    let prototype = Object.getPrototypeOf(module);
    prototype !== Module.prototype;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (typeof value === "function" && name !== "constructor") names.add(name);
    }
  }
  return [...names].filter((name) => !(name in Module.prototype));
}
