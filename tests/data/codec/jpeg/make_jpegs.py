"""Writes the files that are made here, and pixels.json: the SHA-256 of Pillow's RGB pixels of every file of this folder.

    apt-get install libjpeg-turbo-progs && pip install 'pillow<13' numpy && python3 make_jpegs.py
"""
import hashlib
import io
import json
import pathlib
import subprocess

import numpy as np
from PIL import Image

HERE = pathlib.Path(__file__).parent


def picture(width, height):
    y, x, c = np.ogrid[:height, :width, :3]
    return Image.fromarray(((x * x // 3 + 5 * y + 70 * c + (x * y) % 13) & 255).astype(np.uint8))


def jpeg(image, **options):
    file = io.BytesIO()
    image.save(file, "JPEG", **{"quality": 80, **options})
    return file.getvalue()


def program(name, data, *arguments):
    return subprocess.run([name, *arguments], input=data, capture_output=True, check=True).stdout


def ppm(image):
    file = io.BytesIO()
    image.save(file, "PPM")
    return file.getvalue()


odd = picture(37, 29)
noise = Image.fromarray(np.random.default_rng(0).integers(256, size=(48, 64, 3), dtype=np.uint8))
files = {
    "440": program("cjpeg", ppm(odd), "-sample", "1x2"),
    "411": program("cjpeg", ppm(odd), "-sample", "4x1"),
    "410": program("cjpeg", ppm(odd), "-sample", "4x2"),
    "chroma_finer_than_luma": program("cjpeg", ppm(odd), "-sample", "1x1,2x2,1x2"),
    "420_one_column": jpeg(picture(1, 19), subsampling=2),
    "420_progressive": jpeg(odd, subsampling=2, progressive=True),
    "long_codes": jpeg(noise, quality=100, subsampling=0),
    "arithmetic": program("cjpeg", ppm(odd), "-arithmetic"),
    "arithmetic_progressive": program("cjpeg", ppm(odd), "-arithmetic", "-progressive"),
    "restarts": program("cjpeg", ppm(odd), "-restart", "1B"),
    "stored_as_rgb": program("cjpeg", ppm(odd), "-rgb"),
}
# Damaged within their data, which libjpeg and Pillow pass over.
restarts, sound = files["restarts"], files["440"]
second, third = restarts.index(b"\xff\xd1"), restarts.index(b"\xff\xd2")
middle = (sound.index(b"\xff\xda") + len(sound)) // 2
files |= {
    "restart_out_of_order": restarts[:second] + b"\xff\xd3" + restarts[second + 2 :],
    "restart_late": restarts[:second] + b"\x01\x02" + restarts[second:],
    "restart_missing": restarts[:third] + restarts[third + 2 :],
    "no_such_code": sound[:middle] + b"\xff\x00" * 4 + sound[middle + 4 :],
    "data_missing": sound[:middle] + b"\xff\xd9",
}
# Sound, but unlike what most programs write.
grays = [jpeg(plane) for plane in odd.split()]
gray = grays[0]
frame, codes, scan = (gray.index(marker) for marker in (b"\xff\xc0", b"\xff\xc4", b"\xff\xda"))
ac_codes = gray.index(b"\xff\xc4", codes + 1)  # its values are 21 bytes behind, and the fourth ends a block
of_three = b"\xff\xc0\x00\x11" + gray[frame + 4 : frame + 9] + b"\x03\x01\x11\x00\x02\x11\x00\x03\x11\x00"
separate = [b"\xff\xda\x00\x08\x01" + bytes([i + 1]) + each[scan + 6 : -2] for i, each in enumerate(grays)]
grains = np.random.default_rng(1161).integers(256, size=(16, 24), dtype=np.uint8)  # among them many codes behind a long one
files |= {
    "short_codes_after_long": jpeg(Image.fromarray(grains), quality=98),
    "many_restarts": jpeg(odd, subsampling=0, restart_marker_blocks=1),
    "separate_scans": gray[:frame] + of_three + gray[codes:scan] + b"".join(separate) + b"\xff\xd9",
    "codes_of_two_numbers": gray[: ac_codes + 4] + b"\x11" + gray[ac_codes + 5 : scan + 6] + b"\x01" + gray[scan + 7 :],
    "run_beyond_the_block": gray[: ac_codes + 21] + b"\xf1" + gray[ac_codes + 22 :],
    "end_of_a_band": gray[: ac_codes + 24] + b"\x10" + gray[ac_codes + 25 :],
}
for name, data in files.items():
    (HERE / f"{name}.jpg").write_bytes(data)

digests = {}
for path in sorted(HERE.glob("*.jpg")):
    pixels = Image.open(path).convert("RGB").tobytes()
    digests[path.name] = hashlib.sha256(pixels).hexdigest()
(HERE / "pixels.json").write_text(json.dumps(digests, indent=2) + "\n")
