"""Makes models of transformers and timm with random weights, and runs exported ones: the other side of a round trip.

python libraries.py make SPECS   saves each model's weights at its path, and inputs of its sizes with features at its features
python libraries.py run SPECS    loads each path, and adds features to the inputs that lie at features
"""
import json
import sys

import torch
from safetensors.torch import load_file, save_file


def build(spec):
    registers, gated = spec["registers"], spec["gated"]
    width, depth, heads = spec["width"], spec["depth"], spec["heads"]
    side, patch = spec["side"], spec["patch"]
    if spec["library"] == "hf":
        import transformers

        family = "Dinov2WithRegisters" if registers else "Dinov2"
        options = {"num_register_tokens": registers} if registers else {}
        config = getattr(transformers, family + "Config")(
            hidden_size=width, num_hidden_layers=depth, num_attention_heads=heads,
            image_size=side, patch_size=patch, use_swiglu_ffn=gated, **options,
        )
        return getattr(transformers, family + "Model")(config)
    from timm.models.vision_transformer import VisionTransformer
    from timm.layers import SwiGLUPacked

    hidden = 8 * ((int(4 * width * 2 / 3) + 7) // 8)
    feed_forward = dict(mlp_layer=SwiGLUPacked, mlp_ratio=2 * hidden / width, act_layer=torch.nn.SiLU) if gated else {}
    return VisionTransformer(
        img_size=side, patch_size=patch, embed_dim=width, depth=depth, num_heads=heads, init_values=1.0,
        num_classes=0, reg_tokens=registers, no_embed_class=registers > 0, dynamic_img_size=True, **feed_forward,
    )


def load(spec):
    if spec["library"] == "timm":
        import timm

        opened = {"timm": timm, "torch": torch}
        exec(spec["python"], opened)
        return opened["model"]
    import transformers

    family = "Dinov2WithRegistersModel" if spec["registers"] else "Dinov2Model"
    model, info = getattr(transformers, family).from_pretrained(spec["path"], output_loading_info=True)
    faults = {key: list(names) for key, names in info.items() if names}
    assert not faults, faults
    return model


@torch.no_grad()
def features(model, images):
    model.eval()
    out = model.forward_features(images) if hasattr(model, "forward_features") else model(images).last_hidden_state
    return out.contiguous()


def main(mode, spec):
    torch.manual_seed(0)
    if mode == "run":
        tensors, model = load_file(spec["features"]), load(spec)
        for name in [name for name in tensors if name.endswith(".input")]:
            tensors[name.replace(".input", ".theirs")] = features(model, tensors[name])
        save_file(tensors, spec["features"])
    else:
        model = build(spec)
        for name, value in model.named_parameters():
            around = 1 if "norm" in name and "weight" in name or "lambda" in name or "gamma" in name else 0
            torch.nn.init.normal_(value, around, 0.1 if around or value.ndim < 2 else 1.5 / spec["width"] ** 0.5)
        tensors = {}
        for rows, columns in spec["sizes"]:
            images = torch.randn(1, 3, rows, columns)
            tensors[f"{rows}x{columns}.input"] = images
            tensors[f"{rows}x{columns}.theirs"] = features(model, images)
        save_file(tensors, spec["features"])
        if spec["library"] == "hf":
            model.save_pretrained(spec["path"])
        else:
            save_file(model.state_dict(), spec["path"])


for model in json.loads(sys.argv[2]):
    main(sys.argv[1], model)
print("true")
