# An .npz whose array unpacks to a mebibyte more than its header says: overlong.npz beside this folder.

import io
import pathlib
import zipfile

import numpy

buffer = io.BytesIO()
numpy.save(buffer, numpy.zeros(3))
path = pathlib.Path(__file__).parent.parent / "overlong.npz"
with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("x.npy", buffer.getvalue() + bytes(1 << 20))
