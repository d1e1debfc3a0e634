import { weightsHelp } from "../cli/weights_flags.ts";

/** What `deno task export --help` prints. */
export const exportHelp = `Write a backbone for other programs, read it back and compare

  deno task export --weights runs/a --format hf --output exported

Flags
${weightsHelp}
  --format NAME          safetensors  the reference's names
                         pth          the same, for torch.load(weights_only=True)
                         hf           a folder for Dinov2Model or Dinov2WithRegistersModel
                         timm         timm's names, for create_model(checkpoint_path=...)
  --output PATH          the file, or the folder for hf
  --help                 this text`;
