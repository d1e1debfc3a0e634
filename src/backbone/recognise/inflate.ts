import { cat } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { RecognisedBackbone } from "./recognise.ts";

const PATCH_EMBEDDING = "patch_embed.proj.weight";

/**
 * A backbone for images of another number of channels than red, green and blue: its patch embedding is summed for gray, and
 * for more channels repeated and scaled by 3 / C, so that an image with the same light in every channel gives the same
 * tokens.
 *
 * @param found What was recognised.
 * @param channels C.
 * @throws {Error} If it is for neither C nor 3 channels.
 */
export function withChannels(found: RecognisedBackbone, channels: number): RecognisedBackbone {
  const { inChans = 3 } = found.options;
  if (channels === inChans) return found;
  if (inChans !== 3) {
    throw new Error(
      `Cannot use weights for images of ${inChans} channels with ${channels}: only those for red, green and blue can be inflated`,
    );
  }
  const { from, shape, make } = found.origins.get(PATCH_EMBEDDING)!;
  const [width, , ...patch] = shape;
  const origin = {
    from,
    shape: [width, channels, ...patch],
    make: (tensors: Tensor[]) => inflate(make(tensors), channels),
  };
  return {
    ...found,
    options: { ...found.options, inChans: channels },
    origins: new Map([...found.origins, [PATCH_EMBEDDING, origin]]),
    inflated: true,
  };
}

/** `[D, 3, P, P]` to `[D, C, P, P]`. */
function inflate(weight: Tensor, channels: number): Tensor {
  if (channels === 1) return weight.sum(1, { keepdim: true });
  const repeated = cat(Array<Tensor>(Math.ceil(channels / 3)).fill(weight), 1);
  return repeated.narrow(1, 0, channels).mul(3 / channels);
}
