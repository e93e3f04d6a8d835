"""Records what PyTorch's layers give: outputs, gradients and running statistics in float64.

  python record.py > ../layers.jsonl

Each line is a case: the model as Descent writes it, the parameters by path, the input, a tensor C,
whether the model trains, and what torch gives for y = f(X) and the gradients of L = sum(y·C).
Recorded with the version named in each line.
"""

import json

import torch
from torch import nn

torch.set_default_dtype(torch.float64)


def data(t):
    return {"shape": list(t.shape), "values": t.detach().reshape(-1).tolist()}


def emit(name, text, modules, names, x, train=False, forward=None, integer=False):
    """modules: the torch module; names: our path of each of its parameters and buffers."""
    module = modules.train(train)
    generator = torch.Generator().manual_seed(len(name) * 7 + int(train))
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(torch.randn(p.shape, generator=generator) * 0.7)
        for key, b in module.named_buffers():
            if key.endswith("running_var"):
                b.copy_(torch.rand(b.shape, generator=generator) + 0.5)
            elif b.is_floating_point():
                b.copy_(torch.randn(b.shape, generator=generator))
    start = {names[k]: data(v) for k, v in module.state_dict().items() if k in names}
    x = x.clone().requires_grad_(not integer)
    y = forward(module, x) if forward else module(x)
    c = torch.randn(y.shape, generator=generator)
    (y * c).sum().backward()
    case = {
        "name": name, "model": text, "train": train, "start": start, "x": data(x.to(torch.float64)),
        "c": data(c), "y": data(y),
        "gradients": {
            names[k]: data(p.grad) for k, p in module.named_parameters() if k in names
        },
        "after": {names[k]: data(b.to(torch.float64)) for k, b in module.named_buffers()
                  if k in names},
        "torch": torch.__version__,
    }
    if not integer:
        case["gradients"]["X"] = data(x.grad)
    print(json.dumps(case))


def own(module, stage=0, model="f"):
    """The names of a module that is one stage of a model."""
    return {k: f"{model}.{stage}.{k.removesuffix('_l0')}" for k in module.state_dict()}


def sequential(module):
    return {k: f"f.{k.replace('_l0', '')}" for k in module.state_dict()}


rng = torch.Generator().manual_seed(1)


def rand(*shape):
    return torch.randn(*shape, generator=rng)


m = nn.Linear(4, 3)
emit("linear", "linear(4, 3)", m, own(m), rand(5, 4))
m = nn.Linear(4, 3, bias=False)
emit("linear without bias", "linear(4, 3, bias=false)", m, own(m), rand(5, 4))
m = nn.Linear(4, 3)
emit("linear on sequences", "linear(4, 3)", m, own(m), rand(2, 6, 4))
m = nn.Linear(4, 3)
emit("linear on one vector", "linear(4, 3)", m, own(m), rand(4))

m = nn.Sequential(nn.Linear(10, 20), nn.ReLU(), nn.Linear(20, 1))
emit("10-20-1", "linear(10, 20) |> relu |> linear(20, 1)", m, sequential(m), rand(7, 10))
for text, function in [
    ("relu", nn.ReLU()), ("sigmoid", nn.Sigmoid()), ("tanh", nn.Tanh()),
    ("leaky_relu(0.2)", nn.LeakyReLU(0.2)), ("elu", nn.ELU()), ("gelu", nn.GELU()),
    ("silu", nn.SiLU()), ("softplus", nn.Softplus()), ("softmax", nn.Softmax(-1)),
    ("log_softmax", nn.LogSoftmax(-1)),
]:
    m = nn.Sequential(nn.Linear(3, 4), function)
    emit(f"linear and {text}", f"linear(3, 4) |> {text}", m, sequential(m), rand(5, 3))

