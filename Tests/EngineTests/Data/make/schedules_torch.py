"""Runs PyTorch's schedulers over SGD again, in float64: python schedules_torch.py > FILE

Reads ../schedules-torch.jsonl for what to run (schedule, hyper, base_lr, metrics, start; the calls
are those of the language) and writes the same lines with lr (and momentum) of update 1, 2, ... and
params, the parameter after each. The gradients are the tape of ../../../OptimizersTests/Data.
"""
import json
import os
import torch
from torch.optim import lr_scheduler as S

torch.set_default_dtype(torch.float64)
here = os.path.dirname(os.path.abspath(__file__))
tape = json.load(open(f"{here}/../../../OptimizersTests/Data/problems.json"))["tape"]["grads"]

for text in open(f"{here}/../schedules-torch.jsonl"):
    line = json.loads(text)
    w = torch.tensor(line["start"], requires_grad=True)
    momentum = 0.9 if "momentum" in line else 0
    optimizer = torch.optim.SGD([w], lr=line["base_lr"], momentum=momentum)
    name, hyper = line["schedule"], line["hyper"]
    if name == "inverse_sqrt":
        scheduler = S.LambdaLR(optimizer, lambda t: (t + 1) ** -0.5)
    elif name == "warmup_cosine":
        warmup = hyper["warmup"]
        scheduler = S.SequentialLR(optimizer, [
            S.LinearLR(optimizer, start_factor=hyper["start_factor"], total_iters=warmup),
            S.CosineAnnealingLR(optimizer, T_max=hyper["total"] - warmup, eta_min=hyper["eta_min"]),
        ], milestones=[warmup])
    else:
        scheduler = getattr(S, name)(optimizer, **hyper)
    line["lr"], line["params"] = [], []
    if momentum:
        line["momentum"] = []
    for t, gradient in enumerate(tape):
        line["lr"].append(optimizer.param_groups[0]["lr"])
        if momentum:
            line["momentum"].append(optimizer.param_groups[0]["momentum"])
        w.grad = torch.tensor(gradient)
        optimizer.step()
        line["params"].append(w.tolist())
        if "metrics" in line:
            scheduler.step(line["metrics"][t])
        else:
            scheduler.step()
    line["version"] = torch.__version__
    print(json.dumps(line))
