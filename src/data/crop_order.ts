/**
 * Which place of which batch an image takes, agreed between threads.
 *
 * @module
 */

/** What is known of an image. */
const [UNKNOWN, GOOD, SKIPPED] = [0, 1, 2];
/** Milliseconds after which a thread that was not woken looks again. */
const PATIENCE = 1000;

/** Where an image stands in the order of all that were given out. */
export interface Turn {
  /** Its number, counted from 0. */
  readonly number: number;
  /** The first number whose images were not yet taken when this one was given out. */
  readonly from: number;
  /** The slot that number had if it was good: slots count the images of all batches from the run's first. */
  readonly slot: number;
}

/**
 * The places of images that are made ahead on several threads. What is drawn for an image depends on its place in its batch,
 * and that on how many images before it can be decoded: so a thread that has decoded one waits until those before it are
 * decoded or skipped, on whichever thread they are, and then counts the good ones. Whoever decodes what does not matter.
 *
 * Images are given out in order, and each thread takes them in order, so the first that is unknown is always in work.
 */
export class CropOrder {
  /** The memory that the threads share: a word for each image, used again in a circle. */
  readonly states: Int32Array<SharedArrayBuffer>;

  /** @param states The shared memory of another thread's order, or the number of images that may be out at once. */
  constructor(states: Int32Array<SharedArrayBuffer> | number) {
    // An image may look back over as many as are out, while as many are given out behind it.
    this.states = typeof states === "number"
      ? new Int32Array(new SharedArrayBuffer(4 * (2 * states + 1)))
      : states;
  }

  /** Notes that an image is given out. */
  begin(number: number): void {
    Atomics.store(this.states, number % this.states.length, UNKNOWN);
  }

  /** Notes what became of an image, unless that is noted. Returns whether it is what is noted now. */
  settle(number: number, isGood: boolean): boolean {
    const at = number % this.states.length;
    const state = isGood ? GOOD : SKIPPED;
    const before = Atomics.compareExchange(this.states, at, UNKNOWN, state);
    Atomics.notify(this.states, at);
    return before === UNKNOWN || before === state;
  }

  /** The slot of an image, as soon as all before it are known. Blocks the thread. */
  slotOf({ number, from, slot }: Turn): number {
    let good = 0;
    for (let before = from; before < number; before++) {
      const at = before % this.states.length;
      while (Atomics.load(this.states, at) === UNKNOWN) {
        Atomics.wait(this.states, at, UNKNOWN, PATIENCE);
      }
      if (Atomics.load(this.states, at) === GOOD) good++;
    }
    return slot + good;
  }
}
