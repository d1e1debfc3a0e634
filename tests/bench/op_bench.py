"""What one operator call costs from Python: prints nanoseconds per call as JSON."""

import json
import sys
import time

import torch

ROUNDS, CALLS = 5, 20000


def nanoseconds_per_call(call):
    wait()
    start = time.perf_counter()
    for _ in range(CALLS):
        call()
    wait()
    return (time.perf_counter() - start) * 1e9 / CALLS


device = torch.device(sys.argv[1])
wait = torch.cuda.synchronize if device.type == "cuda" else lambda: None
a = torch.ones(4, 4, device=device)
leaf = torch.ones(4, 4, device=device, requires_grad=True)
calls = {
    "add": lambda: a.add(a),
    "add, recorded": lambda: leaf.add(a),
    "matmul": lambda: a.matmul(a),
    "reshape": lambda: a.reshape(2, 8),
}
print(json.dumps({name: min(nanoseconds_per_call(c) for _ in range(ROUNDS)) for name, c in calls.items()}))