m = nn.Conv2d(2, 3, 3)
emit("conv2d", "conv2d(2, 3, 3)", m, own(m), rand(2, 2, 5, 6))
m = nn.Conv2d(2, 3, (2, 3), stride=2, padding=(1, 2))
emit("conv2d with stride and padding", "conv2d(2, 3, [2, 3], stride=2, padding=[1, 2])", m, own(m),
     rand(2, 2, 5, 6))
m = nn.Conv2d(1, 2, 3, padding=1, bias=False)
emit("conv2d without bias", "conv2d(1, 2, 3, padding=1, bias=false)", m, own(m), rand(3, 1, 4, 4))
m = nn.MaxPool2d(2)
emit("maxpool", "maxpool(2)", m, {}, rand(2, 3, 5, 4))
m = nn.MaxPool2d((3, 2), stride=(1, 2))
emit("maxpool with stride", "maxpool([3, 2], stride=[1, 2])", m, {}, rand(2, 1, 5, 4))
m = nn.MaxPool2d(2)
emit("maxpool of equal elements", "maxpool(2)", m, {}, torch.tensor(
    [[[[1.0, 1, 0, 0], [1, 1, 0, 3], [2, 2, 5, 5], [1, 2, 4, 5]]]]))
m = nn.AvgPool2d(2)
emit("avgpool", "avgpool(2)", m, {}, rand(2, 3, 5, 4))
m = nn.AvgPool2d(3, stride=1)
emit("avgpool with stride", "avgpool(3, stride=1)", m, {}, rand(2, 2, 5, 4))
m = nn.Flatten()
emit("flatten", "flatten", m, {}, rand(2, 3, 2, 2))
m = nn.Sequential(nn.Conv2d(1, 2, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                  nn.Linear(8, 3))
emit("a small convolution net", "conv2d(1, 2, 3, padding=1) |> relu |> maxpool(2) |> flatten |> linear(8, 3)",
     m, sequential(m), rand(3, 1, 4, 4))

m = nn.Embedding(6, 3)
emit("embedding", "embedding(6, 3)", m, own(m), torch.tensor([[0, 5, 2], [2, 2, 1]]), integer=True)


def first(module, x):
    return module(x)[0]


def last(module, x):
    return module(x)[0][:, -1]


for kind, cls in [("rnn", nn.RNN), ("lstm", nn.LSTM), ("gru", nn.GRU)]:
    m = cls(3, 4, batch_first=True)
    emit(kind, f"{kind}(3, 4)", m, own(m), rand(2, 5, 3), forward=first)
    m = cls(3, 4, batch_first=True)
    emit(f"{kind} and its last state", f"{kind}(3, 4, last=true)", m, own(m), rand(2, 5, 3),
         forward=last)
    m = cls(3, 4, batch_first=True, bias=False)
    emit(f"{kind} without bias", f"{kind}(3, 4, bias=false)", m, own(m), rand(2, 3, 3),
         forward=first)
m = nn.RNN(3, 4, batch_first=True, nonlinearity="relu")
emit("rnn with relu", "rnn(3, 4, relu=true)", m, own(m), rand(2, 5, 3), forward=first)


class Characters(nn.Module):
    def __init__(self, cell):
        super().__init__()
        self.embedding = nn.Embedding(7, 4)
        self.cell = cell(4, 5, batch_first=True)
        self.linear = nn.Linear(5, 7)

    def forward(self, x):
        return self.linear(self.cell(self.embedding(x))[0])


m = Characters(nn.LSTM)
names = {k: "f." + k.replace("embedding", "0").replace("cell", "1").replace("linear", "2")
         .removesuffix("_l0") for k in m.state_dict()}
emit("a character model", "embedding(7, 4) |> lstm(4, 5) |> linear(5, 7)", m, names,
     torch.tensor([[0, 1, 2, 3], [6, 5, 4, 3], [1, 1, 2, 2]]), integer=True)


def attend(causal):
    def forward(module, x):
        mask = None
        if causal:
            mask = torch.triu(torch.ones(x.shape[1], x.shape[1], dtype=torch.bool), diagonal=1)
        return module(x, x, x, attn_mask=mask, need_weights=False)[0]
    return forward


for heads in [1, 2]:
    for causal in [False, True]:
        m = nn.MultiheadAttention(4, heads, batch_first=True)
        text = f"attention(4, heads={heads}, causal={str(causal).lower()})"
        emit(text, text, m, own(m), rand(2, 5, 4), forward=attend(causal), train=True)
m = nn.MultiheadAttention(6, 3, batch_first=True, bias=False)
emit("attention without bias", "attention(6, heads=3, bias=false)", m, own(m), rand(2, 3, 6),
     forward=attend(False), train=True)

m = nn.LayerNorm(5)
emit("layernorm", "layernorm(5)", m, own(m), rand(3, 5))
m = nn.LayerNorm((3, 4), eps=1e-3)
emit("layernorm over two axes", "layernorm(3, 4, eps=1e-3)", m, own(m), rand(2, 3, 4))
m = nn.LayerNorm(5, elementwise_affine=False)
emit("layernorm without weight", "layernorm(5, affine=false)", m, {}, rand(2, 3, 5))

for train in [False, True]:
    word = "in training" if train else "evaluated"
    m = nn.BatchNorm1d(3)
    emit(f"batchnorm {word}", "batchnorm(3)", m, own(m), rand(6, 3), train=train)
    m = nn.BatchNorm1d(3, momentum=0.3, eps=1e-2)
    emit(f"batchnorm of sequences {word}", "batchnorm(3, momentum=0.3, eps=0.01)", m, own(m),
         rand(4, 3, 5), train=train)
    m = nn.BatchNorm2d(2)
    emit(f"batchnorm of images {word}", "batchnorm(2)", m, own(m), rand(3, 2, 4, 3), train=train)
    m = nn.BatchNorm1d(3, affine=False)
    emit(f"batchnorm without weight {word}", "batchnorm(3, affine=false)", m, own(m), rand(6, 3),
         train=train)
    m = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 2))
    emit(f"a net with batchnorm {word}", "linear(4, 6) |> batchnorm(6) |> relu |> linear(6, 2)", m,
         sequential(m), rand(8, 4), train=train)
    m = nn.Sequential(nn.Linear(3, 4), nn.Dropout(0.0), nn.Linear(4, 2))
    emit(f"dropout that leaves nothing out {word}", "linear(3, 4) |> dropout(0) |> linear(4, 2)", m,
         sequential(m), rand(5, 3), train=train)
