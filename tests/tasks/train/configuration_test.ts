import "../../native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { stringify } from "@std/yaml";
import { makeBuiltinDataset } from "../../../src/data/builtin/builtin.ts";
import { resolveConfig } from "../../../src/config/resolve.ts";
import type { TrainEvent } from "../../../src/train/events.ts";
import { train } from "../../../src/train/loop.ts";
import { RunFolder } from "../../../src/train/run_folder.ts";
import { absolutePath } from "../../../tasks/cli/paths.ts";
import { parseTrainArguments } from "../../../tasks/train/arguments.ts";
import { configure, type ConfiguredRun } from "../../../tasks/train/configuration.ts";
import { npyBytes } from "../../data/codec/write_npy.ts";
import { dryRun } from "../../../tasks/train/dry_run.ts";
import { writePng } from "../../data/codec/write_png.ts";
import { interrupt, small, withSmallRun } from "../../train/small_run.ts";
import { captured } from "../captured.ts";
import { inTempFolder } from "../../temp_folder.ts";

function configured(...args: string[]): Promise<ConfiguredRun> {
  return configure(parseTrainArguments(args));
}

Deno.test("without arguments the preset is first_light, and no run folder is named", async () => {
  const { config, notes } = await configured();
  assertEquals(
    config.student.arch,
    (await configured("--preset", "first_light")).config.student.arch,
  );
  assertEquals(config.train.output_dir, "");
  assertEquals(notes, [
    "Preset first_light, because no --data was given (--preset chooses another)",
  ]);
});

Deno.test("settings beat flags, flags beat the file, the file beats the preset", () =>
  inTempFolder(async (folder) => {
    const file = join(folder, "a.yaml");
    await Deno.writeTextFile(
      file,
      stringify({ train: { seed: 1, batch_size_per_gpu: 5 }, optim: { epochs: 33 } }),
    );
    const args = ["--dry-run", "--preset", "vits14", "--config", file, "--seed", "2"];
    const { config } = await configured(...args, "optim.epochs=44");
    assertEquals(config.student.arch, "vit_small");
    assertEquals(config.train.batch_size_per_gpu, 5);
    assertEquals(config.train.seed, 2);
    assertEquals(config.optim.epochs, 44);
    assertEquals((await configured(...args, "train.seed=3")).config.train.seed, 3);
  }));

Deno.test("a flag that a setting beats is told, in a resumed run too, and one that says the same is not", () =>
  inTempFolder(async (folder) => {
    const told = async (...args: string[]) =>
      (await configured(...args)).notes.filter((note) => note.endsWith("settings beat flags"));
    const first = ["--preset=first_light", "--seed=1", "--device=cpu", "--output-dir", folder];
    const own = ["--data=/a", "train.dataset_path=/b"];
    assertEquals(await told(...first, "train.seed=1", `train.output_dir=${folder}`), []);
    assertEquals(
      await told(...first, ...own, "train.seed=2", "train.device=auto", "train.output_dir=/c"),
      [
        "train.dataset_path=/b is used, not --data /a: settings beat flags",
        `train.output_dir=/c is used, not --output-dir ${folder}: settings beat flags`,
        "train.device=auto is used, not --device cpu: settings beat flags",
        "train.seed=2 is used, not --seed 1: settings beat flags",
      ],
    );
    RunFolder.create(folder, (await configured(...first)).config);
    const resume = ["--output-dir", folder, "--resume", "--device=cpu", "train.device=auto"];
    assertEquals(await told(...resume), [
      "train.device=auto is used, not --device cpu: settings beat flags",
    ]);
  }));

Deno.test("what is hardly meant is told with the run", async () => {
  const falling = ["--preset=first_light", "teacher.momentum_teacher=0.999"];
  const { notes } = await configured(...falling);
  assertEquals(notes.map((note) => note.split(" from")[0]), ["The teacher's momentum falls"]);
});

Deno.test("a folder with train and val is trained on the one and evaluated on the other", () =>
  inTempFolder(async (folder) => {
    const data = join(folder, "data");
    await makeBuiltinDataset(data, { trainPerClass: 1, valPerClass: 1, size: 32 });
    const { config, notes } = await configured("--data", data);
    assertEquals(config.train.dataset_path, join(data, "train"));
    assertEquals(config.evaluation.val_dataset_path, join(data, "val"));
    assertEquals(notes[0].split(",")[0], "Preset cifar10");
    await Deno.remove(data, { recursive: true });
    await makeBuiltinDataset(data, { trainPerClass: 1, valPerClass: 1, size: 64 });
    const larger = await configured("--data", join(data, "val"));
    assertEquals(larger.notes[0].split(",")[0], "Preset vits14");
    assertEquals(larger.config.evaluation.val_dataset_path, "");
  }));

