"""Records PyTorch's pruning, fake quantisation and training with it, in float64:
python shrinking.py > ../shrinking.jsonl

A line: id, lines (in the language), torch, expected: expression -> value.
"""
import json
import torch
import torch.nn.functional as F
from torch.nn.utils import prune

torch.set_default_dtype(torch.float64)
count = 0


def record(lines, torch_text, expected):
    global count
    count += 1
    print(json.dumps({"id": f"q{count:03}", "torch": torch_text, "version": torch.__version__.split("+")[0],
                      "lines": lines, "expected": expected}, allow_nan=False))


def listed(t):
    return t.detach().tolist()


torch.manual_seed(3)
x = torch.tensor([-2.0, -1.27, -0.333, 0.0, 0.01, 0.42, 0.999, 1.7])
for scale, zero, low, high in [(0.0078125, 0, -128, 127), (0.015625, 10, 0, 255), (0.25, -3, -8, 7)]:
    leaf = x.clone().requires_grad_()
    y = torch.fake_quantize_per_tensor_affine(leaf, scale, zero, low, high)
    y.backward(torch.arange(1.0, 9.0))
    call = f"fake_quantize(x, {scale}, {zero}, {low}, {high})"
    record([f"param x = {listed(x)}"], "torch.fake_quantize_per_tensor_affine",
           {call: listed(y), f"grad(sum({call}*arange(1, 9)), x)": listed(leaf.grad)})
matrix = torch.tensor([[0.5, -1.0, 2.5], [0.01, 0.02, -0.05]])
leaf = matrix.clone().requires_grad_()
y = torch.stack([torch.fake_quantize_per_tensor_affine(leaf[i], s, 0, -128, 127)
                 for i, s in enumerate((0.015625, 0.000244140625))])
y.sum().backward()
call = "fake_quantize(x, [[0.015625], [0.000244140625]])"
record([f"param x = {listed(matrix)}"], "torch.fake_quantize_per_tensor_affine of each row",
       {call: listed(y), f"grad(sum({call}), x)": listed(leaf.grad)})


def fake(w, bits, symmetric, per_channel):
    """What a min-max observer and a FakeQuantize make of a weight, but with the scale in float64
    (PyTorch's own kernels take it as float32)."""
    axes = tuple(range(1, w.dim())) if per_channel else tuple(range(w.dim()))
    low, high = w.detach().amin(axes, keepdim=True), w.detach().amax(axes, keepdim=True)
    if symmetric:
        top = 2 ** (bits - 1) - 1
        scale, zero, bottom = torch.maximum(-low, high) / top, torch.zeros_like(low), -top
    else:
        top, bottom = 2**bits - 1, 0
        low, high = low.clamp(max=0), high.clamp(min=0)
        scale = (high - low) / top
        zero = torch.round(-low / scale)
    level = (torch.round(w.detach() / scale) + zero).clamp(bottom, top)
    return w + ((level - zero) * scale - w).detach()


X = torch.tensor([[1.0, 2.0], [0.5, -1.0], [3.0, 1.0], [-2.0, 0.25]])
y = torch.tensor([1.0, 0.0, 1.0, -0.5])
W1 = torch.tensor([[0.31, -0.72], [0.55, 0.14], [-0.93, 0.48]])
W2 = torch.tensor([[0.27, -0.66, 0.81]])
for bits, symmetric, per_channel in [(8, True, False), (4, False, False), (3, True, True), (4, False, True)]:
    a, b = W1.clone().requires_grad_(), W2.clone().requires_grad_()
    optimizer = torch.optim.Adam([a, b], lr=0.02)
    losses = []
    for _ in range(20):
        optimizer.zero_grad()
        h = torch.tanh(X @ fake(a, bits, symmetric, per_channel).T)
        loss = F.mse_loss((h @ fake(b, bits, symmetric, per_channel).T).flatten(), y)
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    words = f"{'symmetric' if symmetric else 'affine'} per {'channel' if per_channel else 'tensor'}"
    record([f"X = {listed(X)}", f"y = {listed(y)}", f"param A = {listed(W1)}", f"param B = {listed(W2)}",
            "loss L = mse(tanh(X @ A.T) @ B.T, y)", "optimizer adam(lr=0.02)",
            f"quantize [A, B] bits={bits} {words} train", "step 19"],
           "FakeQuantize of the weights, Adam", {"L": losses[-1]})
    record([f"X = {listed(X)}", f"y = {listed(y)}", f"param A = {listed(W1)}", f"param B = {listed(W2)}",
            "loss L = mse(tanh(X @ A.T) @ B.T, y)", "optimizer adam(lr=0.02)",
            f"quantize [A, B] bits={bits} {words} train", "step 20"],
           "FakeQuantize of the weights, Adam", {"A": listed(a), "B": listed(b)})


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.a = torch.nn.Parameter(W1.clone())
        self.b = torch.nn.Parameter(W2.clone())


for share in (0.3, 0.5, 0.8):
    for isGlobal in (True, False):
        net = Net()
        if isGlobal:
            prune.global_unstructured([(net, "a"), (net, "b")], prune.L1Unstructured, amount=share)
        else:
            prune.l1_unstructured(net, "a", share)
            prune.l1_unstructured(net, "b", share)
        lines = [f"X = {listed(X)}", f"y = {listed(y)}", f"param A = {listed(W1)}",
                 f"param B = {listed(W2)}", "loss L = mse(tanh(X @ A.T) @ B.T, y)",
                 "optimizer momentum(lr=0.05, beta=0.9)",
                 f"prune A, B {share}" + ("" if isGlobal else " per layer")]
        record(lines, "prune.global_unstructured" if isGlobal else "prune.l1_unstructured",
               {"A": listed(net.a), "B": listed(net.b)})
        optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
        for _ in range(15):
            optimizer.zero_grad()
            F.mse_loss((torch.tanh(X @ net.a.T) @ net.b.T).flatten(), y).backward()
            optimizer.step()
            net.a = net.a_orig * net.a_mask
            net.b = net.b_orig * net.b_mask
        record(lines + ["step 15"], "the same, then SGD on the masked weights",
               {"A": listed(net.a), "B": listed(net.b)})
