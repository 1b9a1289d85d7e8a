using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>The kernels of native/cuda/margin_inner_product.cu; a test holds them against that file.</summary>
internal static class MarginKernels
{
    /// <summary>Threads of a block.</summary>
    public const int Threads = 256;

    /// <summary>Threads of a block that looks for semi-hard samples.</summary>
    public const int MiningThreads = 512;

    public static readonly KernelSignature NormalizeRows = new("atl_margin_normalize_rows_f32", "llp", Threads);
    public static readonly KernelSignature Forward = new("atl_margin_forward_f32", "illlfpppp", Threads);
    public static readonly KernelSignature ForwardSemihard = new("atl_margin_forward_semihard_f32", "illlfpppp", MiningThreads);
    public static readonly KernelSignature Backward = new("atl_margin_backward_f32", "iilllfpppppp", Threads);
    public static readonly KernelSignature ReplaceRows = new("atl_margin_replace_rows_f32", "lllppuup", Threads);
}
