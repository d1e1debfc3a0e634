import { weightsHelp } from "../cli/weights_flags.ts";

/** What `deno task features --help` prints. */
export const featuresHelp = `Compute features of images

  deno task features --weights runs/a --data DIR --output features.safetensors

Flags
${weightsHelp}
  --data DIR             images, nested or flat; where folders are classes, these are noted
  --output FILE          .safetensors, .npy (paths and classes in a .csv beside it) or .csv
  --kind NAME            cls         the class token (default)
                         patch-mean  the mean of the patch tokens
                         patch-grid  every patch token: [image, width, rows, columns]
  --device NAME          cpu, cuda, cuda:N or auto (default)
  --image-size N         side of the images after cropping; default: that of the run, else 224
  --batch-size N         images computed at a time; default 128
  --num-workers N        decoding threads; default one for each core
  --help                 this text

Features come after the final norm, and are not scaled to length 1. They are written as they are
computed; where a run was killed, the same command goes on`;
