"""Records gradient clipping by PyTorch and optax, and by Keras's formula, in float64:
python clipping.py > ../clipping.jsonl; lines and expected as in shrinking.jsonl.
"""
import json
import jax
jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp
import numpy as np
import optax
import torch

torch.set_default_dtype(torch.float64)
A, B = [1.0, -2.0, 0.5], [[0.3, 0.1], [2.0, -1.0]]
gradients = [([3.0, -4.0, 0.0], [[0.5, 1.0], [-2.0, 0.0]]), ([0.1, 0.2, -0.1], [[0.0, 0.05], [0.1, 0.0]]),
             ([0.0, 0.0, 0.0], [[0.0, 0.0], [0.0, 0.0]]), ([60.0, 0.0, 1.0], [[-0.01, 0.0], [0.0, 0.02]])]
count = 0


def record(optimizer, library, a, b):
    global count
    count += 1
    steps = [f"step A.g={g}, B.g={h};" for g, h in gradients]
    print(json.dumps({"id": f"c{count:03}", "torch": library,
                      "lines": [f"param A = {A}", f"param B = {B}", f"optimizer {optimizer}"] + steps,
                      "expected": {"A": np.asarray(a).tolist(), "B": np.asarray(b).tolist()}}))


def torch_run(clip, make):
    a, b = torch.tensor(A, requires_grad=True), torch.tensor(B, requires_grad=True)
    optimizer = make([a, b])
    for g, h in gradients:
        a.grad, b.grad = torch.tensor(g), torch.tensor(h)
        clip([a, b])
        optimizer.step()
    return a.detach().numpy(), b.detach().numpy()


def optax_run(transform):
    params = (jnp.array(A), jnp.array(B))
    state = transform.init(params)
    for g, h in gradients:
        updates, state = transform.update((jnp.array(g), jnp.array(h)), state, params)
        params = optax.apply_updates(params, updates)
    return params


def keras_run(c, lr):
    """tf.clip_by_norm of each variable: g·c/max(norm, c)."""
    a, b = np.array(A), np.array(B)
    for g, h in gradients:
        for w, d in ((a, np.array(g)), (b, np.array(h))):
            w -= lr * d * c / max(np.sqrt((d * d).sum()), c)
    return a, b


norm, value = torch.nn.utils.clip_grad_norm_, torch.nn.utils.clip_grad_value_
for c in (1.0, 0.25):
    record(f"torch.clip_grad_norm_({c}) |> torch.SGD(lr=0.1)", "clip_grad_norm_",
           *torch_run(lambda p: norm(p, c), lambda p: torch.optim.SGD(p, lr=0.1)))
    record(f"torch.clip_grad_norm_(max_norm={c}) |> torch.Adam(lr=0.1)", "clip_grad_norm_, Adam",
           *torch_run(lambda p: norm(p, c), lambda p: torch.optim.Adam(p, lr=0.1)))
    record(f"torch.clip_grad_value_({c}) |> torch.SGD(lr=0.1)", "clip_grad_value_",
           *torch_run(lambda p: value(p, c), lambda p: torch.optim.SGD(p, lr=0.1)))
    record(f"clip_value({c}) |> adam(lr=0.1)", "clip_grad_value_, Adam",
           *torch_run(lambda p: value(p, c), lambda p: torch.optim.Adam(p, lr=0.1)))
    record(f"clip_norm({c}) |> sgd(lr=0.1)", "optax.clip_by_global_norm",
           *optax_run(optax.chain(optax.clip_by_global_norm(c), optax.sgd(0.1))))
    record(f"clip_value({c}) |> sgd(lr=0.1)", "optax.clip",
           *optax_run(optax.chain(optax.clip(c), optax.sgd(0.1))))
    record(f"clip_norm_each({c}) |> sgd(lr=0.1)", "Keras clipnorm", *keras_run(c, 0.1))