m = nn.Sequential(nn.Linear(3, 4), nn.Dropout(0.5), nn.Linear(4, 2))
emit("dropout evaluated", "linear(3, 4) |> dropout(0.5) |> linear(4, 2)", m, sequential(m),
     rand(5, 3))


class Skip(nn.Module):
    def __init__(self, inner, shortcut=None):
        super().__init__()
        self.inner = inner
        self.shortcut = shortcut

    def forward(self, x):
        return self.inner(x) + (self.shortcut(x) if self.shortcut else x)


m = nn.Sequential(nn.Linear(3, 4), Skip(nn.Sequential(nn.Tanh(), nn.Linear(4, 4))), nn.Linear(4, 2))
emit("a skip", "linear(3, 4) |> skip(tanh |> linear(4, 4)) |> linear(4, 2)", m,
     {k: "f." + k.replace(".inner", "") for k in m.state_dict()}, rand(5, 3))
m = Skip(nn.Sequential(nn.Linear(3, 4), nn.ReLU()), nn.Linear(3, 4))
emit("a skip with a shortcut", "skip(linear(3, 4) |> relu, shortcut=linear(3, 4))", m,
     {k: "f.0." + k.replace("inner.0", "0").replace("shortcut", "2") for k in m.state_dict()},
     rand(5, 3))
