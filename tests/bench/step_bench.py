"""
One training step of DINOv2 in plain PyTorch, as a practised user would write it: packed crops, SDPA attention, autocast,
fused AdamW, foreach clipping and EMA. Takes a case as JSON, checks that its losses are Deino's, then measures the step,
eager or compiled as the case says, and prints JSON.
"""

import json
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

STUDENT_TEMPERATURE = 0.1
TOLERANCE = {torch.float32: 1e-5, torch.bfloat16: 2e-2}


# The networks


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x, shapes):
        parts = self.qkv(x).split([batch * tokens for batch, tokens in shapes])
        return self.proj(torch.cat([self.attend(part, *shape) for part, shape in zip(parts, shapes)]))

    def attend(self, qkv, batch, tokens):
        q, k, v = (part.transpose(1, 2) for part in qkv.reshape(batch, tokens, 3, self.heads, -1).unbind(2))
        return F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(batch * tokens, -1)


class Mlp(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc1 = nn.Linear(width, 4 * width)
        self.act = nn.GELU()
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))


class SwiGlu(nn.Module):
    def __init__(self, width):
        super().__init__()
        hidden = (int(4 * width * 2 / 3) + 7) // 8 * 8
        self.w12 = nn.Linear(width, 2 * hidden)
        self.w3 = nn.Linear(hidden, width)

    def forward(self, x):
        gate, value = self.w12(x).chunk(2, -1)
        return self.w3(F.silu(gate) * value)


