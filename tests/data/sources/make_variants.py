"""Writes `cases/variants.tar.gz`: sources of images in other orders, dialects and packings, as other programs write them.

Needs NumPy, Pillow and PyArrow, GNU tar and zip.
"""
import bz2
import gzip
import io
import json
import os
import pathlib
import subprocess
import tarfile
import tempfile
import warnings
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq

from numbered_image import image

CASES = pathlib.Path(__file__).resolve().parent / "cases"
warnings.simplefilter("ignore")  # of members that come twice


def link(name, target, kind=tarfile.LNKTYPE):
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member, None


def tar(name, members):
    with tarfile.open(name, "w") as archive:
        for member, content in members:
            if isinstance(member, str):
                member, size = tarfile.TarInfo(member), len(content)
                member.size = size
            archive.addfile(member, content and io.BytesIO(content))


def archive(name, members, packing=zipfile.ZIP_STORED):
    with zipfile.ZipFile(name, "w", packing) as file:
        for member, content in members:
            info = zipfile.ZipInfo("name")
            info.filename, info.compress_type = member, packing  # as it is given
            file.writestr(info, content)


def parquet(name, images, labels, **options):
    pq.write_table(pa.table({"image": images, "label": labels}), name, **options)


def write_tars():
    plain = [(f"{n}.png", image(n)) for n in range(3)]
    tar("plain.tar", plain)
    raw = open("plain.tar", "rb").read()
    tar("labels_first.tar", [(f"{n}.cls", str(n % 2).encode()) for n in range(4)] + [(f"{n}.png", image(n)) for n in (3, 1, 0, 2)])
    tar("twice.tar", [("a.png", image(0)), ("a.cls", b"0"), ("a.png", image(1)), ("a.cls", b"1"), ("b.png", image(2)), ("b.cls", b"0")])
    tar("links.tar", [("a.png", image(0)), link("b.png", "a.png"), link("c.png", "b.png"), link("./d.png", "./a.png"),
                      link("gone.png", "nowhere.png"), link("soft.png", "a.png", tarfile.SYMTYPE), link("pipe.png", "", tarfile.FIFOTYPE)])
    tar("names.tar", [("/abs/a.png", image(0)), ("../../up.png", image(1)), ("ä/" + "ö" * 150 + ".png", image(2)), ("dir//b.PNG", image(3))])
    tar("tars.tar", [("one.tar", raw), ("a.png", image(0))])
    with open("appended.tar", "wb") as file:
        file.write(raw + raw)
    with open("blank.tar", "wb") as file:
        file.write(bytes(10240))
    packed = gzip.compress(raw, mtime=0)
    for name, content in (
        ("parts.tar.gz", gzip.compress(raw[:1000], mtime=0) + gzip.compress(raw[1000:], mtime=0)),
        ("cut.tar.gz", packed[:-40]), ("called.tar", packed), ("not_packed.tar.gz", raw), ("plain.tar.bz2", bz2.compress(raw)),
    ):
        with open(name, "wb") as file:
            file.write(content)
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/holes.png", "wb") as file:
            file.write(image(1))
            file.seek(200_000)
            file.write(b"x")
        with open(f"{folder}/a.png", "wb") as file:
            file.write(image(0))
        for name, dialect in (("holes_gnu.tar", "gnu"), ("holes_pax.tar", "posix")):
            subprocess.run(["tar", "-C", folder, f"--format={dialect}", "-S", "-cf", name, "a.png", "holes.png"], check=True)