Deno.test("the images that a preset is chosen by are those of the run, which does not list them again", () =>
  inTempFolder(async (folder) => {
    const list = join(folder, "list.csv");
    const image = { width: 32, height: 32, values: new Uint8Array(32 ** 2) };
    await Deno.writeFile(join(folder, "a.png"), writePng(image));
    await Deno.writeTextFile(list, "path\na.png\na.png\n");
    const run = await configured("--data", list);
    await Deno.remove(list);
    const places = { batch_size_per_gpu: 2, output_dir: join(folder, "run") };
    const config = resolveConfig(run.config, small, { train: places });
    const { output } = await captured(() => dryRun({ ...run, config }));
    assertEquals(output.match(/This run would be refused.*/)?.[0], undefined);
    const stop = new AbortController();
    const onEvent = ({ kind }: TrainEvent) => kind === "start" ? stop.abort() : undefined;
    assertEquals(
      (await train(config, { listed: run.images, signal: stop.signal, onEvent })).done,
      1,
    );
  }));

Deno.test("a preset is chosen for arrays of NumPy too, once their channels are told", () =>
  inTempFolder(async (folder) => {
    await Deno.writeFile(join(folder, "a.npy"), npyBytes([20, 30], new Uint8Array(600)));
    const { notes } = await configured("--data", folder, "data.channels=1");
    assertEquals(
      notes[0],
      "Preset cifar10, because the images are about 20 pixels wide or high (--preset chooses another)",
    );
  }));

const changeable: [setting: string, section: "train" | "data" | "checkpointing", value: unknown][] =
  [
    ["train.device=cpu", "train", "cpu"],
    ["train.num_workers=3", "train", 3],
    ["data.max_broken_fraction=0.3", "data", 0.3],
    ["checkpointing.period=9", "checkpointing", 9],
    ["checkpointing.period_minutes=5", "checkpointing", 5],
    ["checkpointing.max_to_keep=1", "checkpointing", 1],
  ];
for (const [setting, section, value] of changeable) {
  Deno.test(`a run is resumed with ${setting}, and everything else as it was`, () =>
    inTempFolder(async (folder) => {
      const { config } = await configured("--output-dir", folder, "optim.epochs=50");
      RunFolder.create(folder, config);
      const resumed = await configured("--output-dir", folder, "--resume", setting);
      const key = setting.split(/[.=]/)[1];
      const expected = { ...config, [section]: { ...config[section], [key]: value } };
      assertEquals(resumed.config, expected);
    }));
}

Deno.test("a run is resumed with nothing else that its results depend on", () =>
  inTempFolder(async (folder) => {
    const { config } = await configured("--output-dir", folder, "optim.epochs=50");
    RunFolder.create(folder, config);
    const resume = ["--output-dir", folder, "--resume"];
    assertEquals((await configured(...resume)).config, config);
    assertEquals((await configured(...resume, "--device", "cpu")).config.train.device, "cpu");
    for (const flag of ["--seed", "--preset", "--config"]) {
      const message = `Cannot change ${flag} when resuming a run: leave it out`;
      await assertRejects(() => configured(...resume, flag, "3"), TypeError, message);
    }
    await assertRejects(
      () => configured(...resume, "optim.epochs=60"),
      RangeError,
      "Cannot change optim.epochs when resuming a run",
    );
  }));

Deno.test("paths in config.yaml are absolute, wherever the run is resumed", () =>
  inTempFolder(async (folder) => {
    const { config } = await configured(
      ...["--dry-run", "--preset", "first_light", "--output-dir", folder],
      ...["train.dataset_path=images", "evaluation.val_dataset_path=val"],
      ...["evaluation.train_dataset_path=known", "student.pretrained_weights=w.pth"],
      "teacher.pretrained_weights=t.pth",
    );
    const { train, evaluation, student, teacher } = config;
    const paths = [
      train.dataset_path,
      evaluation.val_dataset_path,
      evaluation.train_dataset_path,
      student.pretrained_weights,
      teacher.pretrained_weights,
    ];
    const names = ["images", "val", "known", "w.pth", "t.pth"];
    assertEquals(paths, names.map((name) => absolutePath(name)));
  }));

