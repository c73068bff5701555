"""Claims about what h5py's indexing gives and refuses, about resizing, and about groups."""

import os

import h5py
import numpy

from h5run import check, directory
from lessons_claims import claim


def dataset(where, data, **options):
    """A dataset in a new file that stays open as long as the dataset is used."""
    file = h5py.File(os.path.join(where, f"{len(os.listdir(where))}.h5"), "w")
    return file.create_dataset("x", data=data, **options)


def many(row, found, expected):
    """Cases by name: what came out, as lists, and what must."""
    for what, values in found.items():
        row.same(numpy.asarray(values).tolist(), expected[what], what)


# ---- arrays and copies


@claim("like-numpy")
def like_numpy(row):
    with directory() as where:
        x = dataset(where, numpy.array([[1, 2, 3, 4, 5]]))
        copy = x[:]
        row.same(
            (x.shape, x.dtype, type(copy)),
            ((1, 5), numpy.dtype("i8"), numpy.ndarray),
            "shape, type, what is read",
        )
        copy[:] = 10
        row.same(x[...].tolist(), [[1, 2, 3, 4, 5]], "the file after its copy was changed")
        x[:] = 10
        row.same(x[...].tolist(), [[10] * 5], "the file after it was changed")


@claim("slice-shape")
def slice_shape(row):
    data = numpy.random.default_rng(0).standard_normal((100, 1000))
    with directory() as where:
        x = dataset(where, data)
        part = x[10:20, 20:70]
        row.exact("x".join(map(str, part.shape)), "10x50", "shape")
        check(numpy.array_equal(part, data[10:20, 20:70]), "values of the slice")


@claim("slices")
def slices(row):
    with directory() as where:
        x = dataset(where, numpy.arange(10))
        found = {"3": x[3], "-1": x[-1], "2:7": x[2:7], "4:8:2": x[4:8:2], "4:": x[4:], "4:-1": x[4:-1]}
        expected = {"3": 3, "-1": 9, "2:7": [2, 3, 4, 5, 6], "4:8:2": [4, 6], "4:": [4, 5, 6, 7, 8, 9]}
        many(row, found, {**expected, "4:-1": [4, 5, 6, 7, 8]})


@claim("negative-step")
def negative_step(row):
    with directory() as where:
        x = dataset(where, numpy.arange(10))
        row.refused(ValueError, "Step must be >= 1", lambda: x[::-1])
        row.refused(ValueError, "zero", lambda: x[2:7:0])
        row.same(x[-1:0].tolist(), [], "-1:0, step 1")


@claim("ellipsis")
def ellipsis(row):
    with directory() as where:
        x = dataset(where, numpy.zeros((20, 10, 12, 5), "f4"))
        row.exact("x".join(map(str, x[0, ..., 0].shape)), "10x12", "shape")


@claim("scalar")
def scalar(row):
    with directory() as where:
        one, none = dataset(where, [11]), dataset(where, 10)
        many(row, {"0": one[0], ":": one[:], "...": one[...]}, {"0": 11, ":": [11], "...": [11]})
        row.same((none.shape, int(none[()]), int(none[...]), none[...].shape), ((), 10, 10, ()), "scalar")
        for index in (0, slice(None)):
            row.refused(ValueError, "scalar", lambda: none[index])


@claim("slice-objects")
def slice_objects(row):
    with directory() as where:
        x = dataset(where, numpy.arange(100).reshape(10, 10))
        row.same(x[numpy.s_[1:6:2, 3]].tolist(), x[1:6:2, 3].tolist(), "slice kept in a variable")
        row.same(numpy.s_[0, 1:5, 2:8], (0, slice(1, 5), slice(2, 8)), "slice object")


# ---- lists and masks


@claim("mask-list")
def mask_list(row):
    """A mask over one dimension becomes the list of its true places, with the same result."""
    with directory() as where:
        x = dataset(where, numpy.arange(10))
        even = numpy.arange(10) % 2 == 0
        many(
            row,
            {"list": x[[0, 2, 4, 6, 8]], "mask": x[even]},
            {"list": [0, 2, 4, 6, 8], "mask": [0, 2, 4, 6, 8]},
        )


@claim("mask-shape")
def mask_shape(row):
    """A mask of the dataset's own shape selects in all dimensions at once; the result has one."""
    data = numpy.arange(20).reshape(4, 5)
    with directory() as where:
        x = dataset(where, data)
        row.same(x[data % 3 == 0].tolist(), [0, 3, 6, 9, 12, 15, 18], "mask of the whole shape")
        row.same(x[numpy.arange(4) < 2, :].shape, (2, 5), "mask of one dimension")
        row.same(x[1, data[1] % 2 == 0].tolist(), [6, 8], "mask beside an index")
        row.refused(TypeError, "incompatible shape", lambda: x[numpy.ones((4, 4), bool)])
        x[data % 3 == 0] = -1
        row.same(x[...].tolist(), numpy.where(data % 3 == 0, -1, data).tolist(), "written through the mask")


@claim("list-one")
def list_one(row):
    with directory() as where:
        x = dataset(where, numpy.arange(20).reshape(4, 5))
        row.same(x[:, [1, 2]].shape, (4, 2), "a list in one dimension")
        for index in (([1, 2], [0, 1]), ([1, 2], numpy.arange(5) < 4)):
            row.refused(TypeError, "Only one indexing vector", lambda: x[index])


