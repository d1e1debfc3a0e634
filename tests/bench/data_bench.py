"""The reference's multi-crop recipe with Pillow and torchvision on one thread.

Prints a line when it is ready. For an empty line that it reads, prints the seconds of processor time that decoding and
cropping an image take, one after the other as a loader does, on the average over all images given, four times over; for a
number, the images a second by the clock of a DataLoader with so many workers.
"""
import json
import sys
import time

import torch
from PIL import Image
from torchvision import transforms as T
from torchvision.transforms import InterpolationMode

torch.set_num_threads(1)
torch.manual_seed(0)


def view(size, scale, blur, solarize):
    colour = T.RandomApply([T.ColorJitter(0.4, 0.4, 0.2, 0.1)], p=0.8)
    return T.Compose([
        T.RandomResizedCrop(size, scale=scale, interpolation=InterpolationMode.BICUBIC),
        T.RandomHorizontalFlip(0.5),
        colour,
        T.RandomGrayscale(0.2),
        T.RandomApply([T.GaussianBlur(9, (0.1, 2.0))], p=blur),
        T.RandomSolarize(128, p=solarize),
        T.ToTensor(),
        T.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ])


VIEWS = [view(224, (0.32, 1), 0, 0), view(224, (0.32, 1), 0.9, 0.2)] + [view(98, (0.05, 0.32), 0.5, 0)] * 8
PATHS = sys.argv[1:]


PASSES = 4


def seconds():
    decode = crops = 0
    for path in PATHS * PASSES:
        began = time.process_time()
        image = Image.open(path).convert("RGB")
        decoded = time.process_time()
        for make in VIEWS:
            make(image)
        decode += decoded - began
        crops += time.process_time() - decoded
    count = PASSES * len(PATHS)
    return {"decode": decode / count, "crops": crops / count}


BATCH = len(PATHS)
BATCHES = 8


class Crops(torch.utils.data.Dataset):
    def __len__(self):
        return BATCH * (BATCHES + 1)

    def __getitem__(self, index):
        image = Image.open(PATHS[index % len(PATHS)]).convert("RGB")
        return [make(image) for make in VIEWS]


def rate(workers):
    loader = iter(torch.utils.data.DataLoader(Crops(), batch_size=BATCH, num_workers=workers))
    next(loader)  # the processes have started
    began = time.perf_counter()
    for _ in loader:
        pass
    return BATCH * BATCHES / (time.perf_counter() - began)


seconds()
print("ready", flush=True)
for line in sys.stdin:
    print(json.dumps(rate(int(line)) if line.strip() else seconds()), flush=True)
