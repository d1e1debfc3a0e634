"""Makes pictures that are decoded in strips, each with the SHA-256 of the bytes that Pillow reads from it.

Run with Pillow in this folder: python3 make_large.py
"""

import hashlib
import json

import numpy
from PIL import Image, features


def waves(width, height, channels):
    y, x = numpy.mgrid[0:height, 0:width]
    waves = [127 + 100 * numpy.sin(x / (37 + 9 * i) + y / (11 + 5 * i)) for i in range(channels)]
    return Image.fromarray(numpy.stack(waves, -1).round().astype("uint8"))


def flat(width, height, channels):
    return Image.new({3: "RGB", 4: "RGBA"}[channels], (width, height), (70, 130, 180, 90)[:channels])


lossy = {"irreversible": True, "quality_mode": "rates"}
files = {
    "odd_420.avif": (waves(61, 203, 3), {"quality": 80}),
    "odd_444.avif": (waves(61, 203, 3), {"quality": 80, "subsampling": "4:4:4"}),
    "alpha_422.avif": (waves(61, 203, 4), {"quality": 80, "subsampling": "4:2:2"}),
    "strips.jp2": (waves(1300, 1201, 3), {**lossy, "quality_layers": [400]}),
    "lossless.jp2": (waves(12, 12, 4).resize((1200, 1201), Image.NEAREST), {}),
    "tiles.jp2": (waves(1300, 1201, 3), {**lossy, "quality_layers": [400], "tile_size": (700, 500)}),
    "offset.jp2": (waves(1300, 1201, 3), {**lossy, "quality_layers": [400], "offset": (3, 61), "tile_offset": (1, 2), "tile_size": (1400, 1400)}),
    "flat.avif": (flat(4000, 3000, 3), {}),
    "flat_alpha.avif": (flat(4000, 3000, 4), {}),
    "flat.jp2": (flat(4000, 3000, 3), {"irreversible": True}),
    "flat_alpha.jp2": (flat(4000, 3000, 4), {}),
}

pixels = {}
for name, (image, options) in files.items():
    image.save(name, **options)
    with Image.open(name) as read:
        pixels[name] = {"mode": read.mode, "sha256": hashlib.sha256(read.tobytes()).hexdigest()}
    print(name, len(open(name, "rb").read()))
with open("pillow.json", "w") as file:
    json.dump(pixels, file, indent=2)
    file.write("\n")
