import { resolve } from "@std/path";
import type { Backbone } from "../../src/backbone/backbone.ts";
import { chooseDevice } from "../../src/tensor/device.ts";
import { scope } from "../../src/tensor/scope.ts";
import { type NamedImage, readImages, spreadOver } from "../../src/visualize/image_sample.ts";
import { type NamedPicture, writePictures } from "../../src/visualize/png.ts";
import { openSource } from "../cli/open_source.ts";
import { checkWritableFolder } from "../cli/output_file.ts";
import { stdout } from "../cli/terminal.ts";
import { openBackbone } from "../cli/weights.ts";
import type { ModelArguments } from "./model_flags.ts";
import { checkOutput, reportBroken, reportPictures } from "./output.ts";

/** Fewer patches a side than this are blocks in which little is recognised. */
const FEW = 8;
/** Patches a side that show shapes: those of 224 pixels in patches of 16. */
const MANY = 14;

/** What {@linkcode drawPatches} is asked for. */
interface PatchArguments extends ModelArguments {
  /** The image that comes first, as a path in the folder. Default: the first. */
  readonly first?: string;
}

/**
 * Reads weights and images, draws, and writes the pictures.
 *
 * @param asked Where everything is.
 * @param draw Makes the pictures of images whose short side gets a size.
 * @throws {Error} If weights or images cannot be read, or pictures cannot be drawn or written.
 */
export async function drawPatches(
  asked: PatchArguments,
  draw: (
    backbone: Backbone,
    images: readonly NamedImage[],
    imageSize: number,
  ) => readonly NamedPicture[],
): Promise<void> {
  const { output, count, first } = asked;
  checkOutput(output, asked.data);
  const device = chooseDevice(asked.device);
  const backbone = openBackbone(asked, device);
  using model = backbone.model;
  const { inChans: channels, imgSize, patchSize } = model.options;
  const imageSize = asked.imageSize ?? backbone.notedSide ?? imgSize;
  const { interpolation } = backbone.preprocessing;
  stdout.line(
    `Images: short side resized to ${imageSize}, to the nearest whole patch, ${interpolation}; nothing cropped`,
  );
  const side = Math.round(imageSize / patchSize);
  if (side < FEW && asked.imageSize === undefined) {
    const larger = MANY * patchSize;
    stdout.line(
      `Pictures of ${side} patches a side show little: --image-size ${larger} shows more`,
    );
  }
  const folder = await openSource(asked.data, { channels });
  const shown = spreadOver(folder, count, { first });
  checkWritableFolder(output);
  const { images, brokenFiles } = await readImages(folder, shown, {
    channels,
    exif: backbone.preprocessing.exif,
    onNote: (text) => stdout.line(text),
  });
  if (first !== undefined && images[0].path !== first) {
    const { reason } = brokenFiles.find(({ path }) => path === resolve(folder.root, first))!;
    throw new Error(`Cannot show the image "${first}" of ${folder.root}: ${reason}`);
  }
  reportBroken(brokenFiles);
  reportPictures(scope(() => writePictures(output, draw(backbone, images, imageSize))));
}