Deno.test("a resumed run takes the same images from another place", () =>
  inTempFolder(async (folder) => {
    const { config } = await configured("--output-dir", folder);
    RunFolder.create(folder, config);
    const data = join(folder, "data");
    await makeBuiltinDataset(data, { trainPerClass: 1, valPerClass: 1, size: 32 });
    const moved = await configured("--output-dir", folder, "--resume", "--data", data);
    assertEquals(moved.config.train.dataset_path, join(data, "train"));
    assertEquals(moved.config.evaluation.val_dataset_path, join(data, "val"));
    assertEquals(moved.notes, [`Training on ${data}/train, evaluating on ${data}/val`]);
  }));

Deno.test("a resumed run tells that its settings were taken from a checkpoint", () =>
  withSmallRun({}, async ({ config }) => {
    const folder = config.train.output_dir;
    await interrupt(config);
    await Deno.remove(join(folder, "config.yaml"));
    const { notes } = await configured("--output-dir", folder, "--resume");
    const [note] = notes;
    assertEquals([notes.length, note.startsWith(`Took the settings from ${folder}/model_`)], [
      1,
      true,
    ]);
  }));

Deno.test("a resumed run of several sources takes each from another place, with its weight", () =>
  inTempFolder(async (folder) => {
    const sources = [{ path: "/old/a", weight: 2 }, { path: "/old/b.tar", weight: 1 }];
    const setting = `data.sources=${JSON.stringify(sources)}`;
    const { config } = await configured("--preset", "vits14", "--output-dir", folder, setting);
    RunFolder.create(folder, config);
    const resume = ["--output-dir", folder, "--resume"];
    assertEquals((await configured(...resume)).config, config);
    const moved = await configured(...resume, "--data", "/new/a", "--data", "/new/b.tar");
    assertEquals(moved.config.data.sources, [
      { path: "/new/a", weight: 2 },
      { path: "/new/b.tar", weight: 1 },
    ]);
    await assertRejects(
      () => configured(...resume, "--data", "/new/a"),
      TypeError,
      "in the order of --data /old/a --data /old/b.tar",
    );
  }));

Deno.test("the preset is chosen by the images that a setting names, else by those of --data", () =>
  inTempFolder(async (folder) => {
    const [small, large] = [20, 60].map((side) => {
      const data = join(folder, String(side));
      Deno.mkdirSync(data);
      const values = new Uint8Array(side * side);
      Deno.writeFileSync(join(data, "a.png"), writePng({ width: side, height: side, values }));
      return data;
    });
    const chosen = async (...args: string[]) => {
      const { config, notes } = await configured(...args);
      return [notes[0].split(",")[0], config.train.dataset_path, config.data.sources] as const;
    };
    const cifar10 = "Preset cifar10", vits14 = "Preset vits14";
    const listed = `data.sources=[{"path": "${small}"}]`;
    assertEquals(await chosen(`train.dataset_path=${small}`), [cifar10, small, []]);
    assertEquals(await chosen("--data", large, `train.dataset_path=${small}`), [
      cifar10,
      small,
      [],
    ]);
    assertEquals(await chosen(listed), [cifar10, "", [{ path: small }]]);
    const sources = [{ path: large }, { path: large }];
    assertEquals(await chosen("--data", large, "--data", large), [vits14, "", sources]);
  }));

Deno.test("--data takes the place of the images that a file names, one or several", () =>
  inTempFolder(async (folder) => {
    const [one, several] = ["one.yaml", "several.yaml"].map((name) => join(folder, name));
    await Deno.writeTextFile(one, stringify({ train: { dataset_path: "/old" } }));
    await Deno.writeTextFile(several, stringify({ data: { sources: [{ path: "/old" }] } }));
    await Deno.mkdir(join(folder, "new"));
    await Deno.writeFile(join(folder, "new", "a.png"), new Uint8Array());
    const images = join(folder, "new");
    const taken = async (file: string, ...data: string[]) => {
      const { config } = await configured(
        "--config",
        file,
        ...data.map((path) => `--data=${path}`),
      );
      return [config.train.dataset_path, config.data.sources.map(({ path }) => path)];
    };
    assertEquals(await taken(one), ["/old", []]);
    assertEquals(await taken(several), ["", ["/old"]]);
    assertEquals(await taken(several, images), [images, []]);
    assertEquals(await taken(one, images, "/b"), ["", [images, "/b"]]);
  }));

