import { join } from "@std/path";
import { namesIn } from "../../files/folder_names.ts";
import { isFolder } from "../../files/is_file.ts";
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
 * @throws {Error} When there are none, or the newest of a run are damaged or of another run: older ones would give other
 * features.
 */
export function findWeights(path: string): string {
  if (!isFolder(path)) {
    const [, count] = SHARD.exec(path) ?? [];
    if (count === undefined && !isMissing(path)) return path;
    if (count === undefined) {
      throw new Error(
        `Cannot read "${path}": there is no such file. Pass a run folder, a model's folder, or a .safetensors or ` +
          ".pth file; weights are not fetched by their name",
      );
    }
    throw new Error(
      `Cannot load "${path}": it is one of ${+count} files of a model. Pass their folder`,
    );
  }
  const newestFirst = [...listTeachers(path), ...listCheckpoints(path)]
    .sort((a, b) => b.iteration - a.iteration);
  if (newestFirst.length > 0) return newestOf(newestFirst, runIn(path));
  const names = namesIn(path, "files");
  const model = MODEL_FILES.find((name) => names.includes(name));
  if (model !== undefined) return join(path, model);
  throw new Error(
    `Cannot find weights in "${path}": it contains no checkpoint or teacher of a run and no model.safetensors. ` +
      "Pass a run folder, or a .safetensors or .pth file",
  );
}

/** Whether nothing is there, as opposed to something that cannot be looked at. */
function isMissing(path: string): boolean {
  try {
    Deno.statSync(path);
    return false;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}

/** The name of the run in a folder, where its `config.yaml` tells it. */
function runIn(folder: string): string | undefined {
  try {
    return /^run_id: (\S+)$/m.exec(Deno.readTextFileSync(join(folder, "config.yaml")))?.[1];
  } catch {
    return undefined;
  }
}

/**
 * @param run The run that is meant, where that is known.
 * @throws {Error} When the newest cannot be read or is of another run; the message names the newest that can be used.
 */
function newestOf([newest, ...older]: readonly CheckpointFile[], run: string | undefined): string {
  const fault = faultOf(newest, run);
  if (fault === undefined) return newest.path;
  const usable = older.find((file) => faultOf(file, run) === undefined);
  const cure = usable === undefined
    ? "The run has no other readable weights"
    : `Pass "${usable.path}" to use the weights of iteration ${usable.iteration} instead`;
  throw new Error(`Cannot use the newest weights of a run. ${fault}. ${cure}`);
}

function faultOf({ path }: CheckpointFile, run: string | undefined): string | undefined {
  try {
    using file = new SafetensorsFile(path);
    const { run_id = run } = file.state;
    return run === undefined || run_id === run
      ? undefined
      : `Cannot use "${path}": it belongs to another run than config.yaml`;
  } catch (error) {
    return (error as Error).message;
  }
}
