using Atl.Devices;
using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>native/cuda/label_logits.cu, a block a sample.</summary>
[OperatorFor<CudaDevice, LabelLogitsSpec>]
internal sealed class CudaLabelLogits(CudaDevice device, LabelLogitsSpec spec) : LabelLogits(device)
{
    private readonly CudaKernel _forward = new(device, KernelSignatures.LabelLogitsForward),
        _backward = new(device, KernelSignatures.LabelLogitsBackward);
    private readonly MemoryBlock _state = device.Allocate(2L * spec.Samples * sizeof(float));
    private LabelConstants _constants = new(1);

    private KernelArgument Logits => KernelArgument.Of(spec.Describe(_constants));

    public override void Forward(Tensor x, Tensor labels, LabelConstants constants, Tensor y)
    {
        _constants = constants;
        nint from = x.Read(Device), label = labels.Read(Device), to = y.WriteOver(x, Device);
        _forward.LaunchBlocks(spec.Samples, Logits, from, label, to, _state.Pointer);
    }

    public override void Backward(Tensor x, Tensor labels, Tensor dy, Tensor dx)
    {
        nint logits = spec.Hard == 1 ? 0 : x.Read(Device), label = labels.Read(Device), from = dy.Read(Device),
            to = dx.WriteOver(dy, Device);
        _backward.LaunchBlocks(spec.Samples, Logits, logits, label, _state.Pointer, from, to);
    }

    protected override void Dispose(bool disposing) => _state.Dispose();
}