class LayerScale(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * self.gamma


class Block(nn.Module):
    def __init__(self, width, heads, ffn):
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.attn = Attention(width, heads)
        self.ls1 = LayerScale(width)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.mlp = Mlp(width) if ffn == "mlp" else SwiGlu(width)
        self.ls2 = LayerScale(width)

    def forward(self, xs, kept=(None, None)):
        xs = add_branch(xs, kept[0], lambda x, shapes: self.ls1(self.attn(self.norm1(x), shapes)))
        return add_branch(xs, kept[1], lambda x, _: self.ls2(self.mlp(self.norm2(x))))


def add_branch(xs, kept, branch):
    """Adds a residual branch to crop groups packed into one matrix; with `kept`, to these sequences of each group alone."""
    parts = xs if kept is None else [x.index_select(0, rows) for x, rows in zip(xs, kept)]
    shapes = [part.shape[:2] for part in parts]
    packed = torch.cat([part.flatten(0, 1) for part in parts])
    residuals = branch(packed, shapes).split([batch * tokens for batch, tokens in shapes])
    residuals = [residual.reshape(part.shape) for residual, part in zip(residuals, parts)]
    if kept is None:
        return [x + residual for x, residual in zip(xs, residuals)]
    return [
        x.index_add(0, rows, residual.to(x.dtype), alpha=x.shape[0] / rows.shape[0])
        for x, rows, residual in zip(xs, kept, residuals)
    ]


class PatchEmbed(nn.Module):
    def __init__(self, width, patch):
        super().__init__()
        self.proj = nn.Conv2d(3, width, patch, patch)

    def forward(self, x):
        # Not self.proj(x): a product rounds as Deino's does, and Adam's first step makes whole steps of rounding.
        images, channels, height, width = x.shape
        side = self.proj.kernel_size[0]
        grid = x.reshape(images, channels, height // side, side, width // side, side)
        patches = grid.permute(0, 2, 4, 1, 3, 5).reshape(images, -1, channels * side**2)
        return F.linear(patches, self.proj.weight.flatten(1, 3), self.proj.bias)


class VisionTransformer(nn.Module):
    def __init__(self, config, sizes):
        super().__init__()
        width, student = sizes["embedDim"], config["student"]
        self.patch, self.offset = student["patch_size"], student["interpolate_offset"]
        self.grid = config["crops"]["global_crops_size"] // self.patch
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + self.grid**2, width))
        self.mask_token = nn.Parameter(torch.zeros(1, width))
        self.patch_embed = PatchEmbed(width, self.patch)
        blocks = [Block(width, sizes["numHeads"], student["ffn_layer"]) for _ in range(sizes["depth"])]
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(width, eps=1e-6)

    def positions(self, grid):
        table = self.pos_embed[:, 1:]
        if grid == self.grid:
            return table
        image = table.reshape(1, self.grid, self.grid, -1).permute(0, 3, 1, 2)
        scale = (grid + self.offset) / self.grid
        return F.interpolate(image, scale_factor=(scale, scale), mode="bicubic").flatten(2).transpose(1, 2)

    def embed(self, images, masks):
        x = self.patch_embed(images)
        if masks is not None:
            x = torch.where(masks.unsqueeze(-1), self.mask_token, x)
        cls = (self.cls_token + self.pos_embed[:, :1]).expand(len(x), -1, -1)
        return torch.cat([cls, x + self.positions(images.shape[-1] // self.patch)], 1)

    def forward(self, groups, masks=None, kept=None):
        xs = [self.embed(images, masks if i == 0 else None) for i, images in enumerate(groups)]
        for i, block in enumerate(self.blocks):
            xs = block(xs) if kept is None else block(xs, kept[i])
        return [self.norm(x) for x in xs]


class Prototypes(nn.Module):
    def __init__(self, bottleneck, prototypes):
        super().__init__()
        self.weight_g = nn.Parameter(torch.ones(prototypes, 1))
        self.weight_v = nn.Parameter(torch.zeros(prototypes, bottleneck))

    def forward(self, x):
        return F.linear(x, torch._weight_norm(self.weight_v, self.weight_g, 0))


class Head(nn.Module):
    def __init__(self, width, options):
        super().__init__()
        hidden, bottleneck = options["head_hidden_dim"], options["head_bottleneck_dim"]
        widths = [width] + [hidden] * (options["head_nlayers"] - 1) + [bottleneck]
        layers = [[nn.Linear(a, b), nn.GELU()] for a, b in zip(widths, widths[1:])]
        self.mlp = nn.Sequential(*sum(layers, [])[:-1])
        self.last_layer = Prototypes(bottleneck, options["head_n_prototypes"])

    def forward(self, x):
        return self.last_layer(F.normalize(self.mlp(x), dim=-1))


class Network(nn.Module):
    def __init__(self, config, sizes):
        super().__init__()
        self.backbone = VisionTransformer(config, sizes)
        self.dino_head = Head(sizes["embedDim"], config["dino"])
        self.ibot_head = Head(sizes["embedDim"], config["ibot"])

    def scores(self, cls, patches, batch):
        masked = patches.flatten(0, 1).index_select(0, batch["indices"])
        return self.dino_head(cls), self.ibot_head(masked)[: len(batch["weights"])]


# The losses


def sinkhorn(logits, temperature):
    q = (logits.float() / temperature).exp().t()
    q = q / q.sum()
    for _ in range(3):
        q = q / q.sum(1, keepdim=True) / logits.shape[1]
        q = q / q.sum(0, keepdim=True) / logits.shape[0]
    return (q * logits.shape[0]).t()


def log_probabilities(logits):
    return F.log_softmax(logits.float() / STUDENT_TEMPERATURE, -1)


def global_loss(student, targets):
    return -(log_probabilities(student) * targets).sum() / len(student)


def local_loss(student, targets):
    both = targets.reshape(2, -1, targets.shape[1]).sum(0)
    return -(log_probabilities(student).reshape(-1, *both.shape) * both).sum() / len(both)


def ibot_loss(student, targets, weights, crops):
    return -((log_probabilities(student) * targets).sum(-1) * weights).sum() / crops


def koleo_loss(features):
    x = F.normalize(features.float(), eps=1e-8)
    with torch.no_grad():
        nearest = (x @ x.t()).masked_fill(torch.eye(len(x), device=x.device, dtype=torch.bool), -1).argmax(1)
    return -(F.pairwise_distance(x, x[nearest], eps=1e-8) + 1e-8).log().mean()


# The step


class Trainer:
    def __init__(self, case, weights):
        self.config, self.device = case["config"], torch.device(case["device"])
        with torch.device("meta"):
            self.student, self.teacher = (Network(self.config, case["sizes"]) for _ in range(2))
        self.student.to_empty(device=self.device).load_state_dict(weights)
        self.teacher.to_empty(device=self.device).load_state_dict(weights)
        self.teacher.requires_grad_(False)
        named, optim = dict(self.student.named_parameters()), self.config["optim"]
        self.groups = case["groups"]
        groups = [{"params": [named[name] for name in group["names"]]} for group in self.groups]
        betas = (optim["adamw_beta1"], optim["adamw_beta2"])
        self.optimizer = torch.optim.AdamW(groups, betas=betas, fused=True)
        self.losses = [sinkhorn, global_loss, local_loss, ibot_loss]

    def compile(self):
        """Compiles each block, head and loss: what a block costs to compile is paid once for all that are alike."""
        for network in (self.student, self.teacher):
            for module in (*network.backbone.blocks, network.dino_head, network.ibot_head):
                module.compile()
        self.losses = [torch.compile(loss) for loss in self.losses]

    def forward(self, batch, kept, temperature, dtype):
        sinkhorn, global_loss, local_loss, ibot_loss = self.losses
        precision = torch.autocast(self.device.type, dtype, enabled=dtype != torch.float32)
        global_crops, local_crops, masks = batch["global_crops"], batch["local_crops"], batch["masks"]
        with torch.no_grad():
            with precision:
                (seen,) = self.teacher.backbone([global_crops])
                cls = torch.cat(seen[:, 0].chunk(2)[::-1])
                cls_scores, patch_scores = self.teacher.scores(cls, seen[:, 1:], batch)
            cls_targets = sinkhorn(cls_scores, temperature)
            patch_targets = sinkhorn(patch_scores, temperature)
        with precision:
            whole, parts = self.student.backbone([global_crops, local_crops], masks, kept)
            cls, local = whole[:, 0], len(parts)
            scores, patch_scores = self.student.scores(torch.cat([parts[:, 0], cls]), whole[:, 1:], batch)

        pairs = 2 + 4 * local // len(cls)
        losses = {
            "dino_global_crops_loss": global_loss(scores[local:], cls_targets) * 2 / pairs,
            "dino_local_crops_loss": local_loss(scores[:local], cls_targets) / pairs,
        }
        koleo = sum(koleo_loss(features) for features in cls.chunk(2)) * self.config["dino"]["koleo_loss_weight"]
        ibot = ibot_loss(patch_scores, patch_targets, batch["weights"], len(cls))
        dino = sum(losses.values()) * self.config["dino"]["loss_weight"]
        total = dino + koleo + ibot * self.config["ibot"]["loss_weight"]
        return total, {**losses, "koleo_loss": koleo / 2, "ibot_loss": ibot / 2}

    def step(self, batch, kept, schedule, dtype):
        total, losses = self.forward(batch, kept, schedule["teacher_temp"], dtype)
        self.optimizer.zero_grad()
        total.backward()
        for part in self.student.children():
            nn.utils.clip_grad_norm_(part.parameters(), self.config["optim"]["clip_grad"], foreach=True)
        for group, own in zip(self.optimizer.param_groups, self.groups):
            rate = schedule["last_layer_lr" if own["isLastLayer"] else "lr"]
            group["lr"] = rate * own["lrMultiplier"]
            group["weight_decay"] = schedule["wd"] * own["wdMultiplier"]
        self.optimizer.step()
        with torch.no_grad():
            pairs = [list(network.parameters()) for network in (self.teacher, self.student)]
            torch._foreach_lerp_(*pairs, 1 - schedule["mom"])
        return losses

    def kept(self, permutations, crops):
        """For each block and branch the sequences it keeps of each group: `permutations` is `[branches, 2B + nB]`."""
        if len(permutations) == 0:
            return None
        rate = self.config["student"]["drop_path_rate"]
        rows = torch.as_tensor(permutations).to(self.device, non_blocking=True)
        groups = [rows[:, :crops], rows[:, crops:]]
        branches = list(zip(*(group[:, : max(int(group.shape[1] * (1 - rate)), 1)].unbind() for group in groups)))
        return list(zip(branches[::2], branches[1::2]))

    def draw(self, rng, batch):
        """Random permutations of the batch, drawn on the host: one upload costs less than many small kernels."""
        branches = len(batch["permutations"])
        sizes = [len(batch["global_crops"]), len(batch["local_crops"])]
        ordered = [np.tile(np.arange(n, dtype=np.int32), (branches, 1)) for n in sizes]
        return np.concatenate([rng.permuted(rows, axis=1) for rows in ordered], 1)


# The bench


def read_safetensors(path):
    raw = np.memmap(path, mode="r")
    start = 8 + int.from_bytes(raw[:8].tobytes(), "little")
    types = {"F32": np.float32, "I64": np.int64, "I32": np.int32, "BOOL": np.bool_}
    tensors = {}
    for name, entry in json.loads(raw[8:start].tobytes()).items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            values = raw[start + begin : start + end].view(types[entry["dtype"]])
            tensors[name] = torch.from_numpy(np.array(values).reshape(entry["shape"]))
    return tensors


def under(tensors, prefix):
    return {name[len(prefix) :]: value for name, value in tensors.items() if name.startswith(prefix)}


def require_equal(losses, expected, dtype, sides):
    for name, value in expected.items():
        own = float(losses[name].detach())
        if not abs(own - value) <= TOLERANCE[dtype] * (abs(value) + 0.1):
            raise ValueError(f"{name} is {value} in {sides[0]} and {own} in {sides[1]}: they are not timed")


def measure(trainer, batch, case, dtype):
    rng, schedule, crops = np.random.default_rng(0), case["schedule"], len(batch["global_crops"])
    on_gpu = trainer.device.type == "cuda"
    wait = torch.cuda.synchronize if on_gpu else lambda: None

    def milliseconds(steps):
        wait()
        start = time.perf_counter()
        for _ in range(steps):
            trainer.step(batch, trainer.kept(trainer.draw(rng, batch), crops), schedule, dtype)
        wait()
        return 1e3 * (time.perf_counter() - start) / steps

    milliseconds(case["warmUp"])
    if on_gpu:
        torch.cuda.reset_peak_memory_stats()
    ms = min(milliseconds(case["iterations"]) for _ in range(case["rounds"]))
    return {"ms": ms, "peak": torch.cuda.max_memory_allocated() if on_gpu else None}


def measure_compiled(trainer, batch, case, dtype):
    def losses():
        kept = trainer.kept(batch["permutations"], len(batch["global_crops"]))
        return trainer.forward(batch, kept, case["schedule"]["teacher_temp"], dtype)[1]

    try:
        eager = {name: loss.item() for name, loss in losses().items()}
        trainer.compile()
        require_equal(losses(), eager, dtype, ("eager PyTorch", "compiled PyTorch"))
        return measure(trainer, batch, case, dtype)
    except Exception as error:  # a machine may lack what the compiler needs
        return {"error": (str(error).strip() or type(error).__name__).split("\n")[0]}


def main():
    case = json.loads(sys.argv[1])
    torch.set_num_threads(case["threads"])
    torch.backends.cudnn.allow_tf32 = False
    tensors = read_safetensors(case["check"])
    trainer = Trainer(case, under(tensors, "student."))

    def on_device(batch):
        return {name: value.to(trainer.device) for name, value in batch.items()}

    for i, step in enumerate(case["steps"]):
        batch, dtype = on_device(under(tensors, f"{i}.")), getattr(torch, step["dtype"])
        kept = trainer.kept(batch["permutations"], len(batch["global_crops"]))
        losses = trainer.step(batch, kept, step["schedule"], dtype)
        require_equal(losses, step["losses"], dtype, (f"step {i} of Deino", "PyTorch"))
    batch, dtype = on_device(read_safetensors(case["timed"])), getattr(torch, case["dtype"])
    run = measure if case["mode"] == "eager" else measure_compiled
    print(json.dumps(run(trainer, batch, case, dtype)))


if __name__ == "__main__":
    main()
