import { join } from "@std/path";
import { namesIn } from "../../files/folder_names.ts";
import { type CheckpointFile, listCheckpoints } from "../../checkpoint/retain.ts";
import { SafetensorsFile } from "../../checkpoint/safetensors.ts";
import { listTeachers } from "../../checkpoint/teacher.ts";

/** Weights in a folder of a library's model, the first that is there: in one file, or in several with an index. */
const MODEL_FILES = ["model.safetensors", "pytorch_model.bin"].flatMap((name) => [
  name,
  `${name}.index.json`,
]);
/** One of several files. */
const SHARD = /-\d{5}-of-(\d{5})\.(safetensors|bin)$/;

/**
 * The file with the weights of a run folder (its newest teacher or checkpoint) or of a folder that Hugging Face or timm
 * wrote. A path of a file is that of its weights.
 *
 * @throws {Error} When there are none, or the newest of a run are damaged: older ones would give other features.
 */
export function findWeights(path: string): string {
  if (!isFolder(path)) {
    const [, count] = SHARD.exec(path) ?? [];
    if (count === undefined) return path;
    throw new Error(
      `Cannot load "${path}": it is one of ${+count} files of a model. Pass their folder`,
    );
  }
  const newestFirst = [...listTeachers(path), ...listCheckpoints(path)]
    .sort((a, b) => b.iteration - a.iteration);
  if (newestFirst.length > 0) return newestOf(newestFirst);
  const names = namesIn(path, "files");
  const model = MODEL_FILES.find((name) => names.includes(name));
  if (model !== undefined) return join(path, model);
  throw new Error(
    `Cannot find weights in "${path}": it contains no checkpoint or teacher of a run and no model.safetensors. ` +
      "Pass a run folder, or a .safetensors or .pth file",
  );
}

/** @throws {Error} When the header of the newest cannot be read; the message names the newest that can be. */
function newestOf([newest, ...older]: readonly CheckpointFile[]): string {
  const fault = faultOf(newest);
  if (fault === undefined) return newest.path;
  const usable = older.find((file) => faultOf(file) === undefined);
  const cure = usable === undefined
    ? "The run has no other readable weights"
    : `Pass "${usable.path}" to use the weights of iteration ${usable.iteration} instead`;
  throw new Error(`Cannot use the newest weights of a run. ${fault}. ${cure}`);
}

function faultOf({ path }: CheckpointFile): string | undefined {
  try {
    new SafetensorsFile(path)[Symbol.dispose]();
  } catch (error) {
    return (error as Error).message;
  }
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false; // what is wrong with it shows when it is opened
  }
}
