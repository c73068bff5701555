"""Who owns what and in which pieces, worked out again: independent of the program, for a few ranks."""

import itertools
import math

import numpy

SIZES = {"i8": 1, "u8": 1, "i16": 2, "u16": 2, "i32": 4, "u32": 4, "f32": 4, "i64": 8, "u64": 8, "f64": 8}
FILE_SIZES = {**SIZES, "f16": 2}  # of types that a file can have


def grid(ranks, ndims):
    """As balanced as MPI_Dims_create makes it, for the numbers of ranks that the tests use."""
    squares = {4: [2, 2]}
    wanted = squares.get(ranks, [ranks]) if ndims > 1 else [ranks]
    return wanted + [1] * (ndims - len(wanted))


def cut(size, parts, index):
    """The first size % parts pieces are one longer."""
    lengths = [size // parts + (1 if i < size % parts else 0) for i in range(parts)]
    return slice(sum(lengths[:index]), sum(lengths[: index + 1]))


def share(shape, decomposition, ranks, rank):
    """The share as a tuple of slices of the whole dataset."""
    whole = [slice(0, n) for n in shape]
    if decomposition == "slab":
        whole[0] = cut(shape[0], ranks, rank)
    elif decomposition == "interleaved":
        whole[0] = slice(rank, shape[0], ranks)
    elif decomposition == "block":
        parts = grid(ranks, len(shape))
        place = list(itertools.product(*(range(p) for p in parts)))[rank]
        whole = [cut(n, p, i) for n, p, i in zip(shape, parts, place)]
    return tuple(whole)


def counts(shape, decomposition, ranks, rank):
    slices = share(shape, decomposition, ranks, rank)
    return [len(range(*s.indices(n))) for s, n in zip(slices, shape)]


def piece(count, access, element_bytes):
    """Shape of one call's piece of a share."""
    n = len(count)
    whole = {"element": 0, "row": 1, "plane": 2, "whole": n}
    if access in whole:
        keep = whole[access]
        return [1] * max(n - keep, 0) + count[max(n - keep, 0) :]
    budget = max(int(access.removesuffix("B")) // element_bytes, 1)
    shape = [1] * n
    for d in reversed(range(n)):
        if count[d] > budget:
            shape[d] = budget
            break
        shape[d] = count[d]
        budget //= count[d]
    return shape


def pieces(count, access, element_bytes):
    """Elements of every piece, in C order."""
    if 0 in count:
        return []
    along = [
        [min(p, n - at) for at in range(0, n, p)] for n, p in zip(count, piece(count, access, element_bytes))
    ]
    return [math.prod(sizes) for sizes in itertools.product(*along)]


def traffic(shape, decomposition, ranks, access, element_bytes, collective, max_ops=0):
    """(calls, pieces, elements) of all ranks together."""
    own = [pieces(counts(shape, decomposition, ranks, r), access, element_bytes) for r in range(ranks)]
    made = [len(p) if max_ops == 0 else min(len(p), max_ops) for p in own]
    calls = max(made) * ranks if collective else sum(made)
    return calls, sum(len(p) for p in own), sum(sum(p[:m]) for p, m in zip(own, made))


def numpy_type(dtype, order="native"):
    return numpy.dtype({"native": "=", "little": "<", "big": ">"}[order] + dtype[0] + str(FILE_SIZES[dtype]))


def exact_bits(dtype):
    if dtype[0] == "f":
        return {2: 11, 4: 24, 8: 53}[FILE_SIZES[dtype]]
    return 8 * SIZES[dtype] - (dtype[0] == "i")


def ramp(shape, dtype, file_dtype):
    """The index in C order, as far as both types can hold it: integers of one type go round all their values."""
    index = numpy.arange(math.prod(shape), dtype=numpy.uint64)
    if dtype == file_dtype and dtype[0] != "f":
        return index.astype(numpy_type(dtype)).reshape(shape)
    bits = min(exact_bits(dtype), exact_bits(file_dtype))
    return (index & numpy.uint64(2**bits - 1)).astype(numpy_type(dtype)).reshape(shape)
