using System.Runtime.InteropServices;

namespace Atl.Devices.Cuda;

/// <summary>cuBLAS on a device's stream, by its v2 C API, which all versions have. Sums are in float32: TF32 stays off,
/// as it is by default.</summary>
internal sealed partial class Cublas
{
    private static readonly string[] Names =
        ["SUCCESS", "NOT_INITIALIZED", "", "ALLOC_FAILED", "", "", "", "INVALID_VALUE", "ARCH_MISMATCH", "", "",
        "MAPPING_ERROR", "", "EXECUTION_FAILED",
            "INTERNAL_ERROR", "NOT_SUPPORTED", "LICENSE_ERROR"];

    private readonly nint _handle;

    /// <summary>A handle in the current context.</summary>
    /// <exception cref="DeviceException">cuBLAS is missing or refuses.</exception>
    public Cublas(nint stream)
    {
        try
        {
            Check(Create(out _handle), "cublasCreate");
        }
        catch (DllNotFoundException)
        {
            throw new DeviceException(
                $"cuBLAS was not found: expected {string.Join(" or ", CudaLibraries.CublasFiles)} beside the "
                    + "program or on the loader's path");
        }
        int status = SetStream(_handle, stream);
        if (status != 0) _ = DestroyHandle(_handle);
        Check(status, "cublasSetStream");
    }

    /// <summary>c = op(a)·op(b) + beta·c for row-major matrices; c is m × n, the inner extent k.</summary>
    public void Gemm(bool transposeA, bool transposeB, int m, int n, int k, nint a, nint b, float beta, nint c)
    {
        // cuBLAS counts by columns, so it is given the transposed product: cᵀ = op(b)ᵀ·op(a)ᵀ.
        float one = 1;
        Check(Sgemm(_handle, transposeB ? 1 : 0, transposeA ? 1 : 0, n, m, k, in one, b, transposeB
            ? k : n, a, transposeA ? m : k, in beta, c, n),
            "cublasSgemm");
    }

    /// <summary>
    /// <paramref name="count"/> products c = op(a)·op(b) + beta·c of row-major matrices of one size, which lie so many
    /// elements apart; c is m × n, the inner extent k. A step of 0 gives all products the same matrix.
    /// </summary>
    public void GemmBatched(
        bool transposeA, bool transposeB, int m, int n, int k, nint a, long stepA, nint b, long stepB, float beta,
        nint c, long stepC, int count)
    {
        if (count == 1)
        {
            Gemm(transposeA, transposeB, m, n, k, a, b, beta, c);
            return;
        }
        float one = 1;
        Check(SgemmStridedBatched(_handle, transposeB ? 1 : 0, transposeA ? 1 : 0, n, m, k, in one, b, transposeB
            ? k : n, stepB, a, transposeA ? m : k, stepA,
            in beta, c, n, stepC, count), "cublasSgemmStridedBatched");
    }

    /// <summary>Gives the handle up; its context must be current.</summary>
    public void Destroy() => Check(DestroyHandle(_handle), "cublasDestroy");

    private static void Check(int status, string call)
    {
        if (status != 0) throw new CudaException(call, status, "CUBLAS_STATUS_"
            + (status > 0 && status < Names.Length ? Names[status] : "UNKNOWN"));
    }

    [LibraryImport(CudaLibraries.Cublas, EntryPoint = "cublasCreate_v2")]
    private static partial int Create(out nint handle);

    [LibraryImport(CudaLibraries.Cublas, EntryPoint = "cublasDestroy_v2")]
    private static partial int DestroyHandle(nint handle);

    [LibraryImport(CudaLibraries.Cublas, EntryPoint = "cublasSetStream_v2")]
    private static partial int SetStream(nint handle, nint stream);

    [LibraryImport(CudaLibraries.Cublas, EntryPoint = "cublasSgemm_v2")]
    private static partial int Sgemm(
        nint handle, int transposeA, int transposeB, int m, int n, int k, in float alpha, nint a, int lda, nint b,
        int ldb, in float beta, nint c, int ldc);

    [LibraryImport(CudaLibraries.Cublas, EntryPoint = "cublasSgemmStridedBatched")]
    private static partial int SgemmStridedBatched(
        nint handle, int transposeA, int transposeB, int m, int n, int k, in float alpha, nint a, int lda, long stepA,
        nint b, int ldb, long stepB,
            in float beta,
        nint c, int ldc, long stepC, int count);
}
