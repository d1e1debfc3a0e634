"""The reference's multi-crop recipe with Pillow and torchvision on one thread.

Prints a line when it is ready; for each line that it reads, prints the seconds of processor time that decoding and cropping
an image take, one after the other as a loader does, on the average over all images given, four times over.
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


seconds()
print("ready", flush=True)
for _ in sys.stdin:
    print(json.dumps(seconds()), flush=True)
