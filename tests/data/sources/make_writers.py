"""Writes `cases/writers.tar.gz`: sources of images as the programs write them that people make data sets with.

Needs NumPy, Pillow, PyArrow, webdataset, datasets, polars, duckdb and GNU tar.
"""
import json
import os
import pathlib
import shutil
import struct
import subprocess
import tempfile
import unicodedata
import zipfile
import zlib

import datasets
import duckdb
import polars
import pyarrow as pa
import pyarrow.parquet as pq
import webdataset

from numbered_image import image, picture

CASES = pathlib.Path(__file__).resolve().parent / "cases"
APART = unicodedata.normalize("NFD", "é")
IMAGES = [image(n) for n in range(4)]


def put(path, content):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())


def write_webdataset():
    for folder, ending in (("shards", "tar"), ("packed_shards", "tar.gz")):
        os.makedirs(folder)
        with webdataset.ShardWriter(f"{folder}/set-%06d.{ending}", maxcount=2, verbose=0) as writer:
            for n in range(3):
                writer.write({"__key__": f"{n:04d}", "png": picture(n), "cls": n % 2, "json": {"n": n}})


def write_tars():
    for n, name in enumerate(("cat/a.png", "dog/b.png")):
        put(f"src/{name}", image(n))
    for name, flags in (("labelled.tar", ["-V", "photos"]), ("incremental.tar", ["--listed-incremental=snapshot"])):
        subprocess.run(["tar", "-C", "src", "--sort=name", "-cf", name, *flags, "cat", "dog"], check=True)
    os.remove("snapshot")
    shutil.rmtree("src")


def write_parquet():
    fixed = [image(n, "BMP") for n in range(4)]
    length = len(fixed[0])
    path = ("path", pa.string())
    tables = {
        "fixed": pa.array([fixed[0], None, fixed[2], fixed[3]], pa.binary(length)),
        "fixed_struct": pa.array([{"bytes": each} for each in fixed], pa.struct([("bytes", pa.binary(length)), path])),
        "fixed_dictionary": pa.array(fixed).cast(pa.binary(length)),
        "views": pa.array([{"bytes": each} for each in IMAGES], pa.struct([("bytes", pa.binary_view()), ("path", pa.string_view())])),
        "path_first": pa.array([{"bytes": each} for each in IMAGES], pa.struct([path, ("bytes", pa.large_binary())])),
        "in_structs": pa.array([{"image": {"bytes": each}} for each in IMAGES], pa.struct([("image", pa.struct([("bytes", pa.binary()), path]))])),
    }
    labels = pa.array([b"ab", b"c\0", b"ab", None], pa.binary(2))
    for name, images in tables.items():
        pq.write_table(pa.table({"image": images, "label": labels}), f"{name}.parquet", use_dictionary=name == "fixed_dictionary")
    rows = [{"url": f"http://x/{n}", "status": "failed" if n == 1 else "success", "jpg": None if n == 1 else each} for n, each in enumerate(IMAGES)]
    put("img2dataset/00000_stats.json", "{}")
    pq.write_table(pa.Table.from_pylist(rows), "img2dataset/00000.parquet")


def write_hugging_face():
    features = datasets.Features({"image": datasets.Image(), "label": datasets.ClassLabel(names=["cat", "dog", "newt"])})
    rows = datasets.Dataset.from_dict({"image": [picture(n) for n in range(3)], "label": [0, 1, 0]}, features=features)
    rows.save_to_disk("saved")
    os.makedirs("cache/blobs")
    os.makedirs("cache/snapshots/1f2e/data")
    for split, chosen in (("train", [0, 1]), ("validation", [2])):
        rows.select(chosen).to_parquet(f"cache/blobs/{split}")
        os.symlink(f"../../../blobs/{split}", f"cache/snapshots/1f2e/data/{split}-00000-of-00001.parquet")
    lists = datasets.Features({"images": datasets.Sequence(datasets.Image())})
    datasets.Dataset.from_dict({"images": [[picture(0), picture(1)]]}, features=lists).to_parquet("sequence.parquet")
    for n in range(2):
        put(f"image_folder/{n}.png", image(n))
    put("image_folder/metadata.csv", "file_name,label\n0.png,x\n1.png,y\n")


def write_by_databases():
    polars.DataFrame({"image": IMAGES, "label": polars.Series(["a", "b", "a", None], dtype=polars.Categorical)}).write_parquet("polars.parquet")
    connection = duckdb.connect()
    connection.execute("create table t(image blob, label varchar)")
    for n, each in enumerate(IMAGES):
        connection.execute("insert into t values (?, ?)", [each, "ab"[n % 2]])
    connection.execute("copy (select {'bytes': image, 'path': 'x'} as image, label from t) to 'duckdb.parquet' (format parquet, parquet_version V2, codec zstd)")


def archive(name, members, before=b"", comment=b""):
    with open(name, "wb") as file:
        file.write(before)
        with tempfile.TemporaryFile() as zipped:
            with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as writer:
                for n, member in enumerate(members):
                    writer.writestr(member, image(n))
                writer.comment = comment
            zipped.seek(0)
            file.write(zipped.read())


def write_zips():
    kaggle = [f"cats-and-dogs/{part}/{part}/{name}" for part, name in (("training_set", "cats/1.png"), ("training_set", "dogs/2.png"), ("test_set", "cats/9.png"))]
    archive("kaggle.zip", kaggle)
    archive("macos.zip", [f"set/caf{APART}/a.png", "set/dog/b.png", f"__MACOSX/set/caf{APART}/._a.png", "set/.DS_Store"])
    archive("program.zip", ["cat/a.png", "dog/b.png"], b"#!/bin/sh\nexit\n", b"unpacks itself")
    named = zipfile.ZipInfo("caf?/a.png")  # as WinRAR and WinZip add the name that a code page cannot write
    name = "café/a.png".encode()
    named.extra = struct.pack("<HHBI", 0x7075, 5 + len(name), 1, zlib.crc32(b"caf?/a.png")) + name
    archive("named.zip", [named, "dog/b.png"])


def write_lists():
    for n, name in enumerate(("0.png", "1.png", f"caf{APART}.png")):
        put(f"pictures/{name}", image(n))
    put("pictures/labels.csv.gz", b"\x1f\x8b")
    for name, text in {
        "windows.csv": '\ufefffile_name;label\r\npictures\\0.png;"Katze; klein"\r\npictures\\1.png;Hund\r\n',
        "excel.csv": "sep=;\r\npath;label\r\npictures/0.png;a\r\npictures/1.png;b\r\n",
        "accents.csv": "path,label\npictures/café.png,café\npictures/0.png,b\n",
        "kaggle.csv": "image_id,label\npictures/0.png,a\npictures/1.png,b\n",
        "boxes.txt": "pictures/0.png\ta b\t0\t32\t44\npictures/1.png\tc\t1\t2\t3\n",
        "coco.json": json.dumps({"images": [{"id": 1, "file_name": "pictures/0.png"}], "annotations": []}),
    }.items():
        put(name, text)
    put("unmarked.csv", "path,label\r\npictures/0.png,a\r\n".encode("utf-16-le"))


with tempfile.TemporaryDirectory() as folder:
    os.makedirs(f"{folder}/writers")
    os.chdir(f"{folder}/writers")
    for write in (write_webdataset, write_tars, write_parquet, write_hugging_face, write_by_databases, write_zips, write_lists):
        write()
    os.chdir(folder)
    subprocess.run(f"tar --sort=name --mtime=@0 --owner=0 --group=0 -cf - writers | gzip -9n > {CASES}/writers.tar.gz", shell=True, check=True)
