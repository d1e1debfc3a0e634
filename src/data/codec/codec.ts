/** A decoder in WebAssembly, kept between images and replaced before it can go stale. */
export class Codec<Instance> {
  readonly #create: () => Promise<Instance>;
  #instance: Instance | undefined;
  #bytesDecoded = 0;
  #mostAtOnce = 0;

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
    const bytes = 3 * image.width * image.height;
    this.#bytesDecoded += bytes;
    this.#mostAtOnce = Math.max(this.#mostAtOnce, bytes);
    // WebAssembly memory never shrinks, so one large image would occupy it for good. Several in a row need it again, and what
    // is dropped lingers until it is collected.
    if (this.#bytesDecoded < Math.max(INSTANCE_LIFE, LARGE_IMAGES * this.#mostAtOnce)) {
      this.#instance = instance;
    } else {
      this.#bytesDecoded = this.#mostAtOnce = 0;
    }
    return image;
  }
}

/** Bytes of pixels after which an instance is replaced, seldom enough to cost nothing. */
const INSTANCE_LIFE = 64 * 2 ** 20;
/** How many images of its largest size an instance decodes at least. */
const LARGE_IMAGES = 16;
