"""Makes the HDF5 files beside it that make_files.c does not, with h5py 3.7 and HDF5 1.10.8."""
import itertools
import zlib

import h5py
import numpy as np

SHUFFLE, DEFLATE = 1, 2


def chunks(path, shape, chunk, masks, maxshape=None, libver="latest"):
    """An array 'data' of 0, 1, 2 ... whose chunks are shuffled and deflated, but for those of masks."""
    values = np.arange(np.prod(shape), dtype="<f4").reshape(shape)
    with h5py.File(path, "w", libver=libver) as file:
        data = file.create_dataset("data", shape, "<f4", chunks=chunk, maxshape=maxshape, shuffle=True,
                                   compression="gzip")
        for start in itertools.product(*(range(0, s, c) for s, c in zip(shape, chunk))):
            part = values[tuple(slice(s, s + c) for s, c in zip(start, chunk))].tobytes()
            mask = masks.get(start, 0)
            if not mask & SHUFFLE:
                part = np.frombuffer(part, np.uint8).reshape(-1, 4).T.tobytes()
            if not mask & DEFLATE:
                part = zlib.compress(part, 9)
            data.id.write_direct_chunk(start, part, filter_mask=mask)
    with h5py.File(path) as file:
        assert (file["data"][...] == values).all()


some = {(4, 4): SHUFFLE, (2, 0): DEFLATE, (8, 4): SHUFFLE | DEFLATE, (8, 0): SHUFFLE | DEFLATE}
chunks("chunks-tree.h5", (10, 8), (2, 4), some, libver="earliest")
chunks("chunks-single.h5", (10, 8), (10, 8), {(0, 0): SHUFFLE})
chunks("chunks-fixed.h5", (10, 8), (2, 4), some)
chunks("chunks-fixed-pages.h5", (1100,), (1,), {(1099,): DEFLATE, (3,): SHUFFLE | DEFLATE})
chunks("chunks-extensible.h5", (10, 8), (2, 4), some, (None, 8))
chunks("chunks-extensible-blocks.h5", (600,), (1,), {(599,): DEFLATE, (30,): SHUFFLE | DEFLATE}, (None,))
chunks("chunks-tree2.h5", (10, 8), (2, 4), some, (None, None))
chunks("chunks-tree2-levels.h5", (300, 1), (1, 1), {(299, 0): DEFLATE, (7, 0): SHUFFLE | DEFLATE}, (None, None))

with h5py.File("types.h5", "w") as file:
    for kind, order in itertools.product(["f2", "f4", "f8", "i2", "i4", "i8", "u2", "u4", "u8"], "<>"):
        name = ("little-" if order == "<" else "big-") + kind
        file.create_dataset(name, data=np.arange(3).astype(order + kind))
    file["scalar"] = np.float32(3)
    file["null"] = h5py.Empty("f4")
    file["bool"] = np.array([True, False])
    file["text"] = np.array([b"ab", b"c"])
    file["compound"] = np.zeros(3, [("a", "f4"), ("b", "i4")])
    file.create_dataset("packed-big", data=np.arange(3, dtype=">f4"), chunks=(2,), shuffle=True)
    file.create_dataset("lzf", data=np.zeros(300, dtype="f4"), chunks=(300,), compression="lzf")
    file.create_dataset("scale-big", data=np.arange(3, dtype=">i4"), chunks=(3,), scaleoffset=0)
    file.create_dataset("checksum", data=np.arange(77, 80, dtype="f4"), chunks=(3,), fletcher32=True)

with h5py.File("links-in-heap.h5", "w", libver="latest") as file:
    for number in range(100):
        file[f"array{number:04}"] = np.float32([number])
    data = file.create_dataset("data", (4,), "f4", chunks=(2,), shuffle=True)
    data.id.write_direct_chunk((0,), np.arange(2, dtype="f4").tobytes(), filter_mask=SHUFFLE)
    data.id.write_direct_chunk((2,), np.arange(2, 4, dtype="f4").tobytes(), filter_mask=SHUFFLE)

with h5py.File("virtual.h5", "w", libver="latest") as file:
    layout = h5py.VirtualLayout((4,), "f4")
    layout[...] = h5py.VirtualSource("other.h5", "data", (4,))
    file.create_virtual_dataset("data", layout)
with h5py.File("external.h5", "w") as file:
    file.create_dataset("data", (4,), "f4", external=[("other.raw", 0, h5py.h5f.UNLIMITED)])
compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
compact.set_layout(h5py.h5d.COMPACT)
with h5py.File("compact.h5", "w") as file:
    data = h5py.h5d.create(file.id, b"data", h5py.h5t.IEEE_F32BE, h5py.h5s.create_simple((4,)), compact)
    data.write(h5py.h5s.ALL, h5py.h5s.ALL, np.arange(4, dtype="f4"))
