/**
 * Pictures: what patches have in common, where the class token looks, and a heat map of one's own.
 *
 *     deno run -A tests/examples/pictures.ts WEIGHTS IMAGES OUTPUT
 */
import { noGrad } from "@deino/deino/autograd";
import { loadBackbone } from "@deino/deino/backbone";
import { openImages } from "@deino/deino/data";
import { scope } from "@deino/deino/tensor";
import {
  attentionPictures,
  contactSheet,
  heatMap,
  patchGrid,
  patchView,
  pcaPictures,
  readImages,
  spreadOver,
  writePictures,
} from "@deino/deino/visualize";

const [weights, path, output] = Deno.args;
const backbone = loadBackbone(weights);
const folder = await openImages(path);
const { images } = await readImages(folder, spreadOver(folder, 4));
const imageSize = 64;

scope(() => {
  const norms = noGrad(() =>
    images.map(({ image }) => {
      const view = patchView(image, backbone, { imageSize });
      const lengths = patchGrid(view, backbone).norm({ dim: 0 }); // [rows, columns]
      const { heat, overlay } = heatMap(lengths, view.picture);
      return [view.picture, heat, overlay];
    })
  );
  const written = writePictures(output, [
    ...pcaPictures(backbone, images, { imageSize, foreground: "all" }),
    ...attentionPictures(backbone, images, { imageSize }),
    { name: "norms", picture: contactSheet(norms) },
  ]);
  console.log(`wrote ${written.length} pictures, such as ${written.at(-1)}`);
});
