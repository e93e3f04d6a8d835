# Prints what PyTorch's DataLoader and SGD or Adam come to on mini-batches taken in order: the
# numbers in Tests/EngineTests/BatchTests.swift. Run with torch 2.x.

import torch

torch.set_default_dtype(torch.float64)
n = 7
x = torch.stack([torch.arange(n) / 4 - 0.75, (torch.arange(n) % 3) - 1.0], dim=1)
y = x @ torch.tensor([1.5, -0.5]) + torch.arange(n) ** 2 / 40
data = torch.utils.data.TensorDataset(x, y)


def run(make, size, drop, accumulate=1, epochs=3):
    w = torch.tensor([0.25, 0.5], requires_grad=True)
    optimizer = make([w])
    loader = torch.utils.data.DataLoader(data, batch_size=size, shuffle=False, drop_last=drop)
    for _ in range(epochs):
        batches = list(loader)
        for first in range(0, len(batches), accumulate):
            group = batches[first : first + accumulate]
            rows = sum(len(a) for a, _ in group)
            optimizer.zero_grad()
            for a, b in group:
                (torch.mean((a @ w - b) ** 2) * len(a) / rows).backward()
            optimizer.step()
    return w.tolist()


sgd = lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9)
adam = lambda p: torch.optim.Adam(p, lr=0.05)
for name, make in [("sgd", sgd), ("adam", adam)]:
    for size, drop, accumulate in [(3, False, 1), (3, True, 1), (2, False, 2), (1, False, 1)]:
        print(name, size, drop, accumulate, run(make, size, drop, accumulate))
