"""Claims about chunks, their cache and index, and about filters, as h5py and the kernel's counters see them."""

import os
import re
import shutil
import subprocess

import h5py
import numpy

from h5run import check, directory
from lessons_claims import claim
from lessons_storage import SIEVE, bytes_read

VERSION = h5py.version.hdf5_version_tuple[:2]


def pipeline(path, stages, data, chunk):
    """A dataset with the filters in this order; what it stores."""
    setters = {"shuffle": "set_shuffle", "deflate": "set_deflate", "fletcher32": "set_fletcher32"}
    with h5py.File(path, "w") as file:
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plist.set_chunk(chunk)
        for stage in stages:
            getattr(plist, setters[stage])(*([4] if stage == "deflate" else []))
        kind, space = h5py.h5t.py_create(data.dtype), h5py.h5s.create_simple(data.shape)
        dataset = h5py.Dataset(h5py.h5d.create(file.id, b"x", kind, space, plist))
        dataset[...] = data
    with h5py.File(path, "r") as file:
        check(numpy.array_equal(file["x"][...], data), f"{stages}: what is read is not what was written")
        return file["x"].id.get_storage_size()


# ---- chunks


@claim("image-bytes")
def image_bytes(row):
    """One 64x64 corner of one image: contiguous it is 64 pieces of 64 bytes, as a chunk one of 4096."""
    with directory() as where:
        path = os.path.join(where, "x.h5")
        with h5py.File(path, "w") as file:
            file.create_dataset("rows", data=numpy.ones((100, 480, 640), "i1"))
            file.create_dataset("tiles", data=numpy.ones((100, 480, 640), "i1"), chunks=(1, 64, 64))
        with h5py.File(path, "r") as file:
            row.exact(480 * 640, 307200, "bytes of an image")
            row.exact(file["rows"].id.get_storage_size(), 30720000, "contiguous")
            row.exact(file["tiles"].id.get_storage_size(), 32768000, "chunked")
            row.exact(file["tiles"].id.get_num_chunks(), 8000, "chunks")
            tiles = file["tiles"]
            tiles[0, 0:64, 0:64]  # brings the chunk index along
            row.exact(bytes_read(lambda: tiles[0, 0:64, 64:128]), 4096, "read for a tile that is a chunk")
            rows = file["rows"]
            row.exact(
                bytes_read(lambda: rows[50, 0:64, 0:64]), SIEVE, "read for the same tile without chunks"
            )


@claim("chunk-when")
def chunk_when(row):
    with directory() as where, h5py.File(os.path.join(where, "x.h5"), "w") as file:
        cases = [
            ((100, 100), "f4", {}, None),
            ((2, 2), "f4", {"maxshape": (2, 2)}, (2, 2)),
            ((100, 100), "f4", {"compression": "gzip"}, (50, 50)),
            ((100, 100), "i4", {"compression": "gzip", "shuffle": True}, (50, 50)),
            ((100, 100), "i1", {"fletcher32": True}, (100, 100)),
            ((100, 480, 640), "i1", {"chunks": (1, 64, 64)}, (1, 64, 64)),
        ]
        for i, (shape, dtype, options, chunk) in enumerate(cases):
            dataset = file.create_dataset(str(i), shape, dtype, **options)
            row.same(
                (dataset.chunks, dataset.maxshape),
                (chunk, shape),
                f"chunk and maxshape of {shape} {dtype} {options}",
            )
        row.refused(
            ValueError,
            "not be greater than data shape",
            lambda: file.create_dataset("y", (8, 8), chunks=(9, 8)),
        )


@claim("chunk-index")
def chunk_index(row):
    """The signatures of the index in the file: B-tree 1, fixed array, extensible array, B-tree 2, or none for one chunk."""
    expected = {
        "earliest": [b"TREE", b"TREE", b"TREE", b"TREE"],
        "v110": [b"FAHD", b"EAHD", b"BTHD", None],
    }
    shapes = [((64, 64), None), ((64, 64), (None, 64)), ((64, 64), (None, None)), ((8, 8), None)]
    with directory() as where:
        path = os.path.join(where, "x.h5")
        for low, signatures in expected.items():
            for (shape, maxshape), signature in zip(shapes, signatures):
                with h5py.File(path, "w", libver=(low, "latest")) as file:
                    file.create_dataset("x", data=numpy.ones(shape), chunks=(8, 8), maxshape=maxshape)
                with open(path, "rb") as raw:
                    found = set(re.findall(b"TREE|FAHD|EAHD|BTHD", raw.read())) - (
                        {b"TREE"} if low != "earliest" else set()
                    )
                row.same(found, {signature} if signature else set(), f"index of {shape} to {maxshape}, {low}")


