"""Records losses and their gradients with PyTorch, in float64: python losses.py > ../losses.jsonl

A line: id, call (in the language), torch (what was evaluated), params (differentiated by), data,
value, grad (by parameter). Numbers are the shortest decimals that read back exactly.
"""
import json
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
count = 0


def record(call, torch_text, function, params, data=None):
    global count
    count += 1
    data = data or {}
    leaves = {k: torch.tensor(v, requires_grad=True) for k, v in params.items()}
    fixed = {k: torch.tensor(v) for k, v in data.items()}
    loss = function(**leaves, **fixed)
    loss.backward()
    line = {
        "id": f"l{count:03}", "call": call, "torch": torch_text, "version": torch.__version__,
        "params": params, "data": data, "value": loss.item(),
        "grad": {k: v.grad.tolist() for k, v in leaves.items()},
    }
    print(json.dumps(line, allow_nan=False))


near, far = [0.3, -1.2, 2.0, 0.0], [0.1, 0.8, 2.0, -3.5]
record("mse(x, y)", "F.mse_loss", lambda x, y: F.mse_loss(x, y), {"x": near}, {"y": far})
record("mae(x, y)", "F.l1_loss", lambda x, y: F.l1_loss(x, y), {"x": near}, {"y": far})
for delta in (1.0, 0.2, 2.0):
    record(f"huber(x, y, delta={delta})", "F.huber_loss",
           lambda x, y, d=delta: F.huber_loss(x, y, delta=d), {"x": near}, {"y": far})
# Exactly delta apart, on both sides.
record("huber(x, y, delta=0.5)", "F.huber_loss", lambda x, y: F.huber_loss(x, y, delta=0.5),
       {"x": [1.5, 0.5, 1.0]}, {"y": [1.0, 1.0, 1.0]})
record("std(x, ddof=1)", "torch.std", lambda x: torch.std(x), {"x": near})
record("std(x, ddof=1)", "torch.std", lambda x: torch.std(x), {"x": [2.5, 2.5, 2.5]})
record("var(x, ddof=1)", "torch.var", lambda x: torch.var(x), {"x": [2.5, 2.5, 2.5]})
record("sum(std(x, axis=1))", "torch.std(unbiased=False).sum",
       lambda x: torch.std(x, dim=1, unbiased=False).sum(), {"x": [[1.0, 2.0, 4.0], [3.0, 3.0, 3.0]]})

logits = [[0.2, -1.5, 3.0], [1000.0, 0.0, -1000.0], [-2.0, -2.0, -2.0], [0.7, 0.1, -30.0]]
labels = [2, 0, 1, 2]
rows = [[0.2, 0.3, 0.5], [1.0, 0.0, 0.0], [0.0, 0.5, 0.5], [0.25, 0.75, 0.0]]
weights = [0.5, 2.0, 1.25]
for options, keywords in [
    ("", {}), (", smoothing=0.1", {"label_smoothing": 0.1}),
    (", weights=[0.5, 2, 1.25]", {"weight": torch.tensor(weights)}),
    (", smoothing=0.2, weights=[0.5, 2, 1.25]",
     {"label_smoothing": 0.2, "weight": torch.tensor(weights)}),
    (", smoothing=1", {"label_smoothing": 1.0}),
]:
    record(f"cross_entropy(x, y{options})", f"F.cross_entropy({', '.join(keywords)})",
           lambda x, y, k=keywords: F.cross_entropy(x, y.long(), **k), {"x": logits}, {"y": labels})
    record(f"cross_entropy(x, y{options})", f"F.cross_entropy({', '.join(keywords)}), rows",
           lambda x, y, k=keywords: F.cross_entropy(x, y, **k), {"x": logits}, {"y": rows})
record("cross_entropy(x, y)", "F.cross_entropy, one row",
       lambda x, y: F.cross_entropy(x, y.long()), {"x": [0.1, 2.0, -1.0]}, {"y": 1})
record("cross_entropy(x, y, weights=[1, 2, 3], smoothing=0.1)", "F.cross_entropy, sequences",
       lambda x, y: F.cross_entropy(x.permute(0, 2, 1), y.long(), label_smoothing=0.1,
                                    weight=torch.tensor([1.0, 2.0, 3.0])),
       {"x": [[[0.1, 2.0, -1.0], [0.4, 0.0, 0.3]], [[5.0, -5.0, 1.0], [-0.5, 0.25, 1.5]]]},
       {"y": [[1, 2], [0, 0]]})
probabilities = [[0.2, 0.3, 0.5], [1.0, 0.01, 0.01], [0.25, 0.25, 0.5]]
record("cross_entropy(p, y, probabilities=true)", "F.nll_loss(log(p))",
       lambda p, y: F.nll_loss(torch.log(p), y.long()), {"p": [[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]]},
       {"y": [1, 0]})
record("cross_entropy(p, y, probabilities=true, weights=[0.5, 2, 1.25])", "F.nll_loss(log(p), weight)",
       lambda p, y: F.nll_loss(torch.log(p), y.long(), weight=torch.tensor(weights)),
       {"p": [[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]]}, {"y": [1, 0]})
