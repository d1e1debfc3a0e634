"""What one operator call costs from Python: prints nanoseconds per call as JSON."""

import json
import time

import torch

ROUNDS, CALLS = 5, 20000


def nanoseconds_per_call(call):
    start = time.perf_counter()
    for _ in range(CALLS):
        call()
    return (time.perf_counter() - start) * 1e9 / CALLS


a = torch.ones(4, 4)
leaf = torch.ones(4, 4, requires_grad=True)
calls = {
    "add": lambda: a.add(a),
    "add, recorded": lambda: leaf.add(a),
    "matmul": lambda: a.matmul(a),
    "reshape": lambda: a.reshape(2, 8),
}
print(json.dumps({name: min(nanoseconds_per_call(c) for _ in range(ROUNDS)) for name, c in calls.items()}))
