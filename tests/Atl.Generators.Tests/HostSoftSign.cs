using Atl.Devices;
using Atl.Operators;
using Atl.SampleLayers;

namespace Atl.Generators.Tests;

/// <summary>The softsign of up to four elements.</summary>
[OperatorFor<HostDevice, SoftSignSpec>]
internal sealed unsafe class HostSoftSign(Device device, SoftSignSpec spec) : SoftSign(device)
{
    public static bool Serves(SoftSignSpec spec) => spec.Count <= 4;

    public override void Forward(Tensor x, Tensor y)
    {
        float* from = (float*)x.Read(Device), to = (float*)y.Write(Device);
        for (long i = 0; i < spec.Count; i++) to[i] = from[i] / (1 + MathF.Abs(from[i]));
    }

    public override void Backward(Tensor x, Tensor dy, Tensor dx) => throw new NotSupportedException();
}
