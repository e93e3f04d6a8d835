"""Numbers that a person gets who makes one slip in a step: each wrong formula is written out here, by
hand and in Python, so that what names the slip is not what made the number.

    python mistaken.py      writes ../../../CommandsTests/Data/mistaken-numbers.txt

One line each: the optimizer | steps taken before | what is asked for | the number typed | the names of
the slip, any of which is right. The problem is always w = [1.5, -2], L = sum([0.5, 1.5]*(w - [3, 1])^2).
"""

import math
import os

CENTRE = [3.0, 1.0]
SCALE = [0.5, 1.5]
START = [1.5, -2.0]
TAKEN = 2  # steps taken before the question; the coming one is t = 3

lines = []


def gradient(w):
    return [2 * a * (x - c) for a, x, c in zip(SCALE, w, CENTRE)]


def ask(optimizer, quantity, number, slips):
    lines.append(f"{optimizer} | {TAKEN} | {quantity} | {number:#.6g} | {slips}")


def run(update, state):
    """The parameter and the state before step 3, by updates without a slip."""
    w = list(START)
    previous = None
    for t in range(1, TAKEN + 1):
        previous = gradient(w)
        w, state = update(w, state, t, gradient)
    return w, state, previous, gradient(w)


# ----- Adam: lr 0.1, β₁ 0.8, β₂ 0.95, ε 0.01
def adam():
    lr, b1, b2, eps = 0.1, 0.8, 0.95, 0.01
    call = "adam(lr=0.1, beta1=0.8, beta2=0.95, eps=0.01)"

    def update(w, s, t, grad):
        m, v = s
        g = grad(w)
        m = [b1 * a + (1 - b1) * b for a, b in zip(m, g)]
        v = [b2 * a + (1 - b2) * b * b for a, b in zip(v, g)]
        return [
            x - lr * (a / (1 - b1**t)) / (math.sqrt(b / (1 - b2**t)) + eps)
            for x, a, b in zip(w, m, v)
        ], (m, v)

    w, (m0, v0), before, g = run(update, ([0, 0], [0, 0]))
    w, m0, v0, before, g, other = w[0], m0[0], v0[0], before[0], g[0], g[1]
    t = 3
    m = b1 * m0 + (1 - b1) * g
    v = b2 * v0 + (1 - b2) * g * g
    mh, vh = m / (1 - b1**t), v / (1 - b2**t)

    ask(call, "m[0]", (1 - b1) * m0 + b1 * g, "swapped-weights")
    ask(call, "m[0]", b1 * m0 + g, "missing-complement")
    ask(call, "m[0]", b1 * m0 + b1 * g, "complement")
    ask(call, "m[0]", b2 * m0 + (1 - b2) * g, "beta2-for-beta1")
    ask(call, "m[0]", b1 * m0 - (1 - b1) * g, "sign")
    ask(call, "m[0]", m0 + (1 - b1) * g, "missing-decay")
    ask(call, "m[0]", b1 * m0 + (1 - b1) * before, "previous-value")
    ask(call, "m[0]", b1 * m0 + (1 - b1) * g / 2, "gradient-half")
    ask(call, "m[0]", b1 * m0 + (1 - b1) * other, "index-swapped")
    ask(call, "v[0]", b2 * v0 + (1 - b2) * g, "missing-square")
    ask(call, "v[0]", b2 * v0 + (1 - b2) * 2 * g, "doubled-for-squared")
    ask(call, "v[0]", b1 * v0 + (1 - b1) * g * g, "beta1-for-beta2")
    ask(call, "v[0]", b2 * v0 + g * g, "missing-complement")
    ask(call, "v[0]", b2 * v0 + ((1 - b2) * g) ** 2, "square-of-product")
    ask(call, "m̂[0]", m, "quantity")
    ask(call, "m̂[0]", m / (1 - b1 ** (t - 1)), "time-off-by-one")
    ask(call, "m̂[0]", m / (1 - b1 ** (t + 1)), "time-off-by-one")
    ask(call, "m̂[0]", m / (1 - b2**t), "beta2-for-beta1")
    ask(call, "m̂[0]", m * (1 - b1**t), "reciprocal")
    ask(call, "m̂[0]", m / (1 - b1), "exponent-left-out")
    ask(call, "m̂[0]", m / (1 - b1 * t), "product-for-power")
    ask(call, "m̂[0]", m / b1**t, "complement")
    ask(call, "m̂[0]", m0 / (1 - b1**t), "old-moment")
    ask(call, "v̂[0]", v / (1 - b1**t), "beta1-for-beta2")
    ask(call, "v̂[0]", v0 / (1 - b2**t), "old-accumulator")
    ask(call, "v̂[0]", v / math.sqrt(1 - b2**t), "root-of-correction")
    ask(call, "w[0]", w + lr * mh / (math.sqrt(vh) + eps), "sign")
    ask(call, "w[0]", w - lr * m / (math.sqrt(vh) + eps), "no-correction")
    ask(call, "w[0]", w - lr * mh / (math.sqrt(v) + eps), "no-correction")
    ask(call, "w[0]", w - lr * m / (math.sqrt(v) + eps), "no-correction")
    ask(call, "w[0]", w - lr * mh / (vh + eps), "missing-root")
    ask(call, "w[0]", w - lr * mh / math.sqrt(vh + eps), "epsilon-inside-root")
    ask(call, "w[0]", w - lr * mh / math.sqrt(vh), "epsilon-left-out")
    ask(call, "w[0]", w - lr * mh / math.sqrt(vh) + eps, "epsilon-outside-fraction")
    ask(call, "w[0]", w - mh / (math.sqrt(vh) + eps), "learning-rate-left-out")
    ask(call, "w[0]", w - lr * g / (math.sqrt(vh) + eps), "unused-state gradient-for-moment")
    ask(
        call,
        "w[0]",
        w - lr * mh / (math.sqrt(v / (1 - b1**t)) + eps),
        "beta1-for-beta2",
    )
    ask(
        call,
        "w[0]",
        w - lr * mh / (math.sqrt((b2 * v0 + (1 - b2) * g) / (1 - b2**t)) + eps),
        "missing-square",
    )
    ask(
        call,
        "w[0]",
        w - lr * mh / (math.sqrt(v0 / (1 - b2**t)) + eps),
        "old-accumulator",
    )
    ask(
        call,
        "w[0]",
        w
        - lr
        * (m / (1 - b1 ** (t - 1)))
        / (math.sqrt(v / (1 - b2 ** (t - 1))) + eps),
        "time-off-by-one",
    )
    ask(call, "w[0]", w - lr / 10 * mh / (math.sqrt(vh) + eps), "decimal-point")


