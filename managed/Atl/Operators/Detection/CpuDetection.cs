using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, DetectionSpec>]
internal sealed class CpuDetection(CpuDevice device, DetectionSpec spec) : Detection(device)
{
    private readonly NativeDetection _described = new()
    {
        Images = spec.Images,
        Priors = spec.Priors,
        Classes = spec.Classes,
        Background = spec.Background,
        TopK = spec.TopK,
        KeepTopK = spec.KeepTopK,
        Code = spec.Code,
        ShareLocation = spec.ShareLocation ? 1 : 0,
        VarianceEncoded = spec.VarianceEncoded ? 1 : 0,
        NmsThreshold = spec.NmsThreshold,
        Eta = spec.Eta,
        ScoreThreshold = spec.ScoreThreshold,
    };

    private readonly float[] _rows = new float[Extents.Product(
        "the number of values of all boxes", "detection_output_param.keep_top_k", 7, spec.Images, MostOfAnImage(spec))];

    public override ReadOnlySpan<float> Forward(Tensor locations, Tensor scores, Tensor priors)
    {
        NativeMethods.Check(NativeMethods.DetectionForward(
            _described, locations.Read(Device), scores.Read(Device), priors.Read(Device), _rows.Length / 7, _rows,
            out long count), this, locations, scores, priors);
        return _rows.AsSpan(0, (int)(7 * count));
    }

    private static long MostOfAnImage(DetectionSpec spec)
    {
        long ofClasses = spec.Classes * (spec.TopK < 0 ? spec.Priors : Math.Min(spec.TopK, spec.Priors));
        return spec.KeepTopK < 0 ? ofClasses : Math.Min(spec.KeepTopK, ofClasses);
    }
}
