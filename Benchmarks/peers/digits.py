"""An epoch of the digits network 64-128-10, batches of 32, Adam, in PyTorch (eager, its default
Adam) and JAX (one jitted step), on one thread. Prints `name nanoseconds` for the best epoch.

Usage: digits.py torch|jax f64|f32
"""

import pathlib
import sys
import time

import numpy

library, precision = sys.argv[1:]
kind = {"f64": "float64", "f32": "float32"}[precision]
table = numpy.loadtxt(
    pathlib.Path(__file__).parents[2] / "datasets" / "digits.csv", delimiter=",", skiprows=1)
X, y = (table[:, :64] / 16).astype(kind), table[:, 64].astype(int)
order = numpy.random.default_rng(0).permutation(len(X))
batches = [order[i:i + 32] for i in range(0, len(X), 32)]


def best(epoch, seconds=1.5):
    began, shortest = time.perf_counter(), float("inf")
    while time.perf_counter() - began < seconds:
        start = time.perf_counter()
        epoch()
        shortest = min(shortest, time.perf_counter() - start)
    return shortest


def in_torch():
    import torch

    torch.set_num_threads(1)
    torch.set_default_dtype(getattr(torch, kind))
    inputs, labels = torch.tensor(X), torch.tensor(y)
    parts = [torch.tensor(part) for part in batches]
    model = torch.nn.Sequential(
        torch.nn.Linear(64, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10))
    optimizer = torch.optim.Adam(model.parameters())

    def epoch():
        for part in parts:
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(inputs[part]), labels[part])
            loss.backward()
            optimizer.step()

    return epoch


def in_jax():
    import os

    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", precision == "f64")
    inputs, labels = jnp.array(X), jnp.array(y)
    parts = [jnp.array(part) for part in batches]
    draw = numpy.random.default_rng(0)
    shapes = [(128, 64), (128,), (10, 128), (10,)]
    w = [jnp.array(draw.uniform(-0.1, 0.1, shape).astype(kind)) for shape in shapes]
    state = [w, [jnp.zeros_like(p) for p in w], [jnp.zeros_like(p) for p in w],
             jnp.array(1, dtype=kind)]

    def loss(w, x, labels):
        logits = jax.nn.relu(x @ w[0].T + w[1]) @ w[2].T + w[3]
        return -jnp.mean(
            jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], axis=1))

    @jax.jit
    def step(w, m, v, t, part):
        value, slopes = jax.value_and_grad(loss)(w, inputs[part], labels[part])
        m = [0.9 * a + 0.1 * g for a, g in zip(m, slopes)]
        v = [0.999 * a + 0.001 * g * g for a, g in zip(v, slopes)]
        w = [
            p - 0.001 * (a / (1 - 0.9**t)) / (jnp.sqrt(b / (1 - 0.999**t)) + 1e-8)
            for p, a, b in zip(w, m, v)
        ]
        return w, m, v, t + 1, value

    def epoch():
        for part in parts:
            *state[:], value = step(*state, part)
        value.block_until_ready()

    return epoch


epoch = {"torch": in_torch, "jax": in_jax}[library]()
epoch()
print(f"{library}_{precision}", best(epoch) * 1e9)