# ----- RMSprop: lr 0.1, ρ 0.8, ε 0.01
def rmsprop():
    lr, rho, eps = 0.1, 0.8, 0.01
    call = "rmsprop(lr=0.1, rho=0.8, eps=0.01)"

    def update(w, v, t, grad):
        g = grad(w)
        v = [rho * a + (1 - rho) * b * b for a, b in zip(v, g)]
        return [x - lr * b / (math.sqrt(a) + eps) for x, a, b in zip(w, v, g)], v

    w, v0, _, g = run(update, [0, 0])
    w, v0, g = w[1], v0[1], g[1]
    v = rho * v0 + (1 - rho) * g * g
    ask(call, "v[1]", (1 - rho) * v0 + rho * g * g, "swapped-weights")
    ask(call, "v[1]", v0 + g * g, "sum-for-average")
    ask(call, "v[1]", rho * v0 + (1 - rho) * g, "missing-square")
    ask(call, "w[1]", w - lr * g / (v + eps), "missing-root")
    ask(call, "w[1]", w - lr * g / math.sqrt(v + eps), "epsilon-inside-root")
    ask(call, "w[1]", w - lr * g / (math.sqrt(v0) + eps), "old-accumulator")
    ask(call, "w[1]", w - lr * g * (math.sqrt(v) + eps), "reciprocal")
    ask(call, "w[1]", w - lr * g / math.sqrt(v) + eps, "epsilon-outside-fraction")