record("cross_entropy(p, y, probabilities=true)", "-xlogy(y, p).sum(1).mean()",
       lambda p, y: -torch.special.xlogy(y, p).sum(1).mean(), {"p": probabilities},
       {"y": [[0.0, 0.5, 0.5], [1.0, 0.0, 0.0], [0.1, 0.2, 0.7]]})
logs = [[-0.1, -2.5, -5.0], [-1.0, -1.2, -0.9]]
record("nll(x, y)", "F.nll_loss", lambda x, y: F.nll_loss(x, y.long()), {"x": logs}, {"y": [1, 2]})
record("nll(x, y, weights=[0.5, 2, 1.25])", "F.nll_loss(weight)",
       lambda x, y: F.nll_loss(x, y.long(), weight=torch.tensor(weights)), {"x": logs}, {"y": [1, 2]})

p, y = [0.2, 0.9, 0.5, 0.001], [0.0, 1.0, 0.3, 1.0]
record("binary_cross_entropy(p, y)", "F.binary_cross_entropy",
       lambda p, y: F.binary_cross_entropy(p, y), {"p": p}, {"y": y})
record("binary_cross_entropy(p, y)", "F.binary_cross_entropy at 0 and 1",
       lambda p, y: F.binary_cross_entropy(p, y), {"p": [0.0, 1.0, 0.0, 1.0]},
       {"y": [0.0, 1.0, 1.0, 0.0]})
record("binary_cross_entropy(p, y, weights=w)", "F.binary_cross_entropy(weight)",
       lambda p, y, w: F.binary_cross_entropy(p, y, weight=w), {"p": p},
       {"y": y, "w": [1.0, 0.5, 2.0, 0.0]})
z = [0.4, -3.0, 1000.0, -1000.0, 0.0]
y5 = [0.0, 1.0, 0.25, 1.0, 1.0]
record("binary_cross_entropy_with_logits(z, y)", "F.binary_cross_entropy_with_logits",
       lambda z, y: F.binary_cross_entropy_with_logits(z, y), {"z": z}, {"y": y5})
record("binary_cross_entropy_with_logits(z, y, pos_weight=3)",
       "F.binary_cross_entropy_with_logits(pos_weight)",
       lambda z, y: F.binary_cross_entropy_with_logits(z, y, pos_weight=torch.tensor(3.0)),
       {"z": z}, {"y": y5})
record("binary_cross_entropy_with_logits(z, y, weights=w, pos_weight=[0.5, 2])",
       "F.binary_cross_entropy_with_logits(weight, pos_weight)",
       lambda z, y, w: F.binary_cross_entropy_with_logits(
           z, y, weight=w, pos_weight=torch.tensor([0.5, 2.0])),
       {"z": [[0.1, -2.0], [3.0, 0.0]]}, {"y": [[1.0, 1.0], [0.0, 0.3]], "w": [[1.0, 2.0], [0.5, 1.0]]})
q = [[0.25, 0.25, 0.5], [0.1, 0.8, 0.1]]
record("kl(p, q)", "F.kl_div(log(q), p, reduction='batchmean')",
       lambda p, q: F.kl_div(torch.log(q), p, reduction="batchmean"), {"q": q},
       {"p": [[0.5, 0.5, 0.0], [0.2, 0.3, 0.5]]})
record("kl(p, q)", "F.kl_div, by both",
       lambda p, q: F.kl_div(torch.log(q), p, reduction="batchmean"),
       {"p": [[0.5, 0.4, 0.1], [0.2, 0.3, 0.5]], "q": q})
record("hinge(s, y)", "relu(1 - y*s).mean()", lambda s, y: F.relu(1 - y * s).mean(),
       {"s": [0.5, -2.0, 3.0, 1.0]}, {"y": [1.0, 1.0, -1.0, 1.0]})
record("l1(w)", "w.abs().sum()", lambda w: w.abs().sum(), {"w": [0.5, 0.0, -3.0]})
record("l2(w, b)", "w.square().sum() + b.square().sum()",
       lambda w, b: w.square().sum() + b.square().sum(), {"w": [0.5, 0.0, -3.0], "b": [[2.0]]})
record("elastic_net(w, ratio=0.3)", "0.3*w.abs().sum() + 0.35*w.square().sum()",
       lambda w: 0.3 * w.abs().sum() + 0.35 * w.square().sum(), {"w": [0.5, 0.0, -3.0]})
teacher = [[2.0, -1.0, 0.5], [100.0, 0.0, -100.0]]
for temperature in (1.0, 4.0):
    record(f"distill(s, g, temperature={temperature})", "T²·F.kl_div(log_softmax(s/T), softmax(g/T))",
           lambda s, g, T=temperature: T * T * F.kl_div(
               F.log_softmax(s / T, 1), F.softmax(g / T, 1), reduction="batchmean"),
           {"s": [[0.3, 0.2, -1.0], [1.0, 2.0, 300.0]]}, {"g": teacher})
record("softmax(x)[1]", "softmax", lambda x: torch.softmax(x, 0)[1], {"x": [1000.0, 999.0, -1000.0]})
