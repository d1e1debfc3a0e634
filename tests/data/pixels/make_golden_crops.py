"""Writes golden_crops.json: draws of every transform and of their chain, each with what Pillow and torchvision make of it.

    pip install 'pillow<13' torch torchvision safetensors numpy && python3 make_golden_crops.py

Of crops without blur the SHA-256 of the bytes [3, S, S] is kept. Blurred bytes may differ by one where a sum of floats
falls on a half, so of those the bytes themselves are kept, in hexadecimal.
"""
import hashlib
import json
import pathlib
import random

import numpy as np
from PIL import Image, ImageOps
from safetensors.numpy import load_file
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as F

HERE = pathlib.Path(__file__).parent
SOURCES = load_file(HERE.parent.parent / "golden/augment.safetensors")


def pattern(height, width):
    """As pattern() in golden_crops_test.ts: curved bands of colour with noise on them."""
    y, x, c = np.ogrid[:height, :width, :3]
    bands = (3 * x * x + 5 * y * y + x * y + 900 * c) >> 5
    return ((bands + ((131 * x ^ 57 * y ^ 29 * c) & 31)) & 255).astype(np.uint8)


IMAGES = {name: Image.fromarray(pixels) for name, pixels in {
    "wide": pattern(120, 180),
    "tall": pattern(97, 61),
    "row": pattern(2, 300),
    "tiny": SOURCES["source.tiny"],
    "photo": SOURCES["source.photo0"],
}.items()}
STILL = dict(flip=False, jitter=None, grayscale=False, sigma=None, solarize=False)
JITTERS = ["brightness", "contrast", "saturation", "hue"]


def box(image):
    height, width = random.randint(1, image.height), random.randint(1, image.width)
    if random.random() < 0.2:
        height, width = image.height, image.width
    return dict(top=random.randint(0, image.height - height), left=random.randint(0, image.width - width),
                height=height, width=width)


def strengths():
    factor = lambda: round(random.choice([random.uniform(0.6, 1.4), random.uniform(0, 3), 0, 1]), 3)
    return [factor(), factor(), factor(), round(random.choice([random.uniform(-0.1, 0.1), random.uniform(-0.5, 0.5)]), 3)]


def jitter(order):
    return dict(order=order, strength=strengths())


def drawn(kind):
    if kind in JITTERS:
        return dict(jitter=jitter([JITTERS.index(kind)]))
    if kind == "resize":
        return {}
    if kind in ("flip", "grayscale", "solarize"):
        return {kind: True}
    coin = lambda: random.random() < 0.5
    return dict(flip=coin(), jitter=jitter(random.sample(range(4), 4)) if random.random() < 0.8 else None,
                grayscale=random.random() < 0.2, solarize=coin(),
                sigma=round(random.uniform(0.1, 2), 3) if kind == "blur" else None)


def make(image, draw, size):
    b = draw["box"]
    x = F.resized_crop(image, b["top"], b["left"], b["height"], b["width"], [size] * 2, InterpolationMode.BICUBIC)
    if draw["flip"]:
        x = F.hflip(x)
    if draw["jitter"]:
        adjust = [F.adjust_brightness, F.adjust_contrast, F.adjust_saturation, F.adjust_hue]
        for number in draw["jitter"]["order"]:
            x = adjust[number](x, draw["jitter"]["strength"][number])
    if draw["grayscale"]:
        x = F.rgb_to_grayscale(x, 3)
    if draw["sigma"]:
        x = F.gaussian_blur(x, [9, 9], [draw["sigma"]] * 2)
    if draw["solarize"]:
        x = ImageOps.solarize(x, 128)
    return np.asarray(x).transpose(2, 0, 1).tobytes()


def case(kind):
    name = random.choice(list(IMAGES))
    size = random.choice([16, 17, 28]) if kind == "blur" else random.choice([5, 8, 16, 28, 33, 56, 64, 98])
    draw = {**STILL, "box": box(IMAGES[name]), **drawn(kind)}
    made = make(IMAGES[name], draw, size)
    key = dict(bytes=made.hex()) if kind == "blur" else dict(sha256=hashlib.sha256(made).hexdigest())
    return dict(kind=kind, source=name, size=size, draw=draw, **key)


random.seed(0)
counts = dict(resize=200, flip=40, brightness=80, contrast=80, saturation=80, hue=120, grayscale=40, solarize=40, chain=320,
              blur=24)
cases = [case(kind) for kind, count in counts.items() for _ in range(count)]
with open(HERE / "golden_crops.json", "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(each, separators=(",", ":")) for each in cases) + "\n]\n")
