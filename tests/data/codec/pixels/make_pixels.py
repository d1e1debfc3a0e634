"""Makes the table of pixels: one small file for each format, mode, depth and tag, and what Pillow reads from it.

    apt-get install libopenjp2-tools && python3 -m venv venv && venv/bin/pip install pillow==13.0.0 numpy tifffile imagecodecs
    venv/bin/python tests/data/codec/pixels/make_pixels.py

Writes `files.bin`, all files one after the other, and `table.jsonl`: for each its name, where it lies, and for 1 to 4 channels
where Pillow's pixels lie in `pixels.bin` (or why it has none). Both .bin are compressed by zlib.
"""

import io
import json
import struct
import subprocess
import tempfile
import warnings
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, TiffImagePlugin

HERE = Path(__file__).parent
MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
W, H = 13, 9
DEEP = ("P5_65535.pgm", "P2_65535.pgm")
warnings.simplefilter("ignore")

files: dict[str, bytes] = {}


def ramp(channels: int, top: int = 255, w: int = W, h: int = H) -> np.ndarray:
    """Numbers that differ from pixel to pixel and from channel to channel, from 0 to top."""
    y, x, c = np.mgrid[0:h, 0:w, 0:channels]
    values = (x * 19 + y * 28 + c * 53 + x * y * 3) % 256
    values[0, :2], values[-1, -2:] = 0, 255
    values = values * top // 255
    if top == 65535:
        values[:, 1::2] ^= 0xDA  # low bytes that are not the high ones
    return values


