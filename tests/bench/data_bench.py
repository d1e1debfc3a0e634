"""The reference's multi-crop recipe with Pillow and torchvision on one thread: seconds for all images given."""
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

rounds, *paths = sys.argv[1:]
decode, augment = [], []
for _ in range(int(rounds) + 1):
    began = time.perf_counter()
    images = [Image.open(path).convert("RGB") for path in paths]
    decoded = time.perf_counter()
    crops = [[make(image) for image in images] for make in VIEWS]
    groups = [torch.stack(sum(part, [])) for part in (crops[:2], crops[2:])]
    augment.append(time.perf_counter() - decoded)
    decode.append(decoded - began)
print(json.dumps({"decode": min(decode[1:]), "augment": min(augment[1:])}))
