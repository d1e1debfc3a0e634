"""The models of vit_bench.ts in plain PyTorch: measures a case given as JSON, prints time, loss."""

import json
import math
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

from step_bench import LayerScale, Mlp, PatchEmbed, SwiGlu


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x):
        B, N, D = x.shape
        qkv = self.qkv(x).reshape(B, N, 3, self.heads, D // self.heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv.unbind(0)
        x = F.scaled_dot_product_attention(q, k, v)
        return self.proj(x.transpose(1, 2).reshape(B, N, D))


class Block(nn.Module):
    def __init__(self, width, heads, ffn):
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.attn = Attention(width, heads)
        self.ls1 = LayerScale(width)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.mlp = Mlp(width) if ffn == "mlp" else SwiGlu(width)
        self.ls2 = LayerScale(width)

    def forward(self, x):
        x = x + self.ls1(self.attn(self.norm1(x)))
        return x + self.ls2(self.mlp(self.norm2(x)))


class VisionTransformer(nn.Module):
    def __init__(self, width, depth, heads, image, patch, ffn):
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + (image // patch) ** 2, width))
        self.patch_embed = PatchEmbed(width, patch)
        self.blocks = nn.ModuleList([Block(width, heads, ffn) for _ in range(depth)])
        self.norm = nn.LayerNorm(width, eps=1e-6)

    def forward(self, x):
        x = self.patch_embed(x)
        x = torch.cat([self.cls_token.expand(x.shape[0], -1, -1), x], 1) + self.pos_embed
        for block in self.blocks:
            x = block(x)
        return self.norm(x)


def wave(shape, phase, scale=1.0, device=None):
    k = torch.arange(math.prod(shape), dtype=torch.float64, device=device)
    return (scale * torch.sin(0.37 * k + phase)).float().reshape(shape)


def fill(module):
    with torch.no_grad():
        for i, (name, p) in enumerate(sorted(module.named_parameters())):
            p.copy_(wave(p.shape, 0.11 * i, 0.1, p.device) + (1 if name.endswith("gamma") else 0))
    return module


def build(spec):
    if spec["depth"] == 0:
        return Block(spec["width"], spec["heads"], spec["ffn"])
    side = spec["input"][-1]
    return VisionTransformer(spec["width"], spec["depth"], spec["heads"], side, spec["patch"], spec["ffn"])


def measure(spec):
    device = torch.device(spec["device"])
    if spec["threads"]:
        torch.set_num_threads(spec["threads"])
    with device:
        module = fill(build(spec))
    x = wave(spec["input"], 0.0, device=device)
    wait = torch.cuda.synchronize if device.type == "cuda" else lambda: None

    def step():
        with torch.autocast(device.type, torch.bfloat16, enabled=spec["dtype"] == "bfloat16"):
            loss = module(x).float().square().mean()
        if spec["backward"]:
            module.zero_grad()
            loss.backward()
        return loss

    def milliseconds():
        wait()
        start = time.perf_counter()
        for _ in range(spec["iterations"]):
            step()
        wait()
        return 1e3 * (time.perf_counter() - start) / spec["iterations"]

    with torch.set_grad_enabled(spec["backward"]):
        loss = step().item()
        return {"loss": loss, "ms": min(milliseconds() for _ in range(spec["rounds"]))}


if __name__ == "__main__":
    print(json.dumps(measure(json.loads(sys.argv[1]))))
