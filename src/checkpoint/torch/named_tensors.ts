import { quoted } from "../../files/quoted.ts";
import { Opaque, type PickleValue, SavedTensor } from "./values.ts";

// Real files stay far below. Dictionaries may share parts, so a small file can spell an endless tree.
const DEEPEST = 32;
const MOST = 300_000;
const LONGEST = 1000;

/**
 * The tensors in nested dictionaries and lists, each by the keys that lead to it: `{"teacher": {"norm.bias": t}}` has
 * `teacher.norm.bias`.
 *
 * @throws {Error} When there are none, or too many; the message completes "Cannot read …: ".
 */
export function namedTensors(root: PickleValue): Map<string, SavedTensor> {
  const found = new Map<string, SavedTensor>();
  let visited = 0;
  const visit = (value: PickleValue, name: string, depth: number): void => {
    if (++visited > MOST) throw new Error(`it holds more than ${MOST} values`);
    if (depth > DEEPEST) throw new Error(`its dictionaries lie more than ${DEEPEST} deep`);
    if (value instanceof SavedTensor) {
      if (found.has(name)) throw new Error(`it holds two tensors named ${quoted(name)}`);
      found.set(name, value);
    } else if (value instanceof Map || Array.isArray(value)) {
      for (const [key, item] of value.entries()) {
        if (typeof key !== "string" && typeof key !== "number") continue;
        const inner = depth === 0 ? String(key) : `${name}.${key}`;
        if (inner.length > LONGEST) throw new Error(`it holds the name ${quoted(inner)}`);
        visit(item, inner, depth + 1);
      }
    }
  };
  if (root instanceof Opaque) {
    throw new Error(
      `it holds an object of the class ${quoted(root.name)} instead of a dictionary of tensors. ` +
        "Save its state_dict() in Python, and this can read it",
    );
  }
  if (!(root instanceof Map)) throw new Error("it holds no dictionary of tensors");
  visit(root, "", 0);
  if (found.size === 0) throw new Error("it holds no tensors");
  return found;
}

/** The plain values beside the tensors, at the top: an iteration, an epoch. */
export function plainValues(root: PickleValue): Record<string, unknown> {
  const entries = root instanceof Map ? [...root.entries()] : [];
  return Object.fromEntries(
    entries.filter(([key, value]) =>
      typeof key === "string" && ["number", "string", "boolean"].includes(typeof value)
    ),
  );
}
