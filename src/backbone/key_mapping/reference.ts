import { quoted } from "../../files/quoted.ts";
import { asItIs, type KeyMapping, type Origin } from "./key_mapping.ts";

const CHUNKED_BLOCK = /^blocks\.\d+\.(?=\d+\.)/;

/**
 * The names of the reference implementation, which are Deino's. In files of its training, blocks may be grouped in chunks:
 * `blocks.1.6.norm1.bias` is `blocks.6.norm1.bias`.
 */
export const reference: KeyMapping = {
  owner: "reference",
  origins(facts) {
    const origins = new Map<string, Origin>();
    for (const [name, entry] of facts) {
      const plain = name.replace(CHUNKED_BLOCK, "blocks.");
      if (origins.has(plain)) {
        throw new Error(`Cannot load the backbone: two tensors are ${quoted(plain)}`);
      }
      origins.set(plain, asItIs(entry));
    }
    return origins;
  },
  toExternal: (state) => ({ ...state }),
};
