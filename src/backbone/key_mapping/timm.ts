import { cat, zeros } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { asItIs, type KeyMapping, type NamedFacts, type Origin } from "./key_mapping.ts";

const GATED_IN = /\.mlp\.w12\./;
const GATED_OUT = /\.mlp\.w3\./;

/**
 * The names of timm, which are the reference's but for a few. There is no mask token. A gated layer is called like a plain
 * one. With registers, the class token includes its position, and the table has only those of patches.
 */
export const timm: KeyMapping = {
  owner: "timm",
  origins(facts) {
    const isGated = hasGate(facts);
    const origins = new Map<string, Origin>();
    for (const [name, entry] of facts) {
      const origin = asItIs(entry);
      if (name === "reg_token") origins.set("register_tokens", origin);
      else if (name === "pos_embed") origins.set(name, withClassPosition(origin));
      else if (isGated) {
        origins.set(
          name.replace(".mlp.fc1.", ".mlp.w12.").replace(".mlp.fc2.", ".mlp.w3."),
          origin,
        );
      } else origins.set(name, origin);
    }
    return origins;
  },
  toExternal({ mask_token: _, register_tokens: registers, ...state }) {
    const named = Object.entries(state).map(([name, tensor]): [string, Tensor] => [
      name.replace(GATED_IN, ".mlp.fc1.").replace(GATED_OUT, ".mlp.fc2."),
      tensor,
    ]);
    const mapped = Object.fromEntries(named);
    if (registers === undefined) return mapped;
    const { cls_token: token, pos_embed: positions } = state;
    return {
      ...mapped,
      cls_token: token.add(positions.narrow(1, 0, 1)),
      pos_embed: positions.narrow(1, 1, positions.shape[1] - 1),
      reg_token: registers,
    };
  },
};

/** Whether the first layer of a block is twice as wide as the second takes. */
function hasGate(facts: NamedFacts): boolean {
  const [into] = facts.get("blocks.0.mlp.fc1.weight")?.shape ?? [];
  const [, outOf] = facts.get("blocks.0.mlp.fc2.weight")?.shape ?? [];
  return into !== undefined && into === 2 * outOf;
}

/** The table with a position for the class token: none, where a square table says that the token includes it. */
function withClassPosition(origin: Origin): Origin {
  const [one, entries, width] = origin.shape;
  if (!Number.isInteger(Math.sqrt(entries))) return origin;
  return {
    from: origin.from,
    shape: [one, entries + 1, width],
    make: ([table]) => cat([zeros([1, 1, width], { dtype: table.dtype }), table], 1),
  };
}
