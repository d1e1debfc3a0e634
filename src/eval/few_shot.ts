import { Stream } from "../data/random.ts";

/**
 * Picks the same number of images of every class at random, as the reference's few-shot protocol does.
 *
 * @param labels The class of each image.
 * @param perClass Images of each class; a class that has fewer gives all it has.
 * @param seed Of the choice; the reference counts tries from 0.
 * @returns Indices of the chosen images, class by class.
 */
export function fewShotSubset(labels: Uint32Array, perClass: number, seed: number): Uint32Array {
  const members = Map.groupBy(labels.keys(), (index) => labels[index]);
  const classes = [...members.keys()].sort((a, b) => a - b);
  return Uint32Array.from(classes.flatMap((label) => {
    const indices = members.get(label)!;
    const order = new Stream(seed, "few-shot", label).permutation(indices.length);
    return Array.from(order.subarray(0, perClass), (place) => indices[place]);
  }));
}
