"""Records optax's learning rates, in float64: python schedules.py > ../schedules-optax.jsonl

A line: id, call (in the language; t is the update's number, from 1), library, version, values: the
rates of updates 1, 2, ...
"""
import json
import jax
jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp
import optax

count = 0


def record(call, schedule, steps=30):
    global count
    count += 1
    values = [float(schedule(jnp.asarray(t, dtype=jnp.float64))) for t in range(steps)]
    print(json.dumps({"id": f"s{count:03}", "call": call, "library": "optax",
                      "version": optax.__version__, "values": values}))


record("optax.exponential_decay(0.1, 10, 0.5)", optax.exponential_decay(0.1, 10, 0.5))
record("exponential_decay(0.1, 0.5, 10)", optax.exponential_decay(0.1, 10, 0.5))
record("optax.exponential_decay(0.1, 7, 0.5, transition_begin=4, staircase=true, end_value=0.02)",
       optax.exponential_decay(0.1, 7, 0.5, transition_begin=4, staircase=True, end_value=0.02))
record("step_decay(0.1, 0.5, 7)", optax.exponential_decay(0.1, 7, 0.5, staircase=True))
record("optax.exponential_decay(0.1, 7, 1.5, end_value=0.3)",
       optax.exponential_decay(0.1, 7, 1.5, end_value=0.3))
record("optax.cosine_decay_schedule(0.1, 20)", optax.cosine_decay_schedule(0.1, 20))
record("cosine(0.1, 20)", optax.cosine_decay_schedule(0.1, 20))
record("optax.cosine_decay_schedule(0.1, 20, alpha=0.1, exponent=1.5)",
       optax.cosine_decay_schedule(0.1, 20, alpha=0.1, exponent=1.5))
record("cosine(0.1, 20, final=0.01)", optax.cosine_decay_schedule(0.1, 20, alpha=0.1))
record("optax.linear_schedule(0.1, 0.01, 15, transition_begin=5)",
       optax.linear_schedule(0.1, 0.01, 15, transition_begin=5))
record("ramp(0.01, 0.1, 12)", optax.linear_schedule(0.01, 0.1, 12))
record("optax.polynomial_schedule(0.1, 0.01, 2, 20, transition_begin=3)",
       optax.polynomial_schedule(0.1, 0.01, 2, 20, transition_begin=3))
record("polynomial(0.1, 20, final=0.01, power=2)", optax.polynomial_schedule(0.1, 0.01, 2, 20))
record("optax.warmup_constant_schedule(0.01, 0.1, 10)", optax.warmup_constant_schedule(0.01, 0.1, 10))
record("optax.warmup_cosine_decay_schedule(0.01, 0.1, 6, 25, end_value=0.001)",
       optax.warmup_cosine_decay_schedule(0.01, 0.1, 6, 25, end_value=0.001))
record("warmup_cosine(0.1, 6, 25, start=0.01, final=0.001)",
       optax.warmup_cosine_decay_schedule(0.01, 0.1, 6, 25, end_value=0.001))
record("optax.cosine_onecycle_schedule(25, 0.1)", optax.cosine_onecycle_schedule(25, 0.1))
record("optax.cosine_onecycle_schedule(28, 0.2, pct_start=0.4, div_factor=10, final_div_factor=100)",
       optax.cosine_onecycle_schedule(28, 0.2, pct_start=0.4, div_factor=10, final_div_factor=100))
