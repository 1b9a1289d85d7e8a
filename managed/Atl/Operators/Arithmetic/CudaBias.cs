using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>A number for each channel of an N × C × spatial array: its addition, and its gradient.</summary>
internal sealed class CudaBias(CudaDevice device, long n, long channels, long spatial)
{
    private readonly CudaKernel _add = new(device, KernelSignatures.ChannelAdd);
    private readonly CudaChannelSums _sums = new(device, n, channels, spatial);

    /// <summary>y[n, c, s] += bias[c].</summary>
    public void Add(nint bias, nint y) =>
        _add.LaunchMap(n * channels * spatial, n * channels * spatial, channels, spatial, bias, y);

    /// <summary>dBias[c] += Σ dy[n, c, s].</summary>
    public void AddSums(nint dy, nint dBias) => _sums.Add(dy, dBias);
}
