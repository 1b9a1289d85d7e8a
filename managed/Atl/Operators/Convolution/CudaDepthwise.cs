using Atl.Devices;
using Atl.Devices.Cuda;
using Atl.Native;

namespace Atl.Operators;

/// <summary>Convolutions whose groups have one input channel each: the depthwise kernels of
/// native/cuda/convolution.cu.</summary>
internal sealed class CudaDepthwise(
    CudaDevice device, NativeConvolutionWindows geometry, long windows, long pixels, long taps)
{
    // A slice of an output channel that keeps a block busy for a while, and the blocks that keep a GPU busy.
    private const long SliceWindows = 4096, EnoughBlocks = 1024;

    private readonly CudaKernel _forward = new(device, KernelSignatures.DepthwiseForward),
        _data = new(device, KernelSignatures.DepthwiseBackwardData),
        _parts = new(device, KernelSignatures.DepthwiseWeightParts),
        _add = new(device, KernelSignatures.DepthwiseWeightsAdd);

    private KernelArgument Geometry => KernelArgument.Of(geometry);

    private long Outputs => geometry.Channels * geometry.Multiplier;

    // The shape alone decides, so that sums are the same in every run.
    private long Slices => Math.Clamp(EnoughBlocks / Outputs, 1, Math.Max(1, geometry.Images * windows / SliceWindows));

    /// <summary>y = w * x + bias; a bias of 0 is none.</summary>
    public void Forward(nint x, nint w, nint bias, nint y) =>
        _forward.LaunchThreads(geometry.Images * Outputs * windows, Geometry, x, w, bias, y);

    /// <summary>dx = the gradient with respect to x.</summary>
    public void BackwardData(nint dy, nint w, nint dx) =>
        _data.LaunchThreads(geometry.Images * geometry.Channels * pixels, Geometry, dy, w, dx);

    /// <summary>dw += the gradient with respect to w.</summary>
    public void BackwardWeights(nint x, nint dy, nint dw)
    {
        using Workspace.Loan parts = device.Workspace.Borrow(Slices * Outputs * taps * sizeof(double));
        _parts.LaunchBlocks(Slices * Outputs, Geometry, Slices, x, dy, parts.Pointer);
        _add.LaunchThreads(Outputs * taps, Outputs * taps, Slices, parts.Pointer, dw);
    }
}
