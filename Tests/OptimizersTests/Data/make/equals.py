"""Says which textbook rule each recorded library run equals, if one does.

    python equals.py ..     reads ../oracles.jsonl and ../oracles-more.jsonl, writes ../equals.jsonl

The pairs below are claims read off the libraries' sources; the tests hold the rules to them.
"""

import json
import os
import sys

# The arguments of each call that a textbook rule can stand for, with their defaults.
DEFAULTS = {
    "torch.SGD": dict(lr=1e-3, momentum=0, dampening=0, weight_decay=0, nesterov=False),
    "torch.Adagrad": dict(
        lr=0.01, lr_decay=0, weight_decay=0, initial_accumulator_value=0, eps=1e-10
    ),
    "torch.RMSprop": dict(
        lr=0.01, alpha=0.99, eps=1e-8, weight_decay=0, momentum=0, centered=False
    ),
    "torch.Adadelta": dict(lr=1.0, rho=0.9, eps=1e-6, weight_decay=0),
    "torch.Adam": dict(
        lr=1e-3,
        betas=[0.9, 0.999],
        eps=1e-8,
        weight_decay=0,
        amsgrad=False,
        decoupled_weight_decay=False,
    ),
    "torch.AdamW": dict(lr=1e-3, betas=[0.9, 0.999], eps=1e-8, weight_decay=0.01, amsgrad=False),
    "torch.Adamax": dict(lr=2e-3, betas=[0.9, 0.999], eps=1e-8, weight_decay=0),
    "torch.NAdam": dict(
        lr=2e-3,
        betas=[0.9, 0.999],
        eps=1e-8,
        weight_decay=0,
        momentum_decay=4e-3,
        decoupled_weight_decay=False,
    ),
    "torch.RAdam": dict(lr=1e-3, betas=[0.9, 0.999], eps=1e-8, weight_decay=0),
    "torch.Rprop": dict(lr=0.01, etas=[0.5, 1.2], step_sizes=[1e-6, 50]),
    "keras.SGD": dict(learning_rate=0.01, momentum=0.0, nesterov=False, weight_decay=None),
    "keras.RMSprop": dict(
        learning_rate=1e-3, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False, weight_decay=None
    ),
    "keras.Adam": dict(
        learning_rate=1e-3, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False, weight_decay=None
    ),
    "keras.AdamW": dict(
        learning_rate=1e-3,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=1e-7,
        amsgrad=False,
        weight_decay=0.004,
    ),
    "keras.Adagrad": dict(
        learning_rate=1e-3, initial_accumulator_value=0.1, epsilon=1e-7, weight_decay=None
    ),
    "keras.Adadelta": dict(learning_rate=1e-3, rho=0.95, epsilon=1e-7, weight_decay=None),
    "keras.Adamax": dict(
        learning_rate=1e-3, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=None
    ),
    "keras.Nadam": dict(
        learning_rate=1e-3, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=None
    ),
    "keras.Lion": dict(learning_rate=1e-3, beta_1=0.9, beta_2=0.99, weight_decay=None),
    "keras.Lamb": dict(
        learning_rate=1e-3, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=None
    ),
    "optax.sgd": dict(momentum=None, nesterov=False),
    "optax.rmsprop": dict(
        decay=0.9,
        eps=1e-8,
        initial_scale=0,
        eps_in_sqrt=True,
        centered=False,
        momentum=None,
        nesterov=False,
        bias_correction=False,
    ),
    "optax.adam": dict(b1=0.9, b2=0.999, eps=1e-8, eps_root=0, nesterov=False),
    "optax.adamw": dict(b1=0.9, b2=0.999, eps=1e-8, eps_root=0, weight_decay=1e-4, nesterov=False),
    "optax.nadam": dict(b1=0.9, b2=0.999, eps=1e-8, eps_root=0),
    "optax.lion": dict(b1=0.9, b2=0.99, weight_decay=1e-3),
    "optax.adabelief": dict(b1=0.9, b2=0.999, eps=1e-16, eps_root=1e-16, nesterov=False),
    "optax.lamb": dict(b1=0.9, b2=0.999, eps=1e-6, eps_root=0, weight_decay=0),
    "optax.yogi": dict(b1=0.9, b2=0.999, eps=1e-3),
    "optax.adagrad": dict(initial_accumulator_value=0.1, eps=1e-7),
    "optax.amsgrad": dict(
        b1=0.9, b2=0.999, eps=1e-8, eps_root=0, bias_correction_mu=True, bias_correction_nu=True
    ),
    "optax.radam": dict(b1=0.9, b2=0.999, eps=1e-8, eps_root=0, threshold=5, nesterov=False),
    "optax.adamax": dict(b1=0.9, b2=0.999, eps=1e-8),
    "optax.novograd": dict(b1=0.9, b2=0.25, eps=1e-6, eps_root=0, weight_decay=0),
    "optax.optimistic_gradient_descent": dict(alpha=1.0, beta=1.0),
    "optax.adadelta": dict(rho=0.9, eps=1e-6, weight_decay=0),
    "optax.sign_sgd": {},
    "optax.signum": dict(beta=0.9),
}
# Library argument → the textbook rules' name for it. The others keep theirs.
RENAMED = {
    "learning_rate": "lr",
    "beta_1": "beta1",
    "beta_2": "beta2",
    "b1": "beta1",
    "b2": "beta2",
    "epsilon": "eps",
    "alpha": "rho",
    "decay": "rho",
    "momentum": "beta",
    "initial_accumulator_value": "initial",
}