Deno.test("a file that names no images trains on nothing, but shows what it would do", () =>
  inTempFolder(async (folder) => {
    const file = join(folder, "a.yaml");
    await Deno.writeTextFile(file, stringify({ optim: { epochs: 33 } }));
    const refused = `Cannot train with --config ${file}: it names no images. Pass a folder with ` +
      "--data DIR, or set train.dataset_path in the file";
    await assertRejects(() => configured("--config", file), TypeError, refused);
    const preset = await assertRejects(() => configured("--preset", "vits14"), TypeError);
    assertEquals(preset.message.endsWith("Pass a folder with --data DIR"), true, preset.message);
    assertEquals((await configured("--config", file, "--dry-run")).config.optim.epochs, 33);
  }));

const refused: [args: string[], message: string][] = [
  [["--resume"], "pass it with --output-dir"],
  [["--resume", "--output-dir", "/nowhere/at/all"], "No run to resume"],
  [["--preset", "vits14"], "Pass a folder with --data DIR"],
  [["--preset", "vits16"], 'did you mean "vits14"?'],
  [["--device", "tpu"], "cuda:N"],
  [["--seed", "x"], "train.seed"],
  [["--data", "/nowhere/at/all"], "there is no such folder"],
  [["--config", "/nowhere/at/all.yaml"], "/nowhere/at/all.yaml"],
];
for (const [args, message] of refused) {
  Deno.test(`${args.join(" ")} is refused`, async () => {
    await assertRejects(() => configured(...args), Error, message);
  });
}

Deno.test("images of 48 pixels are small, of 49 large, and the lower of two in the middle counts", () =>
  inTempFolder(async (folder) => {
    const chosen = async (...sides: number[]) => {
      const data = join(folder, sides.join("-"));
      await Deno.mkdir(data);
      for (const side of sides) {
        const bytes = writePng({ width: side, height: 60, values: new Uint8Array(60 * side) });
        await Deno.writeFile(join(data, `${side}.png`), bytes);
      }
      return (await configured("--data", data)).notes[0].split(",")[0];
    };
    assertEquals(await chosen(48), "Preset cifar10");
    assertEquals(await chosen(49), "Preset vits14");
    assertEquals(await chosen(40, 59), "Preset cifar10");
  }));

Deno.test("a source's list of names is absolute in config.yaml, as the source is", async () => {
  const sources = '[{"path": "imgs", "names": "wanted.txt"}]';
  const dryRun = ["--dry-run", "--preset", "vits14", `data.sources=${sources}`];
  assertEquals((await configured(...dryRun)).config.data.sources, [
    { path: absolutePath("imgs"), names: absolutePath("wanted.txt") },
  ]);
});

Deno.test("32 images spread over a folder tell their size, the lower middle of it", () =>
  inTempFolder(async (folder) => {
    for (let i = 0; i < 64; i++) { // of sides 1 to 64
      const values = new Uint8Array((i + 1) ** 2);
      const bytes = writePng({ width: i + 1, height: i + 1, values: [...values] });
      await Deno.writeFile(join(folder, `${String(i).padStart(2, "0")}.png`), bytes);
    }
    const { notes } = await configured("--data", folder);
    assertEquals(notes, [
      "Preset cifar10, because the images are about 31 pixels wide or high (--preset chooses another)",
    ]);
    await Deno.writeTextFile(join(folder, "list.csv"), "path\n00.png\n");
    await Deno.writeTextFile(join(folder, "00.png"), "no image");
    const unknown = await configured("--data", join(folder, "list.csv"));
    assertEquals(unknown.notes, [
      "Preset vits14, because no image could be measured (--preset chooses another)",
    ]);
  }));

Deno.test("what is told of keys that change nothing comes from the file, from settings, and from those of a resume", () =>
  inTempFolder(async (folder) => {
    const file = join(folder, "a.yaml"), run = join(folder, "run");
    await Deno.writeTextFile(file, stringify({ optim: { lr: 3 } }));
    const lines = async (...args: string[]) =>
      (await configured(...args)).notes.map((note) => note.split(" ")[0]);
    const asked = ["--dry-run", "--config", file, "--output-dir", run, "train.saveckp_freq=3"];
    assertEquals(await lines(...asked), ["optim.lr", "train.saveckp_freq"]);
    RunFolder.create(run, (await configured(...asked)).config);
    const resume = ["--output-dir", run, "--resume", "train.saveckp_freq=5"];
    assertEquals(await lines(...resume), ["train.saveckp_freq"]);
  }));
