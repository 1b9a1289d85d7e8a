using System.Globalization;
using Atl.Devices;
using Atl.Devices.Cpu;
using Atl.Native;
using Atl.Operators;

namespace Atl.Benchmarks;

/// <summary>One pass of one convolution, bare, by all who can compute it: oneDNN directly and by its Winograd where it
/// has one, and as Atl chooses.</summary>
internal sealed class ConvolutionCandidates : IDisposable
{
    private readonly ConvolutionGeometry _geometry;
    private readonly ConvolutionPass _pass;
    private readonly Candidate _direct, _ours;
    private readonly Candidate? _winograd;

    public ConvolutionCandidates(ConvolutionGeometry geometry, bool bias, bool training, ConvolutionPass pass)
    {
        (_geometry, _pass) = (geometry, pass);
        _direct = Make(ConvolutionAlgorithm.Direct);
        _ours = Distinct(Make(ConvolutionAlgorithm.Auto)) ?? _direct;
        _winograd = Distinct(Make(ConvolutionAlgorithm.OneDnnWinograd));

        Candidate Make(ConvolutionAlgorithm algorithm) =>
            new(new NativeConvolution((CpuDevice)Device.Cpu, geometry, bias, training, algorithm));

        Candidate? Distinct(Candidate made)
        {
            if (made.Convolution.Algorithm(pass) != _direct.Convolution.Algorithm(pass)) return made;
            made.Convolution.Dispose();
            return null;
        }
    }

    /// <summary>The least time in milliseconds of oneDNN's direct convolution.</summary>
    public double Direct => _direct.Best;

    /// <summary>The least time in milliseconds of oneDNN by its faster algorithm.</summary>
    public double OneDnn => Math.Min(_direct.Best, _winograd?.Best ?? double.PositiveInfinity);

    /// <summary>The least time in milliseconds of what Atl chooses.</summary>
    public double Ours => _ours.Best;

    /// <summary>Runs each so often.</summary>
    public void Round(int runs)
    {
        foreach (Candidate candidate in All)
            candidate.Best = Math.Min(candidate.Best, candidate.Convolution.Time(_pass, runs).TotalMilliseconds);
    }

    /// <summary>What each takes, how many billions of operations of the definition that are a second, and how Atl's
    /// compares.</summary>
    public override string ToString()
    {
        ConvolutionGeometry g = _geometry;
        double operations = 2.0 * g.Images * g.OutputChannels * (g.InputChannels / g.Groups) * g.Kernel.Count;
        for (int axis = 0; axis < g.Input.NumAxes; axis++)
            operations *= (g.Input[axis] + 2 * g.Pad[axis] - g.Window(axis)) / g.Stride[axis] + 1;
        string times = string.Join(", ", All.Select(candidate => string.Create(
            CultureInfo.InvariantCulture,
            $"{candidate.Convolution.Algorithm(_pass)} {candidate.Best:F2} ms "
                + $"({operations / candidate.Best / 1e6:F0} GFLOP/s)")));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{g.InputChannels} -> {g.OutputChannels}, {string.Join('x', g.Input)}, stride {g.Stride[0]}, "
                + $"{_pass}: {times}; ours by direct {Ours / Direct:F2}")
            + (_winograd is null ? ""
                : string.Create(CultureInfo.InvariantCulture, $", by oneDNN's Winograd {Ours / _winograd.Best:F2}"));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Candidate candidate in All) candidate.Convolution.Dispose();
    }

    private IEnumerable<Candidate> All => new[] { _direct, _winograd, _ours }.OfType<Candidate>().Distinct();

    private sealed class Candidate(NativeConvolution convolution)
    {
        public NativeConvolution Convolution { get; } = convolution;

        public double Best { get; set; } = double.PositiveInfinity;
    }
}