def choose(call, h):
    """The textbook rule of a call with all its arguments `h`, and the arguments it takes; or None."""
    if h.get("maximize"):
        return None
    base, l2 = ["lr"], h.get("weight_decay") or 0
    adam = ["lr", "beta1", "beta2", "eps"]
    match call:
        case "torch.SGD" | "keras.SGD" | "optax.sgd":
            if l2 and (h["beta"] or call != "torch.SGD"):
                return None
            if not h["beta"]:
                return (
                    ("gradient_descent_l2", base + ["weight_decay"])
                    if l2
                    else ("gradient_descent", base)
                )
            if h.get("dampening"):
                return None
            form = "nesterov" if h["nesterov"] else "momentum"
            return (form + ("_velocity" if call == "keras.SGD" else ""), base + ["beta"])
        case "torch.Adagrad":
            if l2 or h["lr_decay"] or h["initial"]:
                return None
            return ("adagrad", base + ["eps"])
        case "keras.Adagrad" | "optax.adagrad":
            return None if l2 else ("adagrad_keras", base + ["initial", "eps"])
        case "torch.RMSprop":
            if l2 or (h["centered"] and h["beta"]):
                return None
            if h["centered"]:
                return ("rmsprop_centered", base + ["rho", "eps"])
            if h["beta"]:
                return ("rmsprop_momentum", base + ["rho", "beta", "eps"])
            return ("rmsprop", base + ["rho", "eps"])
        case "keras.RMSprop" | "optax.rmsprop":
            inside = h.get("eps_in_sqrt", True)
            corrected = h.get("bias_correction", False)
            if l2 or h.get("initial_scale") or h.get("nesterov"):
                return None
            if corrected and not h["centered"] and not h["beta"]:
                name = "rmsprop_corrected_eps_inside" if inside else "rmsprop_corrected"
                return (name, base + ["rho", "eps"])
            if corrected or not inside:
                return None
            if h["centered"] and h["beta"]:
                return ("rmsprop_graves", base + ["rho", "beta", "eps"])
            if h["centered"]:
                return ("rmsprop_centered_eps_inside", base + ["rho", "eps"])
            if h["beta"]:
                return ("rmsprop_momentum_eps_inside", base + ["rho", "beta", "eps"])
            return ("rmsprop_eps_inside", base + ["rho", "eps"])
        case "torch.Adadelta" | "keras.Adadelta" | "optax.adadelta":
            return None if l2 else ("adadelta", base + ["rho", "eps"])
        case "torch.Adam":
            if l2 and h["amsgrad"]:
                return None
            if h["amsgrad"]:
                return ("amsgrad_torch", adam)
            if l2:
                return (
                    "adamw" if h["decoupled_weight_decay"] else "adam_l2",
                    adam + ["weight_decay"],
                )
            return ("adam", adam)
        case "torch.AdamW":
            return None if h["amsgrad"] else ("adamw", adam + ["weight_decay"])
        case "keras.Adam" | "keras.AdamW":
            if h["amsgrad"]:
                return None if l2 else ("amsgrad_keras", adam)
            return ("adamw_eps_hat", adam + ["weight_decay"]) if l2 else ("adam_eps_hat", adam)
        case "optax.adam":
            if h["eps_root"]:
                return None
            return ("nadam" if h["nesterov"] else "adam", adam)
        case "optax.adamw":
            return None if h["nesterov"] or h["eps_root"] else ("adamw", adam + ["weight_decay"])
        case "optax.nadam":
            return None if h["eps_root"] else ("nadam", adam)
        case "torch.NAdam":
            return None if l2 else ("nadam_torch", adam + ["momentum_decay"])
        case "keras.Nadam":
            h["momentum_decay"] = 1
            return None if l2 else ("nadam_torch", adam + ["momentum_decay"])
        case "torch.Adamax" | "optax.adamax":
            return None if l2 else ("adamax_torch", adam)
        case "keras.Adamax":
            return None if l2 else ("adamax_keras", adam)
        case "torch.RAdam":
            return None if l2 else ("radam_torch", adam)
        case "optax.radam":
            return None if h["eps_root"] or h["nesterov"] else ("radam_optax", adam + ["threshold"])
        case "torch.Rprop":
            return ("rprop", base + ["down", "up", "smallest", "largest"])
        case "optax.lion" | "keras.Lion":
            h["weight_decay"] = l2
            return ("lion", ["lr", "beta1", "beta2", "weight_decay"])
        case "optax.adabelief":
            if h["nesterov"] or h["eps_root"] not in (0, h["eps"]):
                return None
            return ("adabelief" if h["eps_root"] else "adabelief_eps_once", adam)
        case "optax.lamb" | "keras.Lamb":
            h["weight_decay"] = l2
            if h.get("eps_root") or (l2 and call == "keras.Lamb"):
                return None
            return ("lamb", adam + ["weight_decay"])
        case "optax.yogi":
            h["initial"] = 1e-6
            return ("yogi_corrected", adam + ["initial"])
        case "optax.amsgrad":
            if h["eps_root"] or h["bias_correction_mu"] != h["bias_correction_nu"]:
                return None
            return ("amsgrad_optax" if h["bias_correction_mu"] else "amsgrad", adam)
        case "optax.novograd":
            return None if h["eps_root"] else ("novograd", adam + ["weight_decay"])
        case "optax.optimistic_gradient_descent":
            h["alpha"] = h["rho"]  # RENAMED took it for an average's weight
            return ("optimistic_gradient_descent", base + ["alpha", "beta"])
        case "optax.sign_sgd":
            return ("sign_sgd", base)
        case "optax.signum":
            return ("signum", base + ["beta"])
    return None


def arguments(call, given):
    merged = {**DEFAULTS[call], **given}
    named = {RENAMED.get(key, key): value for key, value in merged.items()}
    for pair, names in (
        ("betas", ("beta1", "beta2")),
        ("etas", ("down", "up")),
        ("step_sizes", ("smallest", "largest")),
    ):
        if pair in named:
            named.update(zip(names, named.pop(pair)))
    return named


def main(folder):
    count = 0
    with open(os.path.join(folder, "equals.jsonl"), "w") as out:
        for file in ("oracles.jsonl", "oracles-more.jsonl"):
            with open(os.path.join(folder, file)) as lines:
                runs = [json.loads(line) for line in lines]
            for run in runs:
                call = run["library"] + "." + run["optimizer"]
                if call not in DEFAULTS:
                    continue
                named = arguments(call, run["hyper"])
                chosen = choose(call, named)
                if chosen is not None:
                    rule, taken = chosen
                    line = dict(
                        rule=rule, hyper={key: named[key] for key in taken}, oracle=run["id"]
                    )
                    out.write(json.dumps(line) + "\n")
                    count += 1
    print(count, "pairs in equals.jsonl")


if __name__ == "__main__":
    main(sys.argv[1])
