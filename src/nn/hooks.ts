import { Module } from "./module.ts";

/** A method of a module that is called. */
export interface ModuleCall {
  /** The module's name from the root, as in checkpoints: `backbone.blocks.0.attn`. */
  readonly module: string;
  /** The method, mostly `forward`. */
  readonly method: string;
  /** What it is given. */
  readonly args: readonly unknown[];
}

/** Stands in for a method: `run` calls it. */
export type ModuleHook = <T>(call: ModuleCall, run: () => T) => T;

/**
 * Lets a hook see every call of a network's modules, as PyTorch's forward hooks: to record, to time, to look at results. A
 * module inside another one returns before it. It costs nothing before and after.
 *
 * @param root The network.
 * @param hook Called in place of each method that a module has beyond those of every {@linkcode Module}.
 * @param name What the root is called. Default: nothing.
 * @returns Takes the hook away when it is disposed of.
 */
export function hookModules(root: Module, hook: ModuleHook, name = ""): Disposable {
  const hooked: [module: Module, method: string][] = [];
  const visit = (module: Module, path: string): void => {
    for (const method of methodsOf(module)) {
      const original = Reflect.get(module, method);
      Reflect.defineProperty(module, method, {
        value: (...args: unknown[]) =>
          hook({ module: path, method, args }, () => original.apply(module, args)),
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

/** The methods of a module's classes below {@linkcode Module}. */
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
