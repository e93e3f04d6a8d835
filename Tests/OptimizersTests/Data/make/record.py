"""Records optimizer runs of torch, optax and Keras in float64, and checks recorded ones.

    python record.py check ..     re-runs every line of ../oracles.jsonl and reports the differences
    python record.py more ..      writes ../oracles-more.jsonl, ../textbook.jsonl (settings below)

A run is 30 updates on one of the problems of problems.json: either a list of gradients (tape), the
same whatever the parameter is, or an objective whose gradient is taken at the parameter.
"""

import json
import os
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")
import jax

jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp
import keras
import numpy as np
import optax
import sympy
import torch
from torch.optim import _muon

keras.config.set_floatx("float64")
torch.set_default_dtype(torch.float64)  # otherwise NAdam keeps its momentum product in float32

STEPS = 30
VERSIONS = {
    "torch": torch.__version__.split("+")[0],
    "optax": optax.__version__,
    "keras": keras.__version__,
}


class Problem:
    """Where a run starts, and the gradient (and for some optimizers the loss) it is given."""

    def __init__(self, name, entry):
        self.name, self.start = name, np.array(entry["start"], float)
        self.tape = entry.get("grads")
        if self.tape is None:
            names = sympy.symbols(f"x0:{self.start.size}")
            loss = sympy.sympify(entry["objective"].replace("^", "**"))
            self._loss = sympy.lambdify(names, loss, "math")
            self._parts = [sympy.lambdify(names, sympy.diff(loss, x), "math") for x in names]

    def loss(self, x):
        return self._loss(*[float(v) for v in x])

    def gradient(self, step, x):
        if self.tape is not None:
            return np.array(self.tape[step])
        return np.array([float(part(*[float(v) for v in x])) for part in self._parts])


