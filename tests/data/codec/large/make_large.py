"""Makes pictures that are decoded in strips, each with the SHA-256 of the bytes that Pillow reads from it.

Run with Pillow and OpenJPEG's opj_compress in this folder: python3 make_large.py
"""

import hashlib
import json
import subprocess
from pathlib import Path

import numpy
from PIL import Image


def waves(width, height, channels):
    y, x = numpy.mgrid[0:height, 0:width]
    waves = [127 + 100 * numpy.sin(x / (37 + 9 * i) + y / (11 + 5 * i)) for i in range(channels)]
    return Image.fromarray(numpy.stack(waves, -1).round().astype("uint8"))


def flat(width, height, channels):
    return Image.new({3: "RGB", 4: "RGBA"}[channels], (width, height), (70, 130, 180, 90)[:channels])


def with_space(name, space):
    """Changes the number of a JPEG 2000's colour space."""
    data = bytearray(Path(name).read_bytes())
    data[data.index(b"colr") + 10] = space
    Path(name).write_bytes(data)


def halved(name, width, height):
    """Y'CbCr with colours of half the rows and columns, which begin at odd places."""
    planes = numpy.asarray(waves(width, height, 3))
    raw = [planes[1 if i else 0 :: 2 if i else 1, 1 if i else 0 :: 2 if i else 1, i].tobytes() for i in range(3)]
    Path("in.rawl").write_bytes(b"".join(raw))
    size = f"{width},{height},3,8,u@1x1:2x2:2x2"
    offset = ["-d", "3,61", "-T", "1,2", "-t", "2000,2000"]
    subprocess.run(["opj_compress", "-mct", "0", "-r", "200", *offset, "-F", size, "-i", "in.rawl", "-o", name], check=True)
    Path("in.rawl").unlink()
    with_space(name, YCC)


YCC = 18
lossy = {"irreversible": True, "quality_mode": "rates"}
files = {
    "odd_420.avif": (waves(61, 203, 3), {"quality": 80}),
    "odd_444.avif": (waves(61, 203, 3), {"quality": 80, "subsampling": "4:4:4"}),
    "alpha_422.avif": (waves(61, 203, 4), {"quality": 80, "subsampling": "4:2:2"}),
    "strips.jp2": (waves(1300, 1201, 3), {**lossy, "quality_layers": [400]}),
    "lossless.jp2": (waves(12, 12, 4).resize((1200, 1201), Image.NEAREST), {}),
    "tiles.jp2": (waves(1300, 1201, 3), {**lossy, "quality_layers": [400], "tile_size": (700, 500)}),
    "offset.jp2": (waves(1300, 1201, 3), {**lossy, "quality_layers": [400], "offset": (3, 61), "tile_offset": (1, 2), "tile_size": (1400, 1400)}),
    "ycc_alpha.jp2": (waves(61, 203, 4), {**lossy, "quality_layers": [40]}),
    "flat_49.avif": (flat(7000, 7000, 3), {}),
    "flat.avif": (flat(4000, 3000, 3), {}),
    "flat_alpha.avif": (flat(4000, 3000, 4), {}),
    "flat.jp2": (flat(4000, 3000, 3), {"irreversible": True}),
    "flat_alpha.jp2": (flat(4000, 3000, 4), {}),
}

for name, (image, options) in files.items():
    image.save(name, **options)
with_space("ycc_alpha.jp2", YCC)
halved("halved.jp2", 1300, 1200)

pixels = {}
for name in files:
    with Image.open(name) as read:
        pixels[name] = {"mode": read.mode, "sha256": hashlib.sha256(read.tobytes()).hexdigest()}
    print(name, len(open(name, "rb").read()))
with open("pillow.json", "w") as file:
    json.dump(pixels, file, indent=2)
    file.write("\n")