def image(mode: str, w: int = W, h: int = H) -> Image.Image:
    if mode == "P":
        im = Image.fromarray((ramp(1, 255, w, h)[..., 0] // 16).astype(np.uint8), "P")
        im.putpalette([v for i in range(16) for v in (i * 17, 255 - i * 11, i * i % 256)])
        return im
    if mode == "1":
        return Image.fromarray((ramp(1, 255, w, h)[..., 0] > 127).astype(np.uint8) * 255).convert("1")
    bands = len(Image.new(mode, (1, 1)).getbands())
    return Image.fromarray(np.squeeze(ramp(bands, 255, w, h).astype(np.uint8)), mode)


def save(name: str, im: Image.Image, **options) -> None:
    out = io.BytesIO()
    im.save(out, options.pop("format", None) or name.rsplit(".", 1)[-1].replace("tif", "tiff").replace("jpg", "jpeg").replace("jp2", "jpeg2000").replace("pgm", "ppm").replace("pbm", "ppm"), **options)
    files[name] = out.getvalue()


# PNG, written here: Pillow writes neither every depth nor interlaced


def chunk(kind: bytes, data: bytes, crc: int | None = None) -> bytes:
    crc = zlib.crc32(kind + data) if crc is None else crc
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)


PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def png(kind: int, bits: int, extra: bytes = b"", interlaced=False, after=b"", palette=None, crc=None, w=W, h=H, data=None):
    channels = PNG_CHANNELS[kind]
    values = ramp(channels, 2**bits - 1, w, h) if data is None else data
    raw = b""
    for x0, y0, dx, dy in PASSES if interlaced else [(0, 0, 1, 1)]:
        part = values[y0::dy, x0::dx]
        if part.size == 0:
            continue
        for row in part:
            raw += b"\0" + pack(row.reshape(-1), bits)
    stream = zlib.compress(raw, 9) + after
    head = struct.pack(">IIBBBBB", w, h, bits, kind, 0, 0, int(interlaced))
    plte = b""
    if kind == 3:
        plte = chunk(b"PLTE", palette or bytes(v for i in range(2 ** min(bits, 8)) for v in ((i * 71) % 256, 255 - (i * 37) % 256, (i * i) % 256)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + plte + extra + chunk(b"IDAT", stream, crc) + chunk(b"IEND", b"")


def pack(numbers: np.ndarray, bits: int, little=False) -> bytes:
    if bits == 16:
        return numbers.astype("<u2" if little else ">u2").tobytes()
    text = "".join(format(int(v), f"0{bits}b") for v in numbers)
    text += "0" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big") if text else b""


def make_png() -> None:
    depths = {0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]}
    names = {0: "gray", 2: "rgb", 3: "palette", 4: "graya", 6: "rgba"}
    for kind, all_bits in depths.items():
        for bits in all_bits:
            files[f"{names[kind]}{bits}.png"] = png(kind, bits)
            files[f"{names[kind]}{bits}_interlaced.png"] = png(kind, bits, interlaced=True)
            if kind in (0, 2):
                first = ramp(PNG_CHANNELS[kind], 2**bits - 1)[4, 5]
                for name, key in (("white", [2**bits - 1] * 3), ("black", [0] * 3), ("some", first)):
                    trns = chunk(b"tRNS", struct.pack(f">{PNG_CHANNELS[kind]}H", *[int(v) for v in key[: PNG_CHANNELS[kind]]]))
                    files[f"{names[kind]}{bits}_key_{name}.png"] = png(kind, bits, trns)
            if kind == 3:
                files[f"palette{bits}_alphas.png"] = png(kind, bits, chunk(b"tRNS", bytes([40, 200])))
                files[f"palette{bits}_one_clear.png"] = png(kind, bits, chunk(b"tRNS", b"\xff\0"))
    files["palette8_short.png"] = png(3, 8, palette=bytes([9, 8, 7, 200, 100, 50]))
    for kind, bits in ((2, 8), (0, 16), (3, 4)):
        files[f"surplus_{names[kind]}.png"] = png(kind, bits, after=bytes(3000))
        files[f"checksum_{names[kind]}.png"] = png(kind, bits, crc=1)
    files["surplus_rows.png"] = png(2, 8)[:33] + chunk(b"IDAT", zlib.compress(zlib.decompress(png(2, 8)[41:-16]) + bytes(5000))) + chunk(b"IEND", b"")
    files["no_end.png"] = png(2, 8)[:-12]
    for name, interlaced, size in (("", False, 6 * (1 + 3 * W)), ("_interlaced", True, 4 * (1 + 3 * 2))):
        whole = png(2, 8, interlaced=interlaced)
        files[f"rows_missing{name}.png"] = whole[:33] + chunk(b"IDAT", zlib.compress(zlib.decompress(whole[41:-16])[:size])) + chunk(b"IEND", b"")
    for w, h in ((1, 1), (1, 7), (7, 1), (8, 8), (3, 2)):
        files[f"rgb8_interlaced_{w}x{h}.png"] = png(2, 8, interlaced=True, w=w, h=h)
    for n in range(5):
        raw = b""
        values = ramp(3).astype(np.uint8)
        for y in range(H):
            raw += filtered(values, y, n)
        files[f"filter{n}.png"] = png(2, 8)[:33] + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")
    half = zlib.compress(b"".join(b"\0" + row.tobytes() for row in ramp(3).astype(np.uint8)))
    files["many_idat.png"] = png(2, 8)[:33] + b"".join(chunk(b"IDAT", half[i : i + 7]) for i in range(0, len(half), 7)) + chunk(b"IEND", b"")
    exif = Image.Exif()
    exif[274] = 6
    save("exif6.png", image("RGB"), exif=exif)
    save("animated.png", image("RGB"), save_all=True, append_images=[Image.new("RGB", (W, H), "red")])


def filtered(values: np.ndarray, y: int, n: int) -> bytes:
    row = values[y].reshape(-1).astype(int)
    above = values[y - 1].reshape(-1).astype(int) if y else np.zeros_like(row)
    left = np.concatenate([np.zeros(3, int), row[:-3]])
    corner = np.concatenate([np.zeros(3, int), above[:-3]])
    p = left + above - corner
    pa, pb, pc = abs(p - left), abs(p - above), abs(p - corner)
    paeth = np.where((pa <= pb) & (pa <= pc), left, np.where(pb <= pc, above, corner))
    guess = [np.zeros_like(row), left, above, (left + above) // 2, paeth][n]
    return bytes([n]) + ((row - guess) % 256).astype(np.uint8).tobytes()


# GIF


def gif(canvas, frame, at=(0, 0), palette=True, local=None, transparent=None, background=0, interlaced=False):
    """A GIF written by Pillow and patched: canvas, place and flags of its first frame."""
    out = io.BytesIO()
    im = image("P", *frame) if palette else image("L", *frame)
    options = {} if transparent is None else {"transparency": transparent}
    im.save(out, "gif", interlace=interlaced, optimize=False, **options)
    data = bytearray(out.getvalue())
    data[6:10] = struct.pack("<HH", *canvas)
    data[11] = background
    at_frame = data.index(b",\0\0\0\0" + struct.pack("<HH", *frame))
    data[at_frame + 1 : at_frame + 5] = struct.pack("<HH", *at)
    return bytes(data)


def make_gif() -> None:
    save("plain.gif", image("P"))
    save("gray.gif", image("L"))
    save("bilevel.gif", image("1"))
    for interlaced in (False, True):
        files[f"interlaced_{int(interlaced)}.gif"] = gif((W, H), (W, H), interlaced=interlaced)
    files["small_frame.gif"] = gif((W, H), (7, 5), (3, 2))
    files["small_frame_background.gif"] = gif((W, H), (7, 5), (3, 2), background=5)
    files["small_frame_clear.gif"] = gif((W, H), (7, 5), (3, 2), transparent=3)
    files["gray_small_frame.gif"] = gif((W, H), (7, 5), (3, 2), palette=False)
    files["beyond_canvas.gif"] = gif((5, 4), (W, H))
    files["beyond_canvas_moved.gif"] = gif((5, 4), (7, 5), (2, 3))
    files["clear.gif"] = gif((W, H), (W, H), transparent=0)
    files["gray_clear.gif"] = gif((W, H), (W, H), palette=False, transparent=255)
    frames = [image("P"), Image.new("P", (W, H), 3)]
    save("animated.gif", frames[0], save_all=True, append_images=frames[1:], duration=50, disposal=2)
    save("interlaced_1x1.gif", image("P", 1, 1), interlace=True)
    save("comment.gif", image("P"), comment=b"said" * 100)
    big = Image.fromarray(np.random.default_rng(0).integers(0, 256, (70, 90)).astype(np.uint8))
    save("full_table.gif", big)  # more than 4,096 codes


# BMP, written here


def bmp(bits, header=40, rows=None, masks=None, compression=0, colours=None, top_down=False, palette=None, w=W, h=H, used=None):
    rowbytes = (w * bits + 31) // 32 * 4
    if rows is None:
        if bits <= 8:
            numbers = ramp(1, min(2**bits, len(palette or ()) // (3 if header == 12 else 4) or 2**bits) - 1, w, h)[..., 0]
            lines = [pack(row, bits) for row in numbers]
        elif bits == 24:
            lines = [row.astype(np.uint8).tobytes() for row in ramp(3, 255, w, h)]
        else:
            top = 2 ** (bits - 1) - 1
            y, x = np.mgrid[0:h, 0:w]
            numbers = (x * 40503 * 65537 + y * 2654435761 + 12345) % 2**bits
            lines = [row.astype("<u2" if bits == 16 else "<u4").tobytes() for row in numbers]
        lines = [line.ljust(rowbytes, b"\0") for line in lines]
        rows = b"".join(lines if top_down else lines[::-1])
    if bits <= 8 and palette is None:
        each = 3 if header == 12 else 4
        palette = b"".join(bytes([(i * 71) % 256, 255 - (i * 37) % 256, (i * i) % 256, 0][:each]) for i in range(2**bits))
    palette = palette or b""
    if header == 12:
        head = struct.pack("<IHHHH", 12, w, h, 1, bits)
    else:
        head = struct.pack("<IiiHHIIiiII", header, w, -h if top_down else h, 1, bits, compression, len(rows), 2835, 2835, used or 0, 0)
        if masks:
            head += struct.pack(f"<{len(masks)}I", *masks)
        elif header > 40:
            head += bytes(16)
        head = head.ljust(max(header, len(head)), b"\0")
    offset = 14 + len(head) + len(palette)
    return b"BM" + struct.pack("<IHHI", offset + len(rows), 0, 0, offset) + head + palette + rows


def make_bmp() -> None:
    for header in (12, 40, 52, 56, 64, 108, 124):
        for bits in (1, 4, 8, 16, 24, 32):
            if header == 12 and bits in (16, 32):
                continue
            files[f"header{header}_{bits}.bmp"] = bmp(bits, header)
    for bits in (1, 4, 8, 16, 24, 32):
        files[f"top_down_{bits}.bmp"] = bmp(bits, top_down=True)
    gray = b"".join(bytes([i, i, i, 0]) for i in range(256))
    files["gray8.bmp"] = bmp(8, palette=gray)
    files["white_black.bmp"] = bmp(1, palette=bytes([255, 255, 255, 0, 0, 0, 0, 0]))
    files["black_white.bmp"] = bmp(1, palette=bytes([0, 0, 0, 0, 255, 255, 255, 0]))
    files["few_colours.bmp"] = bmp(8, palette=bytes([1, 2, 3, 0, 40, 50, 60, 0, 200, 100, 0, 0]), used=3)
    R, G, B, A = 0xFF0000, 0xFF00, 0xFF, 0xFF000000
    for name, bits, masks in [
        ("565", 16, (0xF800, 0x7E0, 0x1F)),
        ("555", 16, (0x7C00, 0x3E0, 0x1F)),
        ("bgrx", 32, (R, G, B)),
        ("bgra", 32, (R, G, B, A)),
        ("rgba", 32, (B, G, R, A)),
        ("abgr", 32, (A, R, G, B)),
        ("xbgr", 32, (A, R, G, 0)),
        ("bgxr", 32, (A, G, B, 0)),
        ("bgar", 32, (A, G, B, R)),
        ("zeros", 32, (0, 0, 0, 0)),
        ("bgr24", 24, (R, G, B)),
    ]:
        for header in (40, 56, 108, 124):
            if header == 40 and len(masks) > 3:
                continue
            files[f"masks_{name}_{header}.bmp"] = bmp(bits, header, masks=masks if header == 40 else masks + (0,) * (4 - len(masks)), compression=3)
    # Runs: encoded, absolute, of odd lengths, with ends of lines and a jump.
    line8 = [bytes([5, 7, 0, 3, 9, 200, 31, 0, 5, 66, 0, 0]), bytes([13, 99, 0, 0]), bytes([0, 2, 4, 0, 9, 12, 0, 0])]
    rows8 = b"".join(line8 * 3) + bytes([0, 1])
    files["rle8.bmp"] = bmp(8, rows=rows8, compression=1)
    line4 = [bytes([5, 0x7A, 0, 5, 0x12, 0x34, 0x50, 0, 3, 0xBC, 0, 0]), bytes([13, 0x9F, 0, 0]), bytes([0, 2, 4, 0, 9, 0x12, 0, 0])]
    files["rle4.bmp"] = bmp(4, rows=b"".join(line4 * 3) + bytes([0, 1]), compression=2)
    files["rle8_too_long.bmp"] = bmp(8, rows=bytes([20, 5, 0, 0]) * H + bytes([0, 1]), compression=1)
    files["rle8_short.bmp"] = bmp(8, rows=bytes([13, 5, 0, 0, 0, 1]), compression=1)
    save("pillow_rgb.bmp", image("RGB"))
    save("pillow_rgba.bmp", image("RGBA"))
    save("pillow_l.bmp", image("L"))
    save("pillow_p.bmp", image("P"))
    save("pillow_1.bmp", image("1"))


def make_pnm() -> None:
    head = f"{W} {H}".encode()
    for kind, mode, most in [("P5", "L", 255), ("P6", "RGB", 255), ("P5", "L", 100), ("P6", "RGB", 7), ("P5", "L", 65535), ("P6", "RGB", 65535), ("P6", "RGB", 1023), ("P5", "L", 1)]:
        values = ramp(len(mode), most)
        data = values.astype(">u2" if most > 255 else np.uint8).tobytes()
        files[f"{kind}_{most}.{'pgm' if mode == 'L' else 'ppm'}"] = f"{kind}\n# said\n".encode() + head + f"\n{most}\n".encode() + data
    bits = ramp(1, 1)[..., 0]
    files["P4.pbm"] = b"P4 " + head + b"\n" + b"".join(pack(row, 1) for row in bits)
    files["P1.pbm"] = b"P1\n" + head + b"\n" + b"\n".join(b" ".join(str(v).encode() for v in row) for row in bits)
    files["P1_dense.pbm"] = b"P1\n" + head + b"\n#a\n" + b"\n".join(b"".join(str(v).encode() for v in row) for row in bits)
    for kind, channels, most in (("P2", 1, 255), ("P3", 3, 255), ("P3", 3, 15), ("P2", 1, 65535)):
        rows = b"\n".join(b" ".join(str(v).encode() for v in row.reshape(-1)) for row in ramp(channels, most))
        files[f"{kind}_{most}.{'pgm' if channels == 1 else 'ppm'}"] = f"{kind} ".encode() + head + f" {most} # most\n".encode() + rows + b"\n"
    files["cut.ppm"] = files["P6_255.ppm"][:-9]


def make_webp() -> None:
    for mode in ("RGB", "RGBA", "L"):
        save(f"lossless_{mode}.webp", image(mode), lossless=True, exact=True)
        save(f"lossy_{mode}.webp", image(mode), quality=80)
        save(f"lossy_wide_{mode}.webp", image(mode, 67, 45), quality=40)
    for n in range(1, 9):
        exif = Image.Exif()
        exif[274] = n
        save(f"exif{n}.webp", image("RGB"), lossless=True, exif=exif)
    frames = [image("RGBA"), Image.new("RGBA", (W, H), (1, 2, 3, 80))]
    save("animated_alpha.webp", frames[0], save_all=True, append_images=frames[1:], lossless=True)
    save("animated_lossy.webp", image("RGB"), save_all=True, append_images=[Image.new("RGB", (W, H), "red")], quality=70)
    spot = Image.new("RGBA", (W, H))
    spot.paste(image("RGBA", 5, 4), (4, 2))
    save("animated_spot.webp", spot, save_all=True, append_images=[frames[1]], lossless=True, minimize_size=True)
    canvas = struct.pack("<I", W - 1)[:3] + struct.pack("<I", H - 1)[:3]
    chunks = b"WEBPVP8X\x0a\0\0\0" + bytes(4) + canvas + files["lossless_RGBA.webp"][12:]
    files["alpha_untold.webp"] = b"RIFF" + struct.pack("<I", len(chunks)) + chunks
    save("icc.webp", image("RGB"), lossless=True, icc_profile=b"abcd" * 30)


def make_tiff() -> None:
    import tifffile

    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "RGBX", "CMYK", "LAB", "YCbCr", "PA"):
        save(f"{mode}.tif", other(mode) if mode in ("LAB", "PA", "RGBX") else image(mode))
    for method in ("packbits", "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "zstd"):
        for mode in ("1", "L", "P", "RGB", "RGBA", "CMYK"):
            save(f"{method}_{mode}.tif", image(mode), compression=method)
    for method in ("group3", "group4", "tiff_ccitt"):
        save(f"{method}.tif", image("1"), compression=method)
        noise = Image.fromarray((np.random.default_rng(1).random((40, 2700)) < 0.004).astype(np.uint8) * 255).convert("1")
        save(f"{method}_wide.tif", noise, compression=method)
        dense = Image.fromarray((np.random.default_rng(2).random((30, 130)) < 0.3).astype(np.uint8) * 255).convert("1")
        save(f"{method}_dense.tif", dense, compression=method)
    two = TiffImagePlugin.ImageFileDirectory_v2()
    two[292] = 1
    save("group3_2d.tif", image("1", 77, 40), compression="group3", tiffinfo=two)
    for mode in ("L", "RGB", "YCbCr", "CMYK"):
        save(f"jpeg_{mode}.tif", image(mode, 40, 24), compression="jpeg", quality=90)
    predictor = TiffImagePlugin.ImageFileDirectory_v2()
    predictor[317] = 2
    for mode in ("L", "RGB", "RGBA", "YCbCr", "I;16"):
        save(f"predictor_{mode.replace(';', '')}.tif", image(mode) if mode != "I;16" else deep(), compression="tiff_lzw", tiffinfo=predictor)
    save("I16.tif", deep())
    for n in range(1, 9):
        tags = TiffImagePlugin.ImageFileDirectory_v2()
        tags[274] = n
        save(f"orientation{n}.tif", image("RGB"), tiffinfo=tags)
    save("strips.tif", image("RGB"), tiffinfo={278: 2})
    save("lzw_strips.tif", image("RGB"), compression="tiff_lzw", tiffinfo={278: 2})
    save("big.tif", image("RGB"), big_tiff=True)
    save("big_lzw.tif", image("RGBA"), big_tiff=True, compression="tiff_lzw")
    save("pages.tif", image("RGB"), save_all=True, append_images=[Image.new("RGB", (5, 4), "red")])
    white = TiffImagePlugin.ImageFileDirectory_v2()
    white[262] = 0
    save("white_is_zero_L.tif", image("L"), tiffinfo=white)
    save("white_is_zero_1.tif", image("1"), tiffinfo=white)

    def tf(name, values, **options):
        out = io.BytesIO()
        tifffile.imwrite(out, values, metadata=None, **options)
        files[name] = out.getvalue()

    rgb, rgba = ramp(3).astype(np.uint8), ramp(4).astype(np.uint8)
    rgb16, rgba16 = ramp(3, 65535).astype(np.uint16), ramp(4, 65535).astype(np.uint16)
    for order in "<>":
        tag = "little" if order == "<" else "big"
        tf(f"{tag}_rgb8.tif", rgb, photometric="rgb", byteorder=order)
        tf(f"{tag}_rgb16.tif", rgb16, photometric="rgb", byteorder=order)
        tf(f"{tag}_gray16.tif", rgb16[..., 0], photometric="minisblack", byteorder=order)
        for extra in ("unspecified", "assocalpha", "unassalpha"):
            tf(f"{tag}_rgba8_{extra}.tif", rgba, photometric="rgb", extrasamples=[extra], byteorder=order)
            tf(f"{tag}_rgba16_{extra}.tif", rgba16, photometric="rgb", extrasamples=[extra], byteorder=order)
            tf(f"{tag}_la8_{extra}.tif", rgba[..., :2], photometric="minisblack", planarconfig="contig", extrasamples=[extra], byteorder=order)
        tf(f"{tag}_lzw_rgb16.tif", rgb16, photometric="rgb", byteorder=order, compression="lzw", predictor=2)
        tf(f"{tag}_cmyk16.tif", rgba16, photometric="separated", byteorder=order)
    for extras in (["assocalpha", "unspecified"], ["unassalpha", "unspecified"], ["unspecified"] * 2, ["unspecified"] * 3):
        values = ramp(3 + len(extras)).astype(np.uint8)
        tf(f"rgb_{'_'.join(e[:4] for e in extras)}.tif", values, photometric="rgb", extrasamples=extras)
    tf("planar_rgb8.tif", np.moveaxis(rgb, 2, 0).copy(), photometric="rgb", planarconfig="separate")
    tf("planar_rgb16.tif", np.moveaxis(rgb16, 2, 0).copy(), photometric="rgb", planarconfig="separate", compression="zlib")
    tf("planar_rgb8_lzw.tif", np.moveaxis(rgb, 2, 0).copy(), photometric="rgb", planarconfig="separate", compression="lzw", rowsperstrip=4)
    tf("tiles_rgb8.tif", ramp(3, 255, 45, 37).astype(np.uint8), photometric="rgb", tile=(16, 16))
    tf("tiles_rgb8_lzw.tif", ramp(3, 255, 45, 37).astype(np.uint8), photometric="rgb", tile=(16, 16), compression="lzw", predictor=2)
    tf("tiles_jpeg.tif", ramp(3, 255, 45, 37).astype(np.uint8), photometric="ycbcr", tile=(16, 16), compression="jpeg", subsampling=(1, 1))
    tf("tiles_jpeg_420.tif", ramp(3, 255, 45, 37).astype(np.uint8), photometric="ycbcr", tile=(32, 32), compression="jpeg", subsampling=(2, 2))
    tf("tiles_gray16.tif", ramp(1, 65535, 45, 37)[..., 0].astype(np.uint16), photometric="minisblack", tile=(16, 16), compression="zlib")
    tf("tiles_planar.tif", np.moveaxis(ramp(3, 255, 45, 37).astype(np.uint8), 2, 0).copy(), photometric="rgb", planarconfig="separate", tile=(16, 16), compression="zlib")
    tf("signed8.tif", ramp(1)[..., 0].astype(np.uint8).view(np.int8), photometric="minisblack")
    tf("signed16.tif", ramp(1)[..., 0].astype(np.int16), photometric="minisblack")
    tf("float32.tif", ramp(1)[..., 0].astype(np.float32), photometric="minisblack")
    tf("uint32.tif", ramp(1)[..., 0].astype(np.uint32), photometric="minisblack")
    for bits in (1, 2, 4, 8):
        for photometric in (0, 1, 3):
            for fill in (1, 2):
                for order in ("<", ">") if bits == 4 else ("<",):
                    files[f"bits{bits}_photo{photometric}_fill{fill}{'_big' if order == '>' else ''}.tif"] = plain_tiff(bits, photometric, fill, order)
    files["no_photometric.tif"] = plain_tiff(8, None, 1, "<")
    files["bits12.tif"] = plain_tiff(12, 1, 1, "<")
    files["ycbcr_420_lzw.tif"] = subsampled_tiff(5)
    files["ycbcr_420_deflate.tif"] = subsampled_tiff(8)
    files["ycbcr_422_lzw.tif"] = subsampled_tiff(5, 2, 1)
    files["ycbcr_411_deflate.tif"] = subsampled_tiff(8, 4, 1)
    files["ycbcr_444_lzw.tif"] = subsampled_tiff(5, 1, 1)
    files["fill2_lzw.tif"] = plain_tiff(8, 1, 2, "<", compression=8)
    files["cut.tif"] = plain_tiff(8, 1, 1, "<", cut=20)
    files["swapped_magic.tif"] = b"II\0*" + plain_tiff(8, 1, 1, "<")[4:]
    numbers = ramp(1, 15)[..., 0]
    data = b"".join(pack(row, 4) for row in numbers)
    colours = [(i * 71 + 9 * c) % 256 * 257 for c in range(3) for i in range(256)]
    sides = [(256, 9, [W]), (257, 8, [H])]
    common = [(259, 3, [1]), (273, 4, [8]), (278, 4, [H])]
    files["colours_beyond_bits.tif"] = ifd([*sides, *common, (258, 3, [4]), (262, 3, [3]), (277, 3, [1]), (279, 4, [len(data)]), (320, 3, colours)], data, "<")


def deep() -> Image.Image:
    return Image.fromarray(ramp(1, 65535)[..., 0].astype(np.uint16))


def other(mode: str) -> Image.Image:
    if mode == "PA":
        im = image("P").convert("PA")
        im.putalpha(image("L"))
        return im
    rgb = image("RGB")
    if mode == "LAB":
        y, x = np.mgrid[0:H, 0:W]
        lab = np.stack([60 + x * 10, 108 + x * 3, 150 - y * 5], -1).astype(np.uint8)
        return Image.frombytes("LAB", (W, H), lab.tobytes())
    return rgb.convert(mode)


def ifd(tags, data: bytes, order: str) -> bytes:
    """A TIFF whose tags fit their fields or follow the directory."""
    at = 8 + len(data) + len(data) % 2
    extra_at = at + 2 + 12 * len(tags) + 4
    entries, extra = b"", b""
    for tag, kind, values in sorted(tags):
        code = {3: "H", 4: "I", 8: "h", 9: "i"}[kind]
        raw = struct.pack(f"{order}{len(values)}{code}", *values)
        if len(raw) > 4:
            field = struct.pack(order + "I", extra_at + len(extra))
            extra += raw
        else:
            field = raw.ljust(4, b"\0")
        entries += struct.pack(order + "HHI", tag, kind, len(values)) + field
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", at)
    return head + data + b"\0" * (len(data) % 2) + struct.pack(order + "H", len(tags)) + entries + bytes(4) + extra


def plain_tiff(bits, photometric, fill, order, compression=1, cut=0) -> bytes:
    numbers = ramp(1, 2**bits - 1)[..., 0]
    data = b"".join(pack(row, bits, order == "<") for row in numbers)
    if compression == 8:
        data = zlib.compress(data)
    if fill == 2:
        data = bytes(int(f"{v:08b}"[::-1], 2) for v in data)
    tags = [(256, 4, [W]), (257, 4, [H]), (258, 3, [bits]), (259, 3, [compression]), (266, 3, [fill]), (273, 4, [8]), (277, 3, [1]), (278, 4, [H]), (279, 4, [len(data)])]
    if photometric is not None:
        tags.append((262, 3, [photometric]))
    if photometric == 3:
        n = 2**bits
        tags.append((320, 3, [v * 257 for v in [(i * 71) % 256 for i in range(n)] + [255 - (i * 37) % 256 for i in range(n)] + [(i * i) % 256 for i in range(n)]]))
    return ifd(tags, data[: len(data) - cut] if cut else data, order)


def subsampled_tiff(compression, across=2, down=2) -> bytes:
    import imagecodecs

    w, h = 16, 12
    y = ramp(1, 255, w, h)[..., 0].astype(np.uint8)
    units = b""
    for by in range(0, h, down):
        for bx in range(0, w, across):
            units += y[by : by + down, bx : bx + across].tobytes() + bytes([(90 + bx * 5) % 256, (200 - by * 7) % 256])
    data = zlib.compress(units) if compression == 8 else imagecodecs.lzw_encode(units)
    tags = [(256, 4, [w]), (257, 4, [h]), (258, 3, [8, 8, 8]), (259, 3, [compression]), (262, 3, [6]), (273, 4, [8]), (277, 3, [3]), (278, 4, [h]), (279, 4, [len(data)]), (530, 3, [across, down])]
    return ifd(tags, data, "<")


def make_avif() -> None:
    for mode in ("RGB", "RGBA", "L"):
        for sub in ("4:4:4", "4:2:0", "4:2:2"):
            save(f"{mode}_{sub.replace(':', '')}.avif", image(mode, 40, 24), quality=70, subsampling=sub)
    import imagecodecs

    for bits in (10, 12):
        values = ramp(3, 2**bits - 1, 40, 24).astype(np.uint16)
        files[f"bits{bits}.avif"] = imagecodecs.avif_encode(values, level=90, bitspersample=bits, pixelformat="444")
    for n in range(1, 9):
        exif = Image.Exif()
        exif[274] = n
        save(f"exif{n}.avif", image("RGB", 40, 24), exif=exif, quality=90)
    save("animated.avif", image("RGB", 40, 24), save_all=True, append_images=[Image.new("RGB", (40, 24), "red")])


def by_openjpeg(name: str, data: bytes, *options: str) -> bytes:
    """A JPEG 2000 that OpenJPEG's program makes of a file."""
    with tempfile.TemporaryDirectory() as folder:
        Path(f"{folder}/{name}").write_bytes(data)
        subprocess.run(["opj_compress", "-n", "3", "-i", f"{folder}/{name}", "-o", f"{folder}/out.jp2", *options], check=True)
        return Path(f"{folder}/out.jp2").read_bytes()


def subsampled(across: int, down: int, space: int) -> bytes:
    """A JPEG 2000 whose second and third components have fewer samples."""
    planes = [ramp(3, 255, 40, 24)[..., i].astype(np.uint8)[:: down if i else 1, :: across if i else 1] for i in range(3)]
    size = f"40,24,3,8,u@1x1:{across}x{down}:{across}x{down}"
    data = bytearray(by_openjpeg("in.rawl", b"".join(plane.tobytes() for plane in planes), "-mct", "0", "-F", size))
    data[data.index(b"colr") + 10] = space
    return bytes(data)


def make_jpeg2000() -> None:
    for mode in ("RGB", "L", "RGBA", "LA", "CMYK"):
        save(f"{mode}.jp2", image(mode))
    save("YCbCr.jp2", image("YCbCr", 40, 24))
    save("I16.jp2", deep())
    save("lossy.jp2", image("RGB", 40, 24), irreversible=True, quality_mode="rates", quality_layers=[8])
    save("tiles.jp2", image("RGB", 40, 24), tile_size=(16, 16))
    save("tiles_rgba.jp2", image("RGBA", 40, 24), tile_size=(16, 16), irreversible=True, quality_mode="rates", quality_layers=[6])
    for name, mode in (("bare", "RGB"), ("bare_rgba", "RGBA")):
        save(f"{name}.j2k", image(mode), format="jpeg2000", no_jp2=True)
    import imagecodecs

    for bits in (4, 12):
        values = ramp(1, 2**bits - 1)[..., 0].astype(np.uint8 if bits < 8 else np.uint16)
        files[f"bits{bits}.jp2"] = imagecodecs.jpeg2k_encode(values, codecformat="jp2", bitspersample=bits)
    ppm = io.BytesIO()
    image("RGB", 40, 24).save(ppm, "ppm")
    files["offset.jp2"] = by_openjpeg("in.ppm", ppm.getvalue(), "-d", "7,300", "-T", "2,290", "-t", "16,16")
    for name, across, down, space in (("ycc420", 2, 2, 18), ("ycc422", 2, 1, 18), ("rgb420", 2, 2, 16)):
        files[f"{name}.jp2"] = subsampled(across, down, space)
    for channels in (2, 3, 4):  # without the brightest: Pillow rounds them to 256, and keeps 0 of that
        values = np.minimum(ramp(channels, 65535), 65400).astype(np.uint16)
        files[f"bits16_{channels}.jp2"] = imagecodecs.jpeg2k_encode(values, codecformat="jp2", bitspersample=16)


def make_jpeg() -> None:
    for mode in ("RGB", "L", "CMYK"):
        save(f"{mode}.jpg", image(mode, 40, 24), quality=80)
        save(f"{mode}_progressive.jpg", image(mode, 40, 24), quality=80, progressive=True)
    for n in (1, 6):
        exif = Image.Exif()
        exif[274] = n
        save(f"exif{n}.jpg", image("RGB", 40, 24), exif=exif)


def truth(name: str, data: bytes, mode: str):
    with Image.open(io.BytesIO(data)) as im:
        if im.mode.startswith("I;16") or name in DEEP:
            # Pillow clips these, so that all but the darkest turn white: the truth is their high byte.
            values = np.asarray(im).astype(int) << (4 if name == "bits12.tif" else 0)
            gray = Image.fromarray((values >> 8).astype(np.uint8))
            return np.asarray(gray.convert(mode)).reshape(-1).tobytes(), im.size
        return np.asarray(im.convert(mode)).reshape(-1).astype(np.uint8).tobytes(), im.size


def main() -> None:
    for make in (make_png, make_gif, make_bmp, make_pnm, make_webp, make_tiff, make_avif, make_jpeg2000, make_jpeg):
        make()
    table, stored, pixels = [], b"", b""
    for name, data in files.items():
        entry = {"name": name, "at": len(stored), "length": len(data)}
        stored += data
        for channels, mode in MODES.items():
            try:
                values, size = truth(name, data, mode)
                entry["size"] = size
                entry[str(channels)] = [len(pixels), len(values)]
                pixels += values
            except Exception as error:  # noqa: BLE001
                entry.setdefault("refused", {})[str(channels)] = f"{type(error).__name__}: {error}"
        with_mode = Image.open(io.BytesIO(data)).mode if "refused" not in entry or len(entry["refused"]) < 4 else None
        entry["mode"] = with_mode
        table.append(entry)
    (HERE / "files.bin").write_bytes(zlib.compress(stored, 9))
    (HERE / "pixels.bin").write_bytes(zlib.compress(pixels, 9))
    (HERE / "table.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in table))
    print(len(table), "files,", (HERE / "files.bin").stat().st_size, "+", (HERE / "pixels.bin").stat().st_size, "bytes")


if __name__ == "__main__":
    main()
