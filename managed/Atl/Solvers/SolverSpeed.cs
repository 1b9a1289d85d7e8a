using System.Diagnostics;

namespace Atl.Solvers;

/// <summary>Samples and iterations a second over training, smoothed so that they follow a change within about ten of
/// them.</summary>
internal sealed class SolverSpeed
{
    private const double Newest = 0.1;

    private long _start;
    private double _secondsPerSample;
    private long _samples = 1;

    public double SamplesPerSecond => _secondsPerSample > 0 ? 1 / _secondsPerSample : 0;

    public double IterationsPerSecond => SamplesPerSecond / _samples;

    public void Start() => _start = Stopwatch.GetTimestamp();

    public void Stop(long samples)
    {
        _samples = Math.Max(1, samples);
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds / _samples;
        _secondsPerSample = _secondsPerSample == 0 ? seconds
            : _secondsPerSample + Newest * (seconds - _secondsPerSample);
    }
}
