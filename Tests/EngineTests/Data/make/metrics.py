"""Records figures that judge predictions, with scikit-learn: python metrics.py > ../metrics.jsonl

A line: id, call (in the language), data, sklearn (what was evaluated), value.
"""
import json
import numpy as np
import sklearn
from sklearn import metrics as m

count = 0


def record(call, what, value, **data):
    global count
    count += 1
    print(json.dumps({
        "id": f"m{count:03}", "call": call, "sklearn": what, "version": sklearn.__version__,
        "data": {k: np.asarray(v).tolist() for k, v in data.items()},
        "value": np.asarray(value, dtype=float).tolist(),
    }, allow_nan=False))


rng = np.random.default_rng(7)
for n, k in [(12, 3), (40, 5), (9, 4)]:
    y = rng.integers(0, k, n)
    x = np.round(rng.normal(size=(n, k)) + 1.2 * np.eye(k)[y], 3)
    p = x.argmax(1)
    names = list(range(k))
    options = dict(labels=names, average="macro", zero_division=0)
    each = dict(labels=names, average=None, zero_division=0)
    record("accuracy(x, y)", "accuracy_score", m.accuracy_score(y, p), x=x, y=y)
    record("accuracy(p, y)", "accuracy_score", m.accuracy_score(y, p), p=p, y=y)
    record("confusion(x, y)", "confusion_matrix", m.confusion_matrix(y, p, labels=names), x=x, y=y)
    for name, function in [("precision", m.precision_score), ("recall", m.recall_score),
                           ("f1", m.f1_score)]:
        record(f"{name}(x, y)", f"{name}_score(average='macro')", function(y, p, **options), x=x, y=y)
        record(f"{name}(x, y, per_class=true)", f"{name}_score(average=None)",
               function(y, p, **each), x=x, y=y)
    for top in (1, 2, 3):
        record(f"top_k_accuracy(x, y, {top})", "top_k_accuracy_score",
               m.top_k_accuracy_score(y, x, k=top, labels=names), x=x, y=y)
    soft = np.exp(x) / np.exp(x).sum(1, keepdims=True)
    record("perplexity(x, y)", "exp(log_loss)", np.exp(m.log_loss(y, soft, labels=names)), x=x, y=y)

y = rng.integers(0, 2, 30)
q = np.round(np.clip(0.5 + 0.3 * (2 * y - 1) + 0.3 * rng.normal(size=30), 0.01, 0.99), 3)
for name, function in [("accuracy", m.accuracy_score), ("precision", m.precision_score),
                       ("recall", m.recall_score), ("f1", m.f1_score),
                       ("confusion", m.confusion_matrix)]:
    record(f"{name}(q, y)", f"{name}, p > 0.5", function(y, q > 0.5), q=q, y=y)
    record(f"{name}(q, y, threshold=0.7)", f"{name}, p > 0.7", function(y, q > 0.7), q=q, y=y)

t = np.round(rng.normal(size=20), 3)
u = np.round(t + 0.4 * rng.normal(size=20), 3)
record("r2(u, t)", "r2_score", m.r2_score(t, u), u=u, t=t)
record("rmse(u, t)", "root_mean_squared_error", m.root_mean_squared_error(t, u), u=u, t=t)
record("mae(u, t)", "mean_absolute_error", m.mean_absolute_error(t, u), u=u, t=t)
t2, u2 = t.reshape(10, 2), u.reshape(10, 2)
record("r2(u, t)", "r2_score, two outputs", m.r2_score(t2, u2), u=u2, t=t2)
