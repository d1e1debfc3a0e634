/**
 * Keys of the reference implementation that change nothing here. Files that hold them are read unchanged, with a note for
 * every value that does not stand for what happens anyway; where a value would ask for something else, it is refused.
 *
 * @module
 */

/** The name that a run gives itself in its `config.yaml`: no setting, and another run's where the file begins one. */
const RUN_ID = "run_id";

/** A key of the reference that is read and ignored. */
interface ReferenceKey {
  /** Its dotted name; everything below it is meant as well. */
  readonly path: string;
  /** The only values that are accepted. Default: any. */
  readonly only?: readonly unknown[];
  /** Why it changes nothing or, where values are refused, what to do instead. */
  readonly note: string;
}

const referenceKeys: readonly ReferenceKey[] = [
  { path: "MODEL.WEIGHTS", only: [""], note: "resume a run with --resume" },
  {
    path: "compute_precision.grad_scaler",
    note: "losses are scaled with compute_precision.param_dtype=fp16 only",
  },
  { path: "compute_precision.student", note: "see compute_precision.param_dtype" },
  { path: "compute_precision.teacher", note: "see compute_precision.param_dtype" },
  { path: "student.block_chunks", note: "it concerns sharding and changes no result" },
  { path: "student.qkv_bias", only: [true], note: "these layers always have a bias" },
  { path: "student.proj_bias", only: [true], note: "these layers always have a bias" },
  { path: "student.ffn_bias", only: [true], note: "these layers always have a bias" },
  { path: "train.saveckp_freq", note: "see checkpointing.period" },
  { path: "train.cache_dataset", note: "the list of files is read once anyway" },
  { path: "optim.lr", note: "it is computed from optim.base_lr" },
  {
    path: "optim.scaling_rule",
    only: ["sqrt_wrt_1024"],
    note: "learning rates scale with the square root of the batch over 1024",
  },
];

/**
 * Reads a key of the reference that changes nothing here.
 *
 * @param path Its dotted name.
 * @param value Its value.
 * @returns What to tell the user ("" where there is nothing to tell), or undefined if it is no such key.
 * @throws {RangeError} If the value asks for something that does not exist here.
 */
export function readReferenceKey(path: string, value: unknown): string | undefined {
  if (path === RUN_ID) return "";
  const key = referenceKeys.find((each) => path === each.path || path.startsWith(`${each.path}.`));
  if (key === undefined) return undefined;
  if (key.only === undefined) return `${key.path} is ignored: ${key.note}`;
  if (key.only.includes(value)) return "";
  throw new RangeError(
    `Cannot set ${path} to ${JSON.stringify(value)}: only ${
      key.only.map((each) => JSON.stringify(each)).join(" or ")
    } is supported; ${key.note}`,
  );
}