@claim("chunk-whole")
def chunk_whole(row):
    """An unfiltered chunk of 2 MiB does not fit into 1 MiB: the element alone is read. A filtered one is read each time."""
    with directory() as where:
        path = os.path.join(where, "x.h5")
        data = numpy.zeros((2048, 1024))
        with h5py.File(path, "w") as file:
            file.create_dataset("plain", data=data, chunks=(512, 512))
            file.create_dataset("small", data=data, chunks=(256, 256))
            file.create_dataset("packed", data=data, chunks=(512, 512), compression="gzip")
        with h5py.File(path, "r", rdcc_nbytes=1 << 20) as file:
            packed = file["packed"].id.get_storage_size() // 8
            for name, first, second in (("plain", 8, 8), ("small", 524288, 0), ("packed", packed, packed)):
                dataset = file[name]
                dataset.id.get_num_chunks()  # brings the chunk index along
                row.same(bytes_read(lambda: dataset[3, 3]), first, f"{name}, first element")
                row.same(bytes_read(lambda: dataset[5, 5]), second, f"{name}, second element")
            row.says("8")
            row.says("524 288")


@claim("chunk-cache")
def chunk_cache(row):
    """The limit is what the cache is set to, for chunks up to and including that size; 1 MiB is its default up to 1.14."""
    with directory() as where:
        path = os.path.join(where, "x.h5")
        with h5py.File(path, "w") as file:
            file.create_dataset("fits", data=numpy.zeros(131072), chunks=(131072,))
            file.create_dataset("large", data=numpy.zeros(262144), chunks=(262144,))
        if VERSION < (2, 0):
            with h5py.File(path, "r") as file:
                for name, second in (("fits", 0), ("large", 8)):
                    dataset = file[name]
                    dataset[3]
                    row.same(bytes_read(lambda: dataset[5]), second, f"again from {name}, default cache")
        with h5py.File(path, "r", rdcc_nbytes=2 << 20) as file:
            dataset = file["large"]
            dataset[3]
            row.same(bytes_read(lambda: dataset[5]), 0, "again from a chunk of 2 MiB, 2 MiB of cache")
    for words in ("1 MiB", "8 MiB", "521", "8191"):
        row.says(words)


@claim("chunk-slots")
def chunk_slots(row):
    """Two chunks of 64 bytes share one slot and put each other out, however much room there is."""
    with directory() as where:
        path = os.path.join(where, "x.h5")
        with h5py.File(path, "w") as file:
            file.create_dataset("x", data=numpy.arange(64.0).reshape(8, 8), chunks=(1, 8))
        for slots, again in ((1, 64), (521, 0)):
            with h5py.File(path, "r", rdcc_nslots=slots) as file:
                dataset = file["x"]
                dataset[0], dataset[1]
                row.exact(bytes_read(lambda: dataset[0]), again, f"again with {slots} slots")


# ---- filters


@claim("filter-order")
def filter_order(row):
    """The pipeline runs in the order it was set, and backwards when reading."""
    data = numpy.arange(10000, dtype="i4").reshape(100, 100)
    with directory() as where:
        path = os.path.join(where, "x.h5")
        first = pipeline(path, ["shuffle", "deflate"], data, (50, 50))
        last = pipeline(path, ["deflate", "shuffle"], data, (50, 50))
        alone = pipeline(path, ["deflate"], data, (50, 50))
        row.same(last, alone, "shuffle after deflate against deflate alone")
        check(first * 4 < alone, f"shuffle before deflate: {first} against {alone} bytes")


@claim("filter-fixed")
def filter_fixed(row):
    """What one asks of a dataset is a copy of its creation list; changing that changes nothing."""
    with directory() as where, h5py.File(os.path.join(where, "x.h5"), "w") as file:
        dataset = file.create_dataset("x", (100, 100), "f4", compression="gzip")
        dataset.id.get_create_plist().set_fletcher32()
        row.same((dataset.id.get_create_plist().get_nfilters(), dataset.fletcher32), (1, False), "filters")