@claim("list-increasing")
def list_increasing(row):
    with directory() as where:
        x = dataset(where, numpy.arange(10))
        for index in ([3, 2], [2, 2], [0, 5, 5]):
            row.refused(TypeError, "increasing order", lambda: x[index])
        space, place = x.id.get_space(), numpy.zeros(4, x.dtype)
        space.select_elements(numpy.array([[7], [2], [2], [5]]))
        x.id.read(h5py.h5s.create_simple((4,)), space, place)
        row.same(place.tolist(), [7, 2, 2, 5], "points that HDF5 selects")


@claim("list-negative")
def list_negative(row):
    with directory() as where:
        x = dataset(where, numpy.arange(10))
        row.same(x[[2, 3, 4, -1]].tolist(), [2, 3, 4, 9], "-1 at the end")
        row.refused(TypeError, "increasing order", lambda: x[[-1, 2, 3, 4]])


@claim("read-direct")
def read_direct(row):
    data = numpy.random.default_rng(0).standard_normal((100, 1000))
    with directory() as where:
        x = dataset(where, data)
        place = numpy.full((4, 1000), 7.0)
        x.read_direct(place, source_sel=numpy.s_[[0, 1], :], dest_sel=numpy.s_[1:3, :])
        check(numpy.array_equal(place[1:3], data[:2]), "rows that were read")
        check((place[[0, 3]] == 7.0).all(), "rows that were not")
        row.refused(TypeError, "broadcast", lambda: x.read_direct(place, numpy.s_[0:3, :], numpy.s_[0:2, :]))


# ---- the two loops


@claim("loops-same")
def loops_same(row):
    """The three ways to make negatives 0 leave the same bytes, and each makes the calls that its loop says."""
    data = numpy.random.default_rng(0).standard_normal((20, 50))
    with directory() as where:
        each, rows, masked = (dataset(where, data) for _ in range(3))
        for at in numpy.ndindex(data.shape):
            if each[at] < 0:
                each[at] = 0
        for i in range(len(data)):
            values = rows[i, :]
            values[values < 0] = 0
            rows[i, :] = values
            values = masked[i, :]
            masked[i, values < 0] = 0
        for x in (each, rows, masked):
            check(numpy.array_equal(x[...], numpy.maximum(data, 0)), "negatives clipped")


# ---- resizing


@claim("resize-chunked")
def resize_chunked(row):
    with directory() as where:
        row.refused(
            TypeError,
            "Only chunked datasets can be resized",
            lambda: dataset(where, numpy.ones((2, 2))).resize((1, 2)),
        )
        x = dataset(where, numpy.ones((2, 2)), chunks=(2, 2))
        row.same(x.maxshape, (2, 2), "maxshape of chunks alone")
        x.resize((1, 2))
        x.resize((2, 2))
        row.same(x[...].tolist(), [[1.0, 1.0], [0.0, 0.0]], "chunks without maxshape, shrunk and grown again")


@claim("resize-limit")
def resize_limit(row):
    with directory() as where:
        x = dataset(where, numpy.ones((2, 2)), maxshape=(2, 2))
        x.resize((1, 2))
        row.refused((RuntimeError, ValueError), "exceed the existing maximal size", lambda: x.resize((3, 2)))
        y = dataset(where, numpy.ones((2, 2)), maxshape=(None, 2))
        y.resize((10, 2))
        row.exact("x".join(map(str, y.shape)), "10x2", "grown")
        row.refused((RuntimeError, ValueError), "exceed the existing maximal size", lambda: y.resize((10, 3)))


@claim("resize-loses")
def resize_loses(row):
    data = numpy.array([[1, 2], [3, 4]])
    with directory() as where:
        for fill, expected in ((None, [[1, 2, 0, 0]]), (-7, [[1, 2, -7, -7]])):
            x = dataset(where, data, maxshape=(None, None), fillvalue=fill)
            x.resize((1, 4))
            row.same(x[...].tolist(), expected, f"2x2 as 1x4, fill value {fill}")
            x.resize((2, 2))
            row.same(x[...].tolist(), [[1, 2], [fill or 0] * 2], f"and back, fill value {fill}")
        array = data.copy()
        array.resize((1, 10))
        row.same(array.tolist(), [[1, 2, 3, 4, 0, 0, 0, 0, 0, 0]], "NumPy's resize")


# ---- groups


@claim("groups")
def groups(row):
    with directory() as where, h5py.File(os.path.join(where, "x.h5"), "w") as file:
        row.same((file.name, isinstance(file, h5py.Group)), ("/", True), "a new file is a group")
        first = file.create_group("group1")
        second = first.create_group("group2")
        third = file.create_group("/group1/group3")
        deep = file.create_group("/a/b/c")
        file["d/e/f"] = 1
        found = [g.name for g in (second, third, deep, file["d/e"])]
        row.same(found, ["/group1/group2", "/group1/group3", "/a/b/c", "/d/e"], "names")
        row.same((len(first), len(second), len(third)), (2, 0, 0), "members")
        row.refused(ValueError, "already exists", lambda: file.create_group("group1"))
