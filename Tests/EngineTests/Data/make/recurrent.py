"""Writes ../recurrent.safetensors, the state of a small PyTorch network with an LSTM, and prints what
it gives for one input. Needs torch and safetensors."""

import torch
from safetensors.torch import save_file

torch.manual_seed(3)
torch.set_default_dtype(torch.float64)


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.add_module("0", torch.nn.LSTM(2, 3, batch_first=True))
        self.add_module("1", torch.nn.Linear(3, 1))

    def forward(self, x):
        return getattr(self, "1")(getattr(self, "0")(x)[0])


network = Network()
save_file(network.state_dict(), "../recurrent.safetensors")
print(network(torch.tensor([[[1.0, 2.0], [-1.0, 0.5]]])).flatten().tolist())