def write_zips():
    split = [("train/cat", 0), ("train/dog", 1), ("val/cat", 2), ("val/dog", 3), ("test/cat", 4)]
    archive("splits.zip", [(f"set/{folder}/{n}.png", image(n)) for folder, n in split], zipfile.ZIP_DEFLATED)
    archive("twice.zip", [("a.png", image(0)), ("b.png", image(1)), ("a.png", image(2))])
    archive("windows.zip", [("cat\\a.png", image(0)), ("dog\\b.png", image(1))])
    archive("names.zip", [("/abs.png", image(0)), ("../up.png", image(1)), ("__MACOSX/._a.png", b"x"), (".hidden.png", image(2)), ("in.zip", b"PK"), ("dir/", b"")])
    archive("dos.zip", [("x_.png", image(0)), ("y_.png", image(1))])
    names = open("dos.zip", "rb").read().replace(b"x_.png", b"\x81b.png").replace(b"y_.png", b"\x84b.png")
    with open("dos.zip", "wb") as file:
        file.write(names)
    with zipfile.ZipFile("large_fields.zip", "w") as file:
        for n in range(2):
            with file.open(f"{n}.png", "w", force_zip64=True) as member:
                member.write(image(n))
    for n, options in ((0, ["-P", "secret"]), (1, [])):
        with open(f"{n}.png", "wb") as file:
            file.write(image(n))
        subprocess.run(["zip", "-qX", *options, "encrypted.zip", f"{n}.png"], check=True)


def write_parquet():
    struct = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    images = [image(n) for n in range(4)]
    structs = pa.array([{"bytes": each, "path": None} for each in images], struct)
    parquet("dictionary.parquet", pa.array(images).dictionary_encode(), pa.array(["x", "y"] * 2).dictionary_encode())
    parquet("lengths.parquet", pa.array(images), [0, 1, 2, 3], use_dictionary=False, column_encoding={"image": "DELTA_LENGTH_BYTE_ARRAY"})
    parquet("large_binary.parquet", pa.array(images, pa.large_binary()), [True, False, None, True])
    parquet("floats.PARQUET", structs, [0.0, 1.0, None, 2.0], row_group_size=3)
    parquet("gaps.parquet", pa.array([{"bytes": images[0], "path": "a"}, None, {"bytes": None, "path": None}, {"bytes": b"", "path": None}, {"bytes": images[1], "path": None}], struct), [0, 1, 2, -1, None])
    parquet("several_labels.parquet", pa.array(images), pa.array([[0, 1], [1], [], [2]]))
    parquet("several_images.parquet", pa.array([[{"bytes": images[0], "path": None}]], pa.list_(struct)), [0])
    schema = pa.schema([("image", struct), ("label", pa.int64())])
    part = lambda rows: pa.table({"image": structs.take(rows), "label": pa.array(rows, pa.int64())}, schema)
    with pq.ParquetWriter("empty_groups.parquet", schema) as writer:
        for rows in ([0, 1], [], [2], []):
            writer.write_table(part(pa.array(rows, pa.int64())))
    os.makedirs("split_words")
    for name in ("trainset", "Validation-0", "my-test-photos"):
        parquet(f"split_words/{name}.parquet", pa.array(images[:1]), [0])


def write_lists():
    for n in range(4):
        with open(f"l{n}.png", "wb") as file:
            file.write(image(n))
    for name, text in {
        "gaps.jsonl": '{"path":"l0.png","label":null}\n{"path":null}\n\n{"image":"l1.png","label":"a"}\nnull\n"l2.png"\n{"file_name":"l3.png","label":true}\n',
        "marked.jsonl": '\ufeff{"path":"l0.png","label":"ä"}\r\n{"path":"l1.png","label":"b"}\r\n',
        "torn.jsonl": '{"path":"l0.png"}\n{"path":"l1.png"\n',
        "quoted.csv": '\ufeff"Path","Label"\r\n"l0.png","a, b"\r\nl1.png,"say ""hi"""\r\n\r\nl2.png,\r\nl0.png,"a, b"\r\n',
        "numbered_rows.csv": ",filename,label\n0,l0.png,x\n1,l1.png,y\n",
        "blanks.txt": "l0.png 0\n\n  l1.png\n./l2.png\t1\nhttps://example.org/x.png\n",
        "by_class.json": json.dumps({"cat": ["l0.png"]}),
    }.items():
        with open(name, "w", newline="") as file:
            file.write(text)


with tempfile.TemporaryDirectory() as folder:
    os.makedirs(f"{folder}/variants")
    os.chdir(f"{folder}/variants")
    for write in (write_tars, write_zips, write_parquet, write_lists):
        write()
    os.chdir(folder)
    subprocess.run(f"tar --sort=name --mtime=@0 --owner=0 --group=0 -cf - variants | gzip -9n > {CASES}/variants.tar.gz", shell=True, check=True)
