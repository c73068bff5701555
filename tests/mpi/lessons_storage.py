"""Claims about bytes in files and bytes that are read, as h5py sees them. What is read is asked of the kernel (/proc/self/io)."""

import os

import h5py
import numpy

from h5run import check, directory
from lessons_claims import claim

SIEVE = 65536  # bytes of HDF5's sieve buffer, default


def counters():
    with open("/proc/self/io", "rb", buffering=0) as file:
        fields = file.read().split()
    return int(fields[1]), int(fields[3])


def moved(function):
    """Bytes that a call reads and writes, without those of the asking."""
    before, again = counters(), counters()
    function()
    after = counters()
    return tuple(after[i] - again[i] - (again[i] - before[i]) for i in (0, 1))


def bytes_read(function):
    return moved(function)[0]


def bytes_written(function):
    return moved(function)[1]


def create(path, shape, dtype, where="x", **options):
    with h5py.File(path, "w") as file:
        file.create_dataset(where, shape, dtype, **options)
    return os.path.getsize(path)


def touch(path, where="x", at=(2, 2)):
    with h5py.File(path, "r+") as file:
        file[where][at] = 2.0
    return os.path.getsize(path)


# ---- whole files


@claim("lazy")
def lazy(row):
    """8 MiB are in the file; reading an element reads one sieve buffer, or one chunk."""
    with directory() as where:
        path = os.path.join(where, "x.h5")
        with h5py.File(path, "w") as file:
            for name, options in (("contiguous", {}), ("chunked", {"chunks": (64, 64)})):
                file.create_dataset(name, data=numpy.ones((1024, 1024), "f4"), **options)
        with h5py.File(path, "r") as file:
            dataset = file["contiguous"]
            row.exact(bytes_read(lambda: dataset[2, 2]), SIEVE, "read for one element")
            dataset = file["chunked"]
            dataset[1000, 1000]  # brings the chunk index along
            row.exact(bytes_read(lambda: dataset[1001, 1001]), 0, "read for an element of the same chunk")
            index = bytes_read(lambda: dataset[500, 500]) - 64 * 64 * 4
            check(0 <= index < 20000, f"{index} bytes of index for one chunk")


@claim("whole-file")
def whole_file(row):
    """Only the name of a dataset says whose data are read: the stations of the example, and one of them."""
    with directory() as where:
        path = os.path.join(where, "weather.h5")
        with h5py.File(path, "w") as file:
            for station in range(1, 11):
                for what, value in (("temperature", 60 + station), ("wind_speed", station)):
                    file[f"/{station}/{what}"] = value
                    file[f"/{station}/{what}"].attrs.update({"date": 1, "month": "Jan", "year": 2017})
        with h5py.File(path, "r") as file:
            found = file["/7/temperature"]
            row.same(
                (found[()], found.shape, sorted(found.attrs)),
                (67, (), ["date", "month", "year"]),
                "station 7",
            )
            row.exact(len(file), 10, "groups")
            count = []
            file.visititems(lambda _, thing: count.append(isinstance(thing, h5py.Dataset)))
            row.exact(sum(count), 20, "datasets")


@claim("open-modes")
def open_modes(row):
    with directory() as where:
        old, new = os.path.join(where, "old.h5"), os.path.join(where, "new.h5")
        create(old, (2,), "i4", "kept")
        for mode in ("r", "r+"):
            row.refused(FileNotFoundError, "No such file", lambda: h5py.File(new, mode))
        for mode in ("w-", "x"):
            row.refused(FileExistsError, "File exists", lambda: h5py.File(old, mode))
            h5py.File(new, mode).close()
            os.unlink(new)
        h5py.File(new, "a").close()
        for mode, writable in (("r", False), ("r+", True), ("a", True)):
            with h5py.File(old, mode) as file:
                row.same(list(file), ["kept"], f"left by mode {mode}")
                if writable:
                    file["kept"][0] = 1
                else:
                    row.refused(OSError, "no write intent", lambda: file["kept"].__setitem__(0, 1))
        with h5py.File(old, "w") as file:
            row.same(list(file), [], "left by mode w")


