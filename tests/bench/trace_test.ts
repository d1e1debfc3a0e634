import { assertEquals } from "@std/assert";
import { countWaits, familyOf } from "./trace.ts";

Deno.test("only waits of CUDA within steps are counted", () => {
  const event = (name: string, ts: number, dur: number, cat: string) => ({
    ...{ ph: "X", name, ts, dur, cat, tid: 1 },
  });
  const traceEvents = [
    event("step", 0, 100, "user_annotation"),
    event("step", 100, 100, "user_annotation"),
    event("step", 0, 300, "gpu_user_annotation"),
    event("cudaStreamSynchronize", 10, 5, "cuda_runtime"),
    event("cudaEventSynchronize", 150, 5, "cuda_runtime"),
    event("cudaStreamSynchronize", 170, 5, "cuda_runtime"),
    event("cudaLaunchKernel", 20, 5, "cuda_runtime"),
    event("cudaDeviceSynchronize", 250, 5, "cuda_runtime"), // which ends the recording
  ];
  assertEquals(countWaits(JSON.stringify({ traceEvents })), 1.5);
});

Deno.test("kernels are told apart by their names, as CUDA and libtorch give them", () => {
  const families = {
    "nvjet_tst_128x256_64x4_2x1_v_bz_coopA_bias_TNN": "products",
    "sm90_xmma_gemm_bf16bf16_bf16f32_f32_tn_n_tilesize128x128x64": "products",
    "aten::addmm": "products",
    "void pytorch_flash::flash_fwd_kernel<Flash_fwd_kernel_traits<64, 128, 128>>": "attention",
    "aten::_scaled_dot_product_flash_attention_for_cpu_backward": "attention",
    "void at::native::(anonymous namespace)::multi_tensor_apply_kernel<…>":
      "optimiser and moving average",
    "void at::native::(anonymous namespace)::vectorized_layer_norm_kernel<float, float>": "norms",
    "void at::native::vectorized_elementwise_kernel<4, at::native::GeluCUDAKernelImpl…>":
      "element by element",
    "void at::native::(anonymous namespace)::cunn_SoftMaxForward<8, float, float>": "softmax",
    "void at::native::(anonymous namespace)::indexSelectLargeIndex<float, long>":
      "rows taken and put back",
    "void at::native::reduce_kernel<512, 1, at::native::ReduceOp<float>>":
      "sums and other reductions",
    "Memcpy HtoD (Pinned -> Device)": "copies",
  };
  for (const [name, family] of Object.entries(families)) assertEquals(familyOf(name), family, name);
});
