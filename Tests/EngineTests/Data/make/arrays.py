"""Writes small files of arrays as NumPy, safetensors and PyTorch write them: python arrays.py FOLDER

stored.npz, packed.npz: np.savez and np.savez_compressed. types.safetensors: one tensor of each type.
network.safetensors: the state_dict of a small PyTorch network with a batch normalisation.
"""
import pathlib
import sys

import numpy as np
import torch
from safetensors.torch import save_file

folder = pathlib.Path(sys.argv[1])
arrays = {
    "x": np.arange(6, dtype=np.float64).reshape(2, 3) / 4,
    "y": np.array([0, 1, 2**40], dtype=np.int64),
    "flags": np.array([True, False]),
    "long_run": np.zeros(2000, dtype=np.float32),
    "fortran": np.asfortranarray(np.arange(6, dtype=np.int16).reshape(2, 3)),
    "scalar": np.float64(2.5),
}
np.savez(folder / "stored.npz", **arrays)
np.savez_compressed(folder / "packed.npz", **arrays)

values = [1.5, -2.0, 0.0]
save_file({
    "f64": torch.tensor(values, dtype=torch.float64), "f32": torch.tensor(values),
    "f16": torch.tensor(values, dtype=torch.float16),
    "bf16": torch.tensor([1.5, -2.0, 3.0e38], dtype=torch.bfloat16),
    "i64": torch.tensor([1, -2, 2**40]), "i32": torch.tensor([1, -2, 3], dtype=torch.int32),
    "i16": torch.tensor([1, -2, 3], dtype=torch.int16),
    "i8": torch.tensor([1, -2, 3], dtype=torch.int8),
    "u8": torch.tensor([1, 2, 255], dtype=torch.uint8),
    "flags": torch.tensor([True, False, True]), "matrix": torch.arange(6.0).reshape(2, 3),
    "scalar": torch.tensor(2.5), "empty": torch.zeros(0, 3), "größe \"x\"": torch.tensor([1.0]),
}, folder / "types.safetensors", metadata={"note": "all types"})

torch.manual_seed(0)
network = torch.nn.Sequential(
    torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3), torch.nn.ReLU(), torch.nn.Linear(3, 1)).double()
network(torch.tensor([[1.0, 2.0], [3.0, -1.0], [0.0, 0.5]], dtype=torch.float64))
network.eval()
save_file(network.state_dict(), folder / "network.safetensors")
print("f([[1, 2], [-1, 0.5]]) =",
      network(torch.tensor([[1.0, 2.0], [-1.0, 0.5]], dtype=torch.float64)).tolist())
