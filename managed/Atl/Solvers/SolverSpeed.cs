using System.Diagnostics;

namespace Atl.Solvers;

/// <summary>Samples a second over training iterations, smoothed so that it follows a change within about ten of them.</summary>
internal sealed class SolverSpeed
{
    private const double Newest = 0.1;

    private long _start;
    private double _secondsPerSample;

    public double PerSecond => _secondsPerSample > 0 ? 1 / _secondsPerSample : 0;

    public void Start() => _start = Stopwatch.GetTimestamp();

    public void Stop(long samples)
    {
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds / Math.Max(1, samples);
        _secondsPerSample = _secondsPerSample == 0 ? seconds : _secondsPerSample + Newest * (seconds - _secondsPerSample);
    }
}