@claim("deflate")
def deflate(row):
    with directory() as where, h5py.File(os.path.join(where, "x.h5"), "w") as file:
        check(h5py.h5z.filter_avail(h5py.h5z.FILTER_DEFLATE), "this HDF5 has no deflate")
        for dtype in (
            "i1",
            "u8",
            "f4",
            "f8",
            "S5",
            [("a", "i2"), ("b", "f8")],
            h5py.enum_dtype({"no": 0, "yes": 1}),
        ):
            data = numpy.zeros(1000, dtype)
            dataset = file.create_dataset(str(len(file)), data=data, compression="gzip")
            check(numpy.array_equal(dataset[...], data), f"deflate of {dtype}")
        text = file.create_dataset("text", (1000,), h5py.string_dtype(), compression="gzip")
        text[...] = "as long as one likes, and the same every time"
        check(text.id.get_storage_size() < 16 * 1000, "references are what is compressed")
        row.same(text[999], b"as long as one likes, and the same every time", "text of any length")


@claim("lzf")
def lzf(row):
    data = numpy.arange(10000, dtype="i4").reshape(100, 100)
    smooth = numpy.sin(numpy.arange(10000) / 1000).astype("f4").reshape(100, 100)
    with directory() as where:
        path = os.path.join(where, "x.h5")
        with h5py.File(path, "w") as file:
            for name, values in (("ramp", data), ("smooth", smooth), ("zeros", data * 0)):
                size = {}
                for filter_ in ("lzf", "gzip"):
                    dataset = file.create_dataset(name + filter_, data=values, compression=filter_)
                    check(numpy.array_equal(dataset[...], values), f"{filter_} of {name}")
                    size[filter_] = dataset.id.get_storage_size()
                check(size["lzf"] > size["gzip"], f"{name}: {size}")
        if shutil.which("h5dump"):
            done = subprocess.run(
                ["h5dump", "-d", "/ramplzf", path],
                env={**os.environ, "HDF5_PLUGIN_PATH": where},
                capture_output=True,
                text=True,
                check=False,
            )
            check(done.returncode != 0, "h5dump read lzf without a plugin")


@claim("shuffle")
def shuffle(row):
    data = numpy.arange(10000, dtype="i4").reshape(100, 100)
    noise = numpy.random.default_rng(0).integers(0, 256, 40000, "u1").view("i4").reshape(100, 100)
    with directory() as where:
        path = os.path.join(where, "x.h5")
        row.exact(pipeline(path, ["shuffle"], data, (50, 50)), 40000, "shuffle alone")
        plain = pipeline(path, ["deflate"], data, (50, 50))
        check(
            pipeline(path, ["shuffle", "deflate"], data, (50, 50)) * 6 < plain,
            "counting numbers, shuffled first",
        )
        check(pipeline(path, ["shuffle", "deflate"], noise, (50, 50)) >= 40000, "noise, shuffled first")
        tiny = data.astype("i1")
        row.same(
            pipeline(path, ["shuffle", "deflate"], tiny, (50, 50)),
            pipeline(path, ["deflate"], tiny, (50, 50)),
            "one byte",
        )


@claim("fletcher32")
def fletcher32(row):
    """Chunks, no compression, four bytes more in every chunk; and the byte that was flipped is noticed."""
    with directory() as where:
        path = os.path.join(where, "x.h5")
        with h5py.File(path, "w") as file:
            dataset = file.create_dataset("x", data=numpy.ones((100, 100), "i1"), fletcher32=True)
            row.same(
                (dataset.chunks, dataset.compression, dataset.fletcher32), ((100, 100), None, True), "filters"
            )
            file.create_dataset("plain", data=numpy.ones((100, 100), "i1"), chunks=(100, 100))
            places = {}
            for name in ("x", "plain"):
                chunk = file[name].id.get_chunk_info(0)
                places[name] = chunk.byte_offset
                row.exact(chunk.size, 10004 if name == "x" else 10000, f"bytes of the chunk, {name}")
        with open(path, "r+b") as raw:
            for offset in places.values():
                raw.seek(offset + 5)
                raw.write(b"\x03")
        with h5py.File(path, "r") as file:
            row.same(int(file["plain"][...].max()), 3, "without checksum the flipped byte is read")
            row.refused(OSError, "", lambda: file["x"][...])