# ----- AdaGrad: lr 0.5, ε 0.01
def adagrad():
    lr, eps = 0.5, 0.01
    call = "adagrad(lr=0.5, eps=0.01)"

    def update(w, s, t, grad):
        g = grad(w)
        s = [a + b * b for a, b in zip(s, g)]
        return [x - lr * b / (math.sqrt(a) + eps) for x, a, b in zip(w, s, g)], s

    w, s0, _, g = run(update, [0, 0])
    w, s0, g = w[0], s0[0], g[0]
    s = s0 + g * g
    ask(call, "G[0]", s0 + g, "missing-square")
    ask(call, "G[0]", g * g, "state-forgotten not-gathered")
    ask(call, "w[0]", w - lr * g / (s + eps), "missing-root")
    ask(call, "w[0]", w - lr * g / (math.sqrt(s0) + eps), "old-accumulator")
    ask(call, "w[0]", w - lr * g, "divisor-left-out")


# ----- Momentum, three ways: lr 0.1, β 0.8
def momentum():
    lr, b = 0.1, 0.8

    def update(w, v, t, grad):
        g = grad(w)
        v = [b * a + c for a, c in zip(v, g)]
        return [x - lr * a for x, a in zip(w, v)], v

    call = "momentum(lr=0.1, beta=0.8)"
    w, v0, _, g = run(update, [0, 0])
    w, v0, g = w[0], v0[0], g[0]
    v = b * v0 + g
    ask(call, "v[0]", b * v0 + (1 - b) * g, "average-for-sum")
    ask(call, "v[0]", v0 + g, "missing-decay")
    ask(call, "v[0]", b * v0 - g, "sign")
    ask(call, "w[0]", w - lr * v0, "old-moment")
    ask(call, "w[0]", w - lr * g, "unused-state gradient-for-moment")
    ask(call, "w[0]", w - lr * (g + b * v), "nesterov-for-plain")
    ask(call, "w[0]", w - v, "learning-rate-left-out")

    def average(w, m, t, grad):
        g = grad(w)
        m = [b * a + (1 - b) * c for a, c in zip(m, g)]
        return [x - lr * a for x, a in zip(w, m)], m

    call = "momentum_ema(lr=0.1, beta=0.8)"
    w, m0, _, g = run(average, [0, 0])
    w, m0, g = w[1], m0[1], g[1]
    m = b * m0 + (1 - b) * g
    ask(call, "m[1]", b * m0 + g, "missing-complement sum-for-average")
    ask(call, "w[1]", w - lr * m / (1 - b**3), "needless-correction")

    def velocity(w, v, t, grad):
        g = grad(w)
        v = [b * a - lr * c for a, c in zip(v, g)]
        return [x + a for x, a in zip(w, v)], v

    call = "momentum_velocity(lr=0.1, beta=0.8)"
    w, v0, _, g = run(velocity, [0, 0])
    w, v0, g = w[0], v0[0], g[0]
    v = b * v0 - lr * g
    ask(call, "v[0]", b * v0 - g, "learning-rate-left-out")
    ask(call, "v[0]", b * v0 + lr * g, "sign")
    ask(call, "w[0]", w - v, "sign")
    ask(call, "w[0]", w + lr * v, "learning-rate-twice")