@claim("open-default")
def open_default(row):
    with directory() as where:
        path = os.path.join(where, "x.h5")
        create(path, (2,), "i4")
        with h5py.File(path) as file:
            row.exact(file.mode, "r", "mode without being asked")
            row.same(hasattr(file["x"], "value"), False, "Dataset.value")
        row.says(".value")


@claim("drivers")
def drivers_serial(row):
    """The same dataset through every serial driver of h5py; the default is sec2."""
    data = numpy.arange(65536, dtype="f4")
    with directory() as where:
        path = os.path.join(where, "x.h5")
        with h5py.File(path, "w") as file:
            row.exact(file.driver, "sec2", "default driver")
        sizes = {}
        for name, options in {
            "sec2": {},
            "stdio": {},
            "core": {"backing_store": True},
            "memory": {"driver": "core", "backing_store": False},
            "family": {"memb_size": 65536},
            "split": {},
        }.items():
            path = os.path.join(where, name + ("-%d.h5" if name == "family" else ".h5"))
            with h5py.File(path, "w", **{"driver": name, **options}) as file:
                file["x"] = data
                check(numpy.array_equal(file["x"][...], data), f"driver {name}")
            sizes[name] = {
                f: os.path.getsize(os.path.join(where, f)) for f in os.listdir(where) if f.startswith(name)
            }
        row.same(sizes["stdio"]["stdio.h5"], sizes["sec2"]["sec2.h5"], "bytes through stdio")
        check(sizes["core"]["core.h5"] >= sizes["sec2"]["sec2.h5"], "the image of core is the file")
        row.same(sizes["memory"], {}, "files of core without backing")
        row.exact(len(sizes["family"]), 5, "members of 64 KiB for 256 KiB and metadata")
        row.exact(len(sizes["split"]), 2, "files of split")


# ---- when storage appears


@claim("empty")
def empty(row):
    with directory() as where:
        path = os.path.join(where, "x.h5")
        row.exact(create(path, (1024, 1024), "f4", "big"), 1400, "an empty dataset")
        with h5py.File(path, "r") as file:
            row.exact(file["big"].id.get_storage_size(), 0, "bytes stored")
            row.same(float(file["big"][...].sum()), 0.0, "sum of what was never written")
        row.same(os.path.getsize(path), 1400, "after reading all of it")


@claim("touched")
def touched(row):
    """One element allocates all; it does not write all."""
    with directory() as where:
        path = os.path.join(where, "x.h5")
        create(path, (1024, 1024), "f4", "big")
        with h5py.File(path, "r+") as file:
            written = bytes_written(lambda: (file["big"].__setitem__((2, 2), 2.0), file.flush()))
        row.exact(os.path.getsize(path), 4195704, "after one element")
        row.exact(os.path.getsize(path) - 1400, 1024 * 1024 * 4, "bytes of the dataset")
        check(SIEVE <= written < SIEVE + 4096, f"{written} bytes were written for one element")
        row.says("64 KiB")


@claim("touched-deflate")
def touched_deflate(row):
    with directory() as where:
        path = os.path.join(where, "x.h5")
        row.same(
            create(path, (1024, 1024), "f4", "big", compression="gzip"), 1400, "an empty compressed dataset"
        )
        with h5py.File(path, "w") as file:
            dataset = file.create_dataset("big", (1024, 1024), "f4", compression="gzip")
            row.exact("x".join(map(str, dataset.chunks)), "64x128", "chunk that h5py chose")
            row.exact(dataset.compression_opts, 4, "level")
            dataset[2, 2] = 2.0
        row.exact(os.path.getsize(path), 4075, "after one element")
        with h5py.File(path, "r") as file:
            row.exact(file["big"].id.get_num_chunks(), 1, "chunks")


@claim("fill-values")
def fill_values(row):
    with directory() as where, h5py.File(os.path.join(where, "x.h5"), "w") as file:
        for dtype, fill, expected in (
            ("i2", None, 0),
            ("f4", None, 0),
            ("i2", -1, -1),
            ("f4", numpy.nan, numpy.nan),
        ):
            dataset = file.create_dataset(f"{dtype}{fill}", (1, 2), dtype, fillvalue=fill)
            check(
                numpy.array_equal(dataset[...], numpy.full((1, 2), expected, dtype), equal_nan=dtype == "f4"),
                f"{dtype}, fill value {fill}: {dataset[...]}",
            )


