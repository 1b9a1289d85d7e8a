using System.Runtime.InteropServices;
using Atl.Devices;
using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

/// <summary>
/// A native convolution with its weights: brings tensors into the layouts that each pass asks for, and keeps the
/// weights in the order that it wants for as long as they do not change. In training they change between any two
/// passes, so there they are packed into scratch memory.
/// </summary>
internal sealed class NativeConvolution : IDisposable
{
    private readonly CpuDevice _device;
    private readonly ConvolutionHandle _handle;
    private readonly NativeConvolutionPlan?[] _plans = new NativeConvolutionPlan?[3];
    private readonly PackedWeights[] _packed = [new(), new()];
    private readonly bool _training;

    public NativeConvolution(
        CpuDevice device, ConvolutionGeometry geometry, bool bias, bool training,
        ConvolutionAlgorithm algorithm = ConvolutionAlgorithm.Auto)
    {
        _device = device;
        _training = training;
        ConvolutionHandle? made = null;
        NativeMethods.Check(NativeGeometry.Describe(geometry, bias, training, algorithm,
            (in NativeConvolutionShape shape) =>
            NativeMethods.ConvolutionCreate(shape, out made)));
        _handle = made!.Counted();
    }

    /// <summary>y = w * x + bias.</summary>
    public void Forward(Tensor x, Tensor weights, Tensor? bias, Tensor y)
    {
        NativeConvolutionPlan plan = Plan(ConvolutionPass.Forward);
        using Workspace.Loan scratch = _device.Workspace.Borrow(ScratchBytes(plan));
        using LayoutAccess from = LayoutAccess.Read(_device, x, plan.XLayout),
            to = LayoutAccess.Write(_device, y, plan.YLayout);
        nint w = Weights(ConvolutionPass.Forward, plan, weights, scratch.Pointer);
        NativeMethods.Check(NativeMethods.ConvolutionForward(_handle, from.Pointer, w, bias?.Read(_device)
            ?? 0, to.Pointer, scratch.Pointer), this, x, weights, bias, y);
        to.Finish();
    }

    /// <summary>dx from dy.</summary>
    public void BackwardData(Tensor dy, Tensor weights, Tensor dx)
    {
        NativeConvolutionPlan plan = Plan(ConvolutionPass.BackwardData);
        using Workspace.Loan scratch = _device.Workspace.Borrow(ScratchBytes(plan));
        using LayoutAccess from = LayoutAccess.Read(_device, dy, plan.YLayout),
            to = LayoutAccess.Write(_device, dx, plan.XLayout);
        nint w = Weights(ConvolutionPass.BackwardData, plan, weights, scratch.Pointer);
        NativeMethods.Check(NativeMethods.ConvolutionBackwardData(_handle, from.Pointer, w, to.Pointer,
            scratch.Pointer), this, dy, weights, dx);
        to.Finish();
    }

    /// <summary>Adds to dWeights, and to dBias where it is wanted.</summary>
    public void BackwardWeights(Tensor x, Tensor dy, Tensor dWeights, Tensor? dBias)
    {
        NativeConvolutionPlan plan = Plan(ConvolutionPass.BackwardWeights);
        using Workspace.Loan scratch = _device.Workspace.Borrow(plan.Workspace);
        using LayoutAccess px = LayoutAccess.Read(_device, x, plan.XLayout),
            pdy = LayoutAccess.Read(_device, dy, plan.YLayout);
        NativeMethods.Check(NativeMethods.ConvolutionBackwardWeights(
            _handle, px.Pointer, pdy.Pointer, dWeights.ReadWrite(_device), dBias?.ReadWrite(_device)
            ?? 0, scratch.Pointer), this, x, dy, dWeights, dBias);
    }

    /// <summary>The name of what computes a pass.</summary>
    public string Algorithm(ConvolutionPass pass)
    {
        string name = Marshal.PtrToStringUTF8(Plan(pass).Algorithm) ?? "";
        GC.KeepAlive(this);
        return name;
    }

    /// <summary>The minimum time that the bare computation of a pass takes in so many runs.</summary>
    public TimeSpan Time(ConvolutionPass pass, int runs)
    {
        NativeMethods.Check(NativeMethods.ConvolutionTime(_handle, pass, runs, out double seconds));
        return TimeSpan.FromSeconds(seconds);
    }

    /// <summary>Adds the sums of dy over images and pixels to dBias.</summary>
    public static void AddSums(CpuDevice device, Tensor dy, int channelAxis, Tensor dBias)
    {
        (long n, long c, long spatial, Layout layout) = View(dy, channelAxis);
        NativeMethods.Check(NativeMethods.ChannelSum(n, c, spatial, layout, dy.Read(device, layout),
            dBias.ReadWrite(device)), dy, dBias);
    }

    /// <summary>Adds a bias to every pixel of y.</summary>
    public static void AddBias(CpuDevice device, Tensor bias, int channelAxis, Tensor y)
    {
        (long n, long c, long spatial, Layout layout) = View(y, channelAxis);
        NativeMethods.Check(NativeMethods.ChannelAdd(n, c, spatial, layout, bias.Read(device),
            y.ReadWrite(device, layout)), bias, y);
    }

    public void Dispose()
    {
        foreach (PackedWeights packed in _packed) packed.Block?.Dispose();
        _handle.Dispose();
    }

    private static (long N, long C, long Spatial, Layout Layout) View(Tensor tensor, int channelAxis) =>
        (tensor.Shape.CountOf(0, channelAxis), tensor.Shape[channelAxis], tensor.Shape.CountFrom(channelAxis + 1),
            channelAxis == 1 ? tensor.Layout : Layout.Plain);

    private static long Aligned(long bytes) => (bytes + 63) / 64 * 64;

    private long ScratchBytes(NativeConvolutionPlan plan) =>
        Aligned(plan.Workspace) + (_training ? plan.PackedWeights * sizeof(float) : 0);

    private NativeConvolutionPlan Plan(ConvolutionPass pass)
    {
        if (_plans[(int)pass] is { } known) return known;
        NativeMethods.Check(NativeMethods.ConvolutionGetPlan(_handle, pass, out NativeConvolutionPlan plan));
        _plans[(int)pass] = plan;
        return plan;
    }

    private nint Weights(ConvolutionPass pass, NativeConvolutionPlan plan, Tensor weights, nint scratch)
    {
        nint plain = weights.Read(_device);
        if (plan.PackedWeights == 0) return plain;
        if (_training)
        {
            nint lent = scratch + (nint)Aligned(plan.Workspace);
            NativeMethods.Check(NativeMethods.ConvolutionPack(_handle, pass, plain, lent), this, weights);
            return lent;
        }
        PackedWeights packed = _packed[(int)pass];
        packed.Block ??= _device.Allocate(plan.PackedWeights * sizeof(float));
        if (packed.Source != weights.Memory || packed.Version != weights.Version)
        {
            NativeMethods.Check(NativeMethods.ConvolutionPack(_handle, pass, plain, packed.Block.Pointer), this,
                weights);
            packed.Source = weights.Memory;
            packed.Version = weights.Version;
        }
        return packed.Block.Pointer;
    }

    private sealed class PackedWeights
    {
        public MemoryBlock? Block { get; set; }

        public SyncedMemory? Source { get; set; }

        public long Version { get; set; }
    }
}
