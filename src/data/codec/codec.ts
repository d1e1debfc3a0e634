/** A decoder in WebAssembly, kept between images and replaced before it can go stale. */
export class Codec<Instance> {
  readonly #create: () => Promise<Instance>;
  #instance: Instance | undefined;
  #bytesDecoded = 0;

  /** @param create Makes an instance with memory of its own. */
  constructor(create: () => Promise<Instance>) {
    this.#create = create;
  }

  /** Decodes with the kept instance. A failure leaves its memory in doubt, so it is dropped. */
  async run<T extends { readonly width: number; readonly height: number }>(
    decode: (instance: Instance) => T,
  ): Promise<T> {
    const instance = this.#instance ?? await this.#create();
    this.#instance = undefined;
    const image = decode(instance);
    this.#bytesDecoded += 3 * image.width * image.height;
    // WebAssembly memory never shrinks, so one large image would occupy it for good.
    if (this.#bytesDecoded < INSTANCE_LIFE) this.#instance = instance;
    else this.#bytesDecoded = 0;
    return image;
  }
}

/** Bytes of pixels after which an instance is replaced, seldom enough to cost nothing. */
const INSTANCE_LIFE = 64 * 2 ** 20;