@claim("fill-cost")
def fill_cost(row):
    """What is written in all when one element of 4 MiB is: with the default fill value, and with one of the user's."""
    times = {
        "ifset": h5py.h5d.FILL_TIME_IFSET,
        "alloc": h5py.h5d.FILL_TIME_ALLOC,
        "never": h5py.h5d.FILL_TIME_NEVER,
    }
    dear = {(None, "alloc"), (-1, "ifset"), (-1, "alloc")}
    with directory() as where:
        for value in (None, -1):
            for when, time in times.items():
                with h5py.File(os.path.join(where, "x.h5"), "w") as file:
                    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
                    plist.set_fill_time(time)
                    if value is not None:
                        plist.set_fill_value(numpy.array(value, "f4"))
                    space = h5py.h5s.create_simple((1024, 1024))
                    dataset = h5py.Dataset(
                        h5py.h5d.create(file.id, b"x", h5py.h5t.NATIVE_FLOAT, space, plist)
                    )
                    written = bytes_written(lambda: (dataset.__setitem__((2, 2), 2.0), file.flush()))
                expected = SIEVE + (4 << 20 if (value, when) in dear else 0)
                check(
                    expected <= written < expected + 4096,
                    f"fill value {value}, {when}: {written} bytes written",
                )
    row.says("4 MiB")


# ---- types


@claim("precision")
def precision(row):
    data = numpy.random.default_rng(0).random((100, 100))
    with directory() as where:
        path = os.path.join(where, "x.h5")
        sizes = {}
        for dtype in ("f8", "f4"):
            with h5py.File(path, "w") as file:
                file.create_dataset("arr", data=data, dtype=dtype)
            sizes[dtype] = os.path.getsize(path)
        row.exact(sizes["f8"], 82048, "f64")
        row.exact(sizes["f4"], 42048, "f32")
        row.exact(sizes["f8"] - sizes["f4"], 40000, "saved")
        with h5py.File(path, "r") as file:
            check(not numpy.array_equal(file["arr"][...], data), "f32 holds f64 without loss")
            check(numpy.array_equal(file["arr"][...], data.astype("f4")), "f32 is not the nearest one")


@claim("read-as")
def read_as(row):
    data = numpy.random.default_rng(0).random((100, 100))
    with directory() as where, h5py.File(os.path.join(where, "x.h5"), "w") as file:
        dataset = file.create_dataset("arr", data=data, dtype="f4")
        place = numpy.empty(data.shape, "f8")
        dataset.read_direct(place)
        wide = dataset.astype("f8")[:]
        row.same((dataset[:].dtype, wide.dtype), (numpy.dtype("f4"), numpy.dtype("f8")), "types")
        check(
            numpy.array_equal(place, wide) and numpy.array_equal(place, dataset[:]),
            "values of the three ways",
        )
        row.same(
            hasattr(dataset.astype("f8"), "__enter__"),
            h5py.version.version_tuple[:2] < (3, 9),
            "with astype()",
        )
    row.says("3.9")


@claim("byte-order")
def byte_order(row):
    """h5py gives what is stored; the bytes on disk are those of the type's order."""
    with directory() as where:
        for order in "<>":
            path = os.path.join(where, "x.h5")
            with h5py.File(path, "w") as file:
                file["x"] = numpy.arange(1000, dtype=order + "f4")
            with h5py.File(path, "r") as file:
                row.same(file["x"].dtype.newbyteorder("=") == numpy.dtype("f4"), True, "kind")
                row.same(file["x"][...].dtype.str, numpy.dtype(order + "f4").str, "order of what is read")
                offset = file["x"].id.get_offset()
                place = numpy.empty(1000, "=f4")
                file["x"].read_direct(place)
                row.same(place.tolist(), list(range(1000)), "converted by HDF5")
            with open(path, "rb") as raw:
                raw.seek(offset)
                row.same(
                    raw.read(4000), numpy.arange(1000, dtype=order + "f4").tobytes(), "bytes in the file"
                )
