using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>native/cuda/solver_update.cu.</summary>
[OperatorFor<CudaDevice, SolverUpdateSpec>]
internal sealed class CudaSolverUpdate(CudaDevice device, SolverUpdateSpec spec) : SolverUpdate(device)
{
    private readonly CudaKernel _update = new(device, KernelSignatures.SolverUpdate);

    public override void Update(SolverStep step, Tensor weights, Tensor diff, Tensor history, Tensor? secondHistory)
    {
        CheckCounts(spec, weights, diff, history, secondHistory);
        Layout layout = Tensor.CommonLayout(weights, diff, history, secondHistory);
        _update.LaunchMap(spec.Count, KernelArgument.Of(spec.Describe(step)), weights.ReadWrite(Device, layout),
            diff.ReadWrite(Device, layout), history.ReadWrite(Device, layout),
            spec.HasSecondHistory ? secondHistory!.ReadWrite(Device, layout) : 0);
    }
}
