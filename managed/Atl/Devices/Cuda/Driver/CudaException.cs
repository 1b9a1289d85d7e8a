namespace Atl.Devices.Cuda;

/// <summary>A call of the CUDA driver or of cuBLAS that failed: which call, and the error's name in CUDA.</summary>
/// <param name="call">The C function.</param>
/// <param name="result">What it returned: a CUresult or cublasStatus_t.</param>
/// <param name="resultName">The result's name; null for a result without a known name.</param>
internal sealed class CudaException(string call, int result, string? resultName)
    : DeviceException($"{call} failed: {resultName ?? Unknown} ({result})")
{
    private const string Unknown = "unknown CUDA error";

    /// <summary>The C function.</summary>
    public string Call { get; } = call;

    /// <summary>The returned code: a CUresult or cublasStatus_t.</summary>
    public int Result { get; } = result;

    /// <summary>The result's name: <c>CUDA_ERROR_OUT_OF_MEMORY</c>.</summary>
    public string ResultName { get; } = resultName ?? Unknown;
}
