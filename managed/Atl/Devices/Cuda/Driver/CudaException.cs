namespace Atl.Devices.Cuda;

/// <summary>A call of the CUDA driver or of cuBLAS that failed: which call, and the error's name in CUDA.</summary>
public sealed class CudaException(string call, int result, string resultName)
    : DeviceException($"{call} failed: {resultName} ({result})")
{
    /// <summary>The C function.</summary>
    public string Call { get; } = call;

    /// <summary>What it returned: a CUresult or cublasStatus_t.</summary>
    public int Result { get; } = result;

    /// <summary>The result's name: <c>CUDA_ERROR_OUT_OF_MEMORY</c>.</summary>
    public string ResultName { get; } = resultName;
}
