"""Features of a folder of images in plain PyTorch, decoded and resized by Pillow in a DataLoader: prints seconds and the mean."""
import json
import os
import sys
import time

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

from vit_bench import VisionTransformer

MEAN = torch.tensor([0.485, 0.456, 0.406])[:, None, None]
STD = torch.tensor([0.229, 0.224, 0.225])[:, None, None]


class Images(Dataset):
    """The reference's evaluation transform: short side resized, centre cropped, normalised."""

    def __init__(self, folder, side):
        self.paths = sorted(os.path.join(folder, name) for name in os.listdir(folder))
        self.side = side

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        image = Image.open(self.paths[index]).convert("RGB")
        short = 256 if self.side == 224 else self.side
        width, height = (int(short * length / min(image.size)) for length in image.size)
        image = image.resize((width, height), Image.Resampling.BICUBIC)
        left, top = round((width - self.side) / 2), round((height - self.side) / 2)
        image = image.crop((left, top, left + self.side, top + self.side))
        pixels = torch.from_numpy(np.array(image)).permute(2, 0, 1).float().div(255)
        return (pixels - MEAN) / STD


@torch.inference_mode()
def main(spec):
    device = torch.device(spec["device"])
    sizes = spec["width"], spec["depth"], spec["heads"], spec["side"], spec["patch"]
    model = VisionTransformer(*sizes, "mlp").eval()
    model.load_state_dict({k: v for k, v in torch.load(spec["weights"]).items() if k != "mask_token"})
    model.to(device)
    began = time.perf_counter()
    loader = DataLoader(Images(spec["folder"], spec["side"]), spec["batch"], num_workers=spec["workers"])
    precision = torch.autocast(device.type, torch.bfloat16, enabled=spec["dtype"] == "bfloat16")
    with precision:
        features = torch.cat([model(images.to(device))[:, 0].float().cpu() for images in loader])
    np.save(spec["output"], features.numpy())
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "mean": features.abs().mean().item()}))


main(json.loads(sys.argv[1]))