# ----- AdamW: lr 0.1, β₁ 0.8, β₂ 0.95, ε 0.01, λ 0.1
def adamw():
    lr, b1, b2, eps, decay = 0.1, 0.8, 0.95, 0.01, 0.1
    call = "adamw(lr=0.1, beta1=0.8, beta2=0.95, eps=0.01, weight_decay=0.1)"

    def update(w, s, t, grad):
        m, v = s
        g = grad(w)
        m = [b1 * a + (1 - b1) * b for a, b in zip(m, g)]
        v = [b2 * a + (1 - b2) * b * b for a, b in zip(v, g)]
        return [
            x
            - lr * ((a / (1 - b1**t)) / (math.sqrt(b / (1 - b2**t)) + eps) + decay * x)
            for x, a, b in zip(w, m, v)
        ], (m, v)

    w, (m0, v0), _, g = run(update, ([0, 0], [0, 0]))
    w, m0, v0, g = w[0], m0[0], v0[0], g[0]
    t = 3

    def step(m, v):
        return (m / (1 - b1**t)) / (math.sqrt(v / (1 - b2**t)) + eps)

    m = b1 * m0 + (1 - b1) * g
    v = b2 * v0 + (1 - b2) * g * g
    ask(call, "w[0]", w - lr * step(m, v), "decay-left-out")
    ask(call, "w[0]", w - lr * (step(m, v) - decay * w), "decay-sign")
    ask(call, "w[0]", w - lr * step(m, v) - decay * w, "decay-unscaled")
    coupled = g + decay * w
    ask(
        call,
        "w[0]",
        w - lr * step(b1 * m0 + (1 - b1) * coupled, b2 * v0 + (1 - b2) * coupled**2),
        "coupled-decay",
    )


# ----- AdaMax, Nesterov, Lion
def others():
    lr, b1, b2 = 0.1, 0.8, 0.95
    call = "adamax(lr=0.1, beta1=0.8, beta2=0.95)"

    def update(w, s, t, grad):
        m, u = s
        g = grad(w)
        m = [b1 * a + (1 - b1) * b for a, b in zip(m, g)]
        u = [max(b2 * a, abs(b)) for a, b in zip(u, g)]
        return [x - lr / (1 - b1**t) * a / b for x, a, b in zip(w, m, u)], (m, u)

    w, (m0, u0), _, g = run(update, ([0, 0], [0, 0]))
    w, m0, u0, g = w[1], m0[1], u0[1], g[1]
    m, u = b1 * m0 + (1 - b1) * g, max(b2 * u0, abs(g))
    ask(call, "u[1]", min(b2 * u0, abs(g)), "min-for-max")
    ask(call, "u[1]", max(b2 * u0, g), "absolute-left-out")
    ask(call, "w[1]", w - lr * m / u, "divisor-left-out no-correction exponent-left-out")

    b = 0.8

    def lookahead(w, v, t, grad):
        g = grad([x + b * a for x, a in zip(w, v)])
        v = [b * a - lr * c for a, c in zip(v, g)]
        return [x + a for x, a in zip(w, v)], v

    call = "nesterov_lookahead(lr=0.1, beta=0.8)"
    w, v0, _, g = run(lookahead, [0, 0])
    there = gradient([x + b * a for x, a in zip(w, v0)])
    behind = gradient([x - b * a for x, a in zip(w, v0)])
    ask(call, "v[0]", b * v0[0] - lr * g[0], "lookahead-left-out")
    ask(call, "v[0]", b * v0[0] - lr * behind[0], "lookahead-sign")
    ask(call, "w[0]", w[0] + v0[0], "old-moment")
    ask(call, "v[0]", v0[0] - lr * there[0], "missing-decay")

    def lion(w, m, t, grad):
        g = grad(w)
        c = [b1 * a + (1 - b1) * d for a, d in zip(m, g)]
        m = [b2 * a + (1 - b2) * d for a, d in zip(m, g)]
        return [x - lr * math.copysign(1, a) for x, a in zip(w, c)], m

    call = "lion(lr=0.1, beta1=0.8, beta2=0.95, weight_decay=0)"
    w, m0, _, g = run(lion, [0, 0])
    w, m0, g = w[0], m0[0], g[0]
    ask(call, "m[0]", b1 * m0 + (1 - b1) * g, "other-decay")
    ask(call, "w[0]", w - lr * (b1 * m0 + (1 - b1) * g), "sign-left-out")


for make in (adam, rmsprop, adagrad, momentum, adamw, others):
    make()

here = os.path.dirname(os.path.abspath(__file__))
path = os.path.join(here, "../../../CommandsTests/Data/mistaken-numbers.txt")
with open(path, "w") as out:
    out.write(
        "# Numbers with one slip each, written by OptimizersTests/Data/make/mistaken.py.\n"
        "# optimizer | steps taken | what is asked for | the number typed | names of the slip\n"
    )
    out.write("\n".join(lines) + "\n")
