using System.Runtime.InteropServices;
using Atl.Operators;

namespace Atl.Native;

/// <summary><c>atl_detection</c> of atl/detection.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativeDetection(DetectionSpec spec)
{
    public readonly long Images = spec.Images;
    public readonly long Priors = spec.Priors;
    public readonly long Classes = spec.Classes;
    public readonly long Background = spec.Background;
    public readonly long TopK = spec.TopK;
    public readonly long KeepTopK = spec.KeepTopK;
    public readonly BoxCode Code = spec.Code;
    public readonly int ShareLocation = spec.ShareLocation ? 1 : 0;
    public readonly int VarianceEncoded = spec.VarianceEncoded ? 1 : 0;
    public readonly float NmsThreshold = spec.NmsThreshold;
    public readonly float Eta = spec.Eta;
    public readonly float ScoreThreshold = spec.ScoreThreshold;
}