def newton_schulz_float64(grad, ns_coefficients, ns_steps, eps):
    """torch's Newton-Schulz iteration without its rounding to bfloat16."""
    a, b, c = ns_coefficients
    x = grad.T if grad.size(0) > grad.size(1) else grad
    x = x / x.norm().clamp(min=eps)
    for _ in range(ns_steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if grad.size(0) > grad.size(1) else x


def run_torch(name, hyper, problem):
    hyper = {k: tuple(v) if isinstance(v, list) else v for k, v in hyper.items()}
    w = torch.nn.Parameter(torch.tensor(problem.start))
    optimizer = getattr(torch.optim, name)([w], **hyper)
    params, state = [], {}
    shipped = _muon._zeropower_via_newtonschulz
    _muon._zeropower_via_newtonschulz = newton_schulz_float64
    try:
        for step in range(STEPS):
            w.grad = torch.tensor(problem.gradient(step, w.detach().numpy().copy()))
            optimizer.step()
            params.append(w.detach().numpy().copy())
            for key, value in optimizer.state[w].items():
                if key != "step" and torch.is_tensor(value):
                    state.setdefault(key, []).append(value.detach().double().numpy().copy())
    finally:
        _muon._zeropower_via_newtonschulz = shipped
    return params, state


def optax_leaves(state):
    """(field, array) of every floating-point leaf of a nest of named tuples."""
    if hasattr(state, "_fields"):
        for field in state._fields:
            value = getattr(state, field)
            if isinstance(value, tuple):
                yield from optax_leaves(value)
            elif hasattr(value, "dtype") and np.issubdtype(np.asarray(value).dtype, np.floating):
                yield field, np.array(value)
    elif isinstance(state, tuple):
        for value in state:
            yield from optax_leaves(value)


def run_optax_transformation(optimizer, problem, needs_loss=False):
    w = jnp.array(problem.start)
    memory = optimizer.init(w)
    params, state = [], {}
    for step in range(STEPS):
        g = jnp.array(problem.gradient(step, np.array(w)))
        more = {"value": problem.loss(np.array(w))} if needs_loss else {}
        update, memory = optimizer.update(g, memory, w, **more)
        w = optax.apply_updates(w, update)
        params.append(np.array(w))
        for field, value in optax_leaves(memory):
            state.setdefault(field, []).append(value)
    return params, state


def run_optax(name, hyper, problem):
    optimizer = getattr(optax, name)(**hyper)
    return run_optax_transformation(optimizer, problem, needs_loss=name == "polyak_sgd")


def run_keras(name, hyper, problem):
    w = keras.Variable(problem.start, dtype="float64")
    optimizer = getattr(keras.optimizers, name)(**hyper)
    optimizer.build([w])
    params, state = [], {}
    for step in range(STEPS):
        optimizer.apply([jnp.array(problem.gradient(step, np.array(w.value)))], [w])
        params.append(np.array(w.value))
        for variable in optimizer.variables:
            # "12_momentum" → "momentum"; the nameless one of Nadam is its product of mus.
            key = variable.path.split("/")[-1].replace("variable", "").strip("_0123456789")
            if not key and name == "Nadam":
                key = "u_product"
            if key and key not in ("iteration", "learning_rate"):
                state.setdefault(key, []).append(np.array(variable.value))
    return params, state


RUN = {"torch": run_torch, "optax": run_optax, "keras": run_keras}


# Keras 3.15.1 takes norms and means in float32, whatever it is given.
PARTLY_FLOAT32 = {"keras.Adafactor", "keras.Muon"}


def difference(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    return float(np.max(np.abs(a - b) / np.maximum(1.0, np.abs(b))))


def check(folder, problems):
    worst = {}
    for file in ("oracles.jsonl", "oracles-more.jsonl"):
        with open(os.path.join(folder, file)) as lines:
            runs = [json.loads(line) for line in lines]
        for run in runs:
            hyper = run["hyper"]
            params, state = RUN[run["library"]](run["optimizer"], hyper, problems[run["problem"]])
            name = run["library"] + "." + run["optimizer"]
            found = difference(params, run["params"])
            for key, values in run.get("state", {}).items():
                found = max(found, difference(state[key], values))
            worst[name] = max(worst.get(name, 0.0), found)
    for name, found in sorted(worst.items()):
        print(f"{name:40} {found:.1e}")


# ---------------------------------------------------------------------- what more is recorded
VECTOR = ["tape", "quadratic", "rosenbrock"]
MATRIX = ["matrix_tape", "tall_tape"]
WITH_DECAY = dict(weight_decay=0.1)
MORE = [
    # library, optimizer, hyperparameters, problems
    ("torch", "Adagrad", dict(lr=0.05, lr_decay=0.2, maximize=True), ["tape"]),
    ("torch", "RMSprop", dict(lr=0.02, centered=True, weight_decay=0.1, maximize=True), ["tape"]),
    ("torch", "Adadelta", dict(rho=0.95, weight_decay=0.1, maximize=True), ["tape"]),
    ("torch", "Adam", dict(lr=0.05, weight_decay=0.2, decoupled_weight_decay=True), VECTOR),
    (
        "torch",
        "Adam",
        dict(lr=0.05, betas=[0.8, 0.9], eps=1e-3, weight_decay=0.1, amsgrad=True, maximize=True),
        ["tape", "matrix_tape"],
    ),
    ("torch", "AdamW", dict(lr=0.05, maximize=True), ["tape"]),
    ("torch", "Adamax", dict(lr=0.05, maximize=True, **WITH_DECAY), ["tape"]),
    ("torch", "NAdam", dict(lr=0.02, maximize=True, **WITH_DECAY), ["tape"]),
    ("torch", "RAdam", dict(lr=0.02, betas=[0.9, 0.95], maximize=True, **WITH_DECAY), ["tape"]),
    ("torch", "Rprop", dict(lr=0.02, maximize=True), ["tape"]),
    ("torch", "ASGD", dict(lr=0.01, t0=5, lambd=0.01, maximize=True), ["tape"]),
    ("torch", "Adafactor", dict(lr=0.05, maximize=True, **WITH_DECAY), ["tape", "tall_tape"]),
    ("torch", "Muon", dict(lr=0.02), MATRIX),
    ("torch", "Muon", dict(lr=0.02, nesterov=False, adjust_lr_fn="original"), MATRIX),
    ("torch", "Muon", dict(lr=0.02, adjust_lr_fn="match_rms_adamw", weight_decay=0.0), MATRIX),
    (
        "torch",
        "Muon",
        dict(
            lr=0.02, adjust_lr_fn="spectral_unclamped", ns_coefficients=[2.0, -1.5, 0.5], ns_steps=8
        ),
        MATRIX,
    ),
    ("keras", "SGD", dict(learning_rate=0.0004, momentum=0.9, **WITH_DECAY), VECTOR),
    ("keras", "SGD", dict(learning_rate=0.0004, momentum=0.9), VECTOR),
    ("keras", "RMSprop", dict(learning_rate=0.01, momentum=0.9, **WITH_DECAY), VECTOR),
    ("keras", "RMSprop", dict(learning_rate=0.01, centered=True, epsilon=1e-3), VECTOR),
    ("keras", "Adam", dict(learning_rate=0.05, beta_2=0.9, amsgrad=True), VECTOR),
    ("keras", "Adam", dict(learning_rate=0.05, **WITH_DECAY), VECTOR + ["matrix_tape"]),
    ("keras", "AdamW", dict(learning_rate=0.05, beta_2=0.9, amsgrad=True), VECTOR),
    (
        "keras",
        "Adagrad",
        dict(learning_rate=0.3, initial_accumulator_value=0.01, epsilon=1e-3, **WITH_DECAY),
        VECTOR,
    ),
    ("keras", "Adadelta", {}, VECTOR),
    ("keras", "Adamax", dict(learning_rate=0.05, beta_2=0.9, epsilon=0.05, **WITH_DECAY), VECTOR),
    ("keras", "Nadam", dict(learning_rate=0.05, **WITH_DECAY), VECTOR),
    ("keras", "Lion", dict(learning_rate=0.02, beta_1=0.8, beta_2=0.9, **WITH_DECAY), VECTOR),
    ("keras", "Lamb", dict(learning_rate=0.05, beta_2=0.98, epsilon=0.01, **WITH_DECAY), VECTOR),
    ("keras", "Lamb", dict(learning_rate=0.05), MATRIX),
    ("keras", "Ftrl", {}, VECTOR),
    ("keras", "Ftrl", dict(learning_rate=0.5), VECTOR),
    (
        "keras",
        "Ftrl",
        dict(
            learning_rate=0.2,
            learning_rate_power=-0.7,
            initial_accumulator_value=0.3,
            l1_regularization_strength=0.05,
            l2_regularization_strength=0.02,
            l2_shrinkage_regularization_strength=0.03,
            beta=0.5,
            weight_decay=0.01,
        ),
        VECTOR,
    ),
    ("keras", "Adafactor", {}, VECTOR + MATRIX),
    (
        "keras",
        "Adafactor",
        dict(
            learning_rate=0.1,
            beta_2_decay=-0.6,
            epsilon_1=1e-3,
            epsilon_2=1e-2,
            clip_threshold=1.5,
            weight_decay=0.05,
        ),
        VECTOR + MATRIX,
    ),
    ("keras", "Adafactor", dict(learning_rate=0.3, relative_step=False), ["tape"]),
    ("keras", "Muon", dict(learning_rate=0.02), ["tape"] + MATRIX),
    (
        "keras",
        "Muon",
        dict(
            learning_rate=0.02,
            nesterov=False,
            rms_rate=None,
            weight_decay=None,
            adam_weight_decay=None,
            adam_lr_ratio=0.5,
            ns_steps=3,
        ),
        ["tape"] + MATRIX,
    ),
    ("optax", "sgd", dict(learning_rate=0.02), ["tape", "quadratic"]),
    ("optax", "sgd", dict(learning_rate=0.0004, momentum=0.9), VECTOR),
    ("optax", "sgd", dict(learning_rate=0.0004, momentum=0.9, nesterov=True), VECTOR),
    (
        "optax",
        "adam",
        dict(learning_rate=0.05, b1=0.8, b2=0.95, eps_root=1e-3, nesterov=True),
        VECTOR,
    ),
    ("optax", "adamw", dict(learning_rate=0.01), VECTOR),
    ("optax", "adamw", dict(learning_rate=0.05, b2=0.98, eps=1e-3, weight_decay=0.4), VECTOR),
    ("optax", "adamw", dict(learning_rate=0.05, weight_decay=0.1, nesterov=True), VECTOR),
    ("optax", "nadam", dict(learning_rate=0.05, eps_root=0.01), ["tape"]),
    ("optax", "nadamw", dict(learning_rate=0.05, eps_root=1e-3, weight_decay=0.1), VECTOR),
    ("optax", "fromage", dict(learning_rate=0.02), VECTOR + MATRIX),
    ("optax", "polyak_sgd", dict(max_learning_rate=0.15, f_min=-0.3), ["quadratic"]),
    (
        "optax",
        "polyak_sgd",
        dict(max_learning_rate=0.2, scaling=0.5, f_min=2.0, eps=0.01, variant="sps+"),
        ["quadratic"],
    ),
    ("optax", "adabelief", dict(learning_rate=0.02, eps=0.01, eps_root=0.0), VECTOR),
    ("optax", "adabelief", dict(learning_rate=0.02, b2=0.95, eps=0.01, nesterov=True), VECTOR),
    ("optax", "lamb", dict(learning_rate=0.05, eps_root=0.01, weight_decay=0.1), MATRIX),
    ("optax", "lars", dict(learning_rate=0.5), VECTOR + MATRIX),
    (
        "optax",
        "lars",
        dict(
            learning_rate=0.3,
            weight_decay=0.1,
            trust_coefficient=0.01,
            eps=0.02,
            momentum=0.8,
            nesterov=True,
        ),
        VECTOR + MATRIX,
    ),
    ("optax", "yogi", dict(learning_rate=0.02, b2=0.9), MATRIX),
    (
        "optax",
        "amsgrad",
        dict(learning_rate=0.05, b2=0.9, bias_correction_mu=False, bias_correction_nu=False),
        VECTOR,
    ),
    (
        "optax",
        "amsgrad",
        dict(learning_rate=0.05, eps_root=0.01, bias_correction_nu=False),
        ["tape"],
    ),
    (
        "optax",
        "rprop",
        dict(
            learning_rate=0.05, eta_minus=0.4, eta_plus=1.3, min_step_size=1e-3, max_step_size=0.3
        ),
        VECTOR,
    ),
    ("optax", "radam", dict(learning_rate=0.01), ["tape", "quadratic"]),
    ("optax", "radam", dict(learning_rate=0.0004), ["rosenbrock"]),
    (
        "optax",
        "radam",
        dict(learning_rate=0.02, b2=0.9, eps=0.01, eps_root=1e-3, threshold=4.5),
        ["tape", "quadratic"],
    ),
    ("optax", "radam", dict(learning_rate=0.02, b2=0.95, nesterov=True), ["tape", "quadratic"]),
    ("optax", "adamax", dict(learning_rate=0.01), VECTOR),
    ("optax", "adamax", dict(learning_rate=0.05, b1=0.8, b2=0.9, eps=0.05), VECTOR),
    ("optax", "adamaxw", dict(learning_rate=0.05, weight_decay=0.1), VECTOR),
    ("optax", "adan", dict(learning_rate=0.01), VECTOR),
    (
        "optax",
        "adan",
        dict(learning_rate=0.05, b1=0.9, b2=0.8, b3=0.95, eps=1e-3, weight_decay=0.1),
        VECTOR,
    ),
    ("optax", "novograd", dict(learning_rate=0.01), VECTOR + MATRIX),
    (
        "optax",
        "novograd",
        dict(learning_rate=0.02, b1=0.8, b2=0.5, eps=0.01, eps_root=0.01, weight_decay=0.1),
        VECTOR + MATRIX,
    ),
    ("optax", "rmsprop", dict(learning_rate=0.01, momentum=0.9), VECTOR),
    (
        "optax",
        "rmsprop",
        dict(
            learning_rate=0.01, initial_scale=0.5, centered=True, bias_correction=True, momentum=0.5
        ),
        VECTOR,
    ),
    (
        "optax",
        "rmsprop",
        dict(
            learning_rate=0.01,
            eps=1e-3,
            centered=True,
            eps_in_sqrt=False,
            momentum=0.9,
            nesterov=True,
        ),
        VECTOR,
    ),
    ("optax", "rmsprop", dict(learning_rate=0.01, bias_correction=True), VECTOR),
    ("optax", "optimistic_gradient_descent", dict(learning_rate=0.0004), VECTOR),
    (
        "optax",
        "optimistic_gradient_descent",
        dict(learning_rate=0.0004, alpha=0.7, beta=0.4),
        VECTOR,
    ),
    ("optax", "adadelta", dict(learning_rate=0.5, rho=0.8, eps=1e-3, weight_decay=0.1), VECTOR),
    ("optax", "sign_sgd", dict(learning_rate=0.02), VECTOR),
    ("optax", "signum", dict(learning_rate=0.02, beta=0.8), VECTOR),
]

# Rules, and chains of gradient stages and rules, held to compositions of optax transformations.
TEXTBOOK = [
    # stages and rule, each with its hyperparameters; the optax call; problems
    (
        [("momentum_ema", dict(lr=0.02, beta=0.8))],
        "optax.chain(optax.ema(0.8, debias=False), optax.scale(-0.02))",
        ["tape", "quadratic"],
    ),
    (
        [("momentum_ema_corrected", dict(lr=0.02, beta=0.8))],
        "optax.chain(optax.ema(0.8, debias=True), optax.scale(-0.02))",
        ["tape", "quadratic"],
    ),
    (
        [("yogi_corrected", dict(lr=0.02, beta2=0.95))],
        "optax.chain(optax.scale_by_yogi(b2=0.95, initial_accumulator_value=0.), optax.scale(-0.02))",
        VECTOR,
    ),
    (
        [("adam_eps_inside", dict(lr=0.02, eps=0.01))],
        "optax.adam(0.02, eps=0., eps_root=0.01)",
        VECTOR,
    ),
    ([("adam_no_eps", dict(lr=0.02))], "optax.adam(0.02, eps=0.)", ["quadratic", "rosenbrock"]),
    (
        [("adagrad_no_eps", dict(lr=0.1))],
        "optax.adagrad(0.1, initial_accumulator_value=0., eps=0.)",
        ["quadratic", "rosenbrock"],
    ),
    (
        [("polyak_step", dict(best=-0.3, largest=0.15))],
        "optax.polyak_sgd(max_learning_rate=0.15, f_min=-0.3)",
        ["quadratic"],
    ),
    (
        [("polyak", dict(best=0.05))],
        "optax.polyak_sgd(max_learning_rate=jnp.inf, f_min=0.05)",
        ["quadratic"],
    ),
    ([("lookahead", dict(lr=0.02, k=4, alpha=0.3))], "lookahead", ["tape", "quadratic"]),
    (
        [("clip_norm", dict(c=0.5)), ("gradient_descent", dict(lr=0.02))],
        "optax.chain(optax.clip_by_global_norm(0.5), optax.sgd(0.02))",
        VECTOR + MATRIX,
    ),
    (
        [("clip_value", dict(c=0.5)), ("gradient_descent", dict(lr=0.02))],
        "optax.chain(optax.clip(0.5), optax.sgd(0.02))",
        VECTOR + MATRIX,
    ),
    (
        [("weight_decay", dict(wd=0.1)), ("adam", dict(lr=0.02))],
        "optax.chain(optax.add_decayed_weights(0.1), optax.adam(0.02))",
        VECTOR + MATRIX,
    ),
    (
        [("normalize", {}), ("gradient_descent", dict(lr=0.02))],
        "optax.chain(optax.normalize_by_update_norm(), optax.sgd(0.02))",
        VECTOR + MATRIX,
    ),
    (
        [("centralize", {}), ("gradient_descent", dict(lr=0.02))],
        "optax.chain(optax.centralize(), optax.sgd(0.02))",
        ["tape"] + MATRIX,
    ),
    (
        [("clip_norm", dict(c=1.0)), ("weight_decay", dict(wd=0.01)), ("adam", dict(lr=0.1))],
        "optax.chain(optax.clip_by_global_norm(1.0), optax.add_decayed_weights(0.01), optax.adam(0.1))",
        VECTOR + MATRIX,
    ),
]


def run_lookahead(hyper, problem):
    """optax.lookahead keeps fast and slow parameters in a pair; the fast ones are recorded."""
    optimizer = optax.lookahead(optax.sgd(hyper["lr"]), hyper["k"], hyper["alpha"])
    pair = optax.LookaheadParams.init_synced(jnp.array(problem.start))
    memory, params = optimizer.init(pair), []
    for step in range(STEPS):
        g = jnp.array(problem.gradient(step, np.array(pair.fast)))
        update, memory = optimizer.update(g, memory, pair)
        pair = optax.apply_updates(pair, update)
        params.append(np.array(pair.fast))
    return params


def lists(values):
    return [np.asarray(v).tolist() for v in values]


def more(folder, problems):
    number = 0
    with open(os.path.join(folder, "oracles-more.jsonl"), "w") as out:
        for library, name, hyper, names in MORE:
            for problem in names:
                number += 1
                params, state = RUN[library](name, hyper, problems[problem])
                assert np.all(np.isfinite(params)), (name, hyper, problem)
                if np.max(np.abs(params)) > 1e3:
                    print("large", name, hyper, problem)
                line = dict(
                    id=f"m{number:03}",
                    library=library,
                    version=VERSIONS[library],
                    optimizer=name,
                    hyper=hyper,
                    problem=problem,
                    start=problems[problem].start.tolist(),
                    params=lists(params),
                )
                if problems[problem].tape is not None:
                    line["state"] = {key: lists(values) for key, values in state.items()}
                else:
                    line["final_state"] = {key: lists(values)[-1] for key, values in state.items()}
                if f"{library}.{name}" in PARTLY_FLOAT32:
                    line["tolerance"] = 1e-6
                out.write(json.dumps(line, allow_nan=False) + "\n")
    print(number, "runs in oracles-more.jsonl")
    number = 0
    with open(os.path.join(folder, "textbook.jsonl"), "w") as out:
        for chain, call, names in TEXTBOOK:
            for problem in names:
                number += 1
                if call == "lookahead":
                    params = run_lookahead(chain[0][1], problems[problem])
                    call_text = "optax.lookahead(optax.sgd(0.02), 4, 0.3)"
                else:
                    params, _ = run_optax_transformation(
                        eval(call), problems[problem], needs_loss="polyak" in call
                    )
                    call_text = call
                line = dict(
                    id=f"t{number:03}",
                    chain=[dict(rule=r, hyper=h) for r, h in chain],
                    equals=call_text,
                    version=VERSIONS["optax"],
                    problem=problem,
                    start=problems[problem].start.tolist(),
                    params=lists(params),
                )
                out.write(json.dumps(line, allow_nan=False) + "\n")
    print(number, "runs in textbook.jsonl")


if __name__ == "__main__":
    action, folder = sys.argv[1:3]
    with open(os.path.join(folder, "problems.json")) as file:
        problems = {name: Problem(name, entry) for name, entry in json.load(file).items()}
    {"check": check, "more": more}[action](folder, problems)
