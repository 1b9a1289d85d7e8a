using System.Text.Json.Serialization;
using Atl.Face.Verification;

namespace Atl.Face.Runs;

/// <summary>One line of a run's log (<see cref="RunLog"/>).</summary>
/// <param name="Iteration">The solver's iteration.</param>
/// <param name="Time">Seconds since 1970.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RunStart), "start")]
[JsonDerivedType(typeof(TrainReading), "train")]
[JsonDerivedType(typeof(TestReading), "test")]
[JsonDerivedType(typeof(AngleReading), "angles")]
[JsonDerivedType(typeof(SnapshotReading), "snapshot")]
internal abstract record RunEntry([property: JsonRequired] int Iteration, double Time)
{
    /// <summary>The value that no run can have, in an entry that was read; null if there is none.</summary>
    internal virtual string? Fault => Iteration < 0 ? $"iteration {Iteration}, expected 0 or more" : null;
}

/// <summary>Training begins, or goes on from a snapshot: what the log holds of this iteration and later ones is
/// void.</summary>
/// <param name="Iteration">The first iteration that is run.</param>
/// <param name="Time">Seconds since 1970.</param>
/// <param name="Net">The net's name.</param>
/// <param name="Facts">What else is known of the run (solver, batch, machine …), in the order in which it is to be
/// shown.</param>
internal sealed record RunStart(
    int Iteration, double Time, [property: JsonRequired] string Net,
    [property: JsonRequired] IReadOnlyDictionary<string, string> Facts) : RunEntry(Iteration, Time)
{
    internal override string? Fault =>
        base.Fault ?? (Facts.Values.Contains(null) ? "a fact is null, expected text" : null);
}

/// <summary>The result of one iteration of training.</summary>
/// <param name="Iteration">The iteration, from 0.</param>
/// <param name="Time">Seconds since 1970.</param>
/// <param name="Loss">The loss.</param>
/// <param name="LearningRate">The learning rate, where known.</param>
/// <param name="Lambda">λ of the margin layer, where the net has one.</param>
/// <param name="IterationsPerSecond">Iterations a second, where known.</param>
/// <param name="ImagesPerSecond">Training samples a second, where known.</param>
/// <param name="Outputs">The net's outputs by name.</param>
internal sealed record TrainReading(
    int Iteration, double Time, [property: JsonRequired] double Loss, double? LearningRate, double? Lambda,
    double? IterationsPerSecond, double? ImagesPerSecond,
    [property: JsonRequired] IReadOnlyDictionary<string, double> Outputs) : RunEntry(Iteration, Time);

/// <summary>The result of a test net.</summary>
/// <param name="Iteration">How many updates the weights had seen.</param>
/// <param name="Time">Seconds since 1970.</param>
/// <param name="Net">The number of the test net.</param>
/// <param name="Outputs">The means of its outputs by name.</param>
internal sealed record TestReading(
    int Iteration, double Time, [property: JsonRequired] int Net,
    [property: JsonRequired] IReadOnlyDictionary<string, double> Outputs) : RunEntry(Iteration, Time)
{
    internal override string? Fault => base.Fault ?? (Net < 0 ? $"test net {Net}, expected 0 or more" : null);
}

/// <summary>Histograms of the angles in a batch (<see cref="BatchAngles"/>), as <see cref="AngleHistogram"/> counts
/// them.</summary>
/// <param name="Iteration">The iteration of the batch.</param>
/// <param name="Time">Seconds since 1970.</param>
/// <param name="OwnCentre">Between a sample and its class's row.</param>
/// <param name="OtherCentre">Between a sample and the nearest row of another class.</param>
/// <param name="Genuine">Between two samples of one class.</param>
/// <param name="Impostor">Between two samples of two classes.</param>
internal sealed record AngleReading(
    int Iteration, double Time, [property: JsonRequired] IReadOnlyList<long> OwnCentre,
    [property: JsonRequired] IReadOnlyList<long> OtherCentre, [property: JsonRequired] IReadOnlyList<long> Genuine,
    [property: JsonRequired] IReadOnlyList<long> Impostor)
    : RunEntry(Iteration, Time)
{
    internal override string? Fault => base.Fault ?? AngleHistogram.Fault(OwnCentre)
        ?? AngleHistogram.Fault(OtherCentre)
        ?? AngleHistogram.Fault(Genuine) ?? AngleHistogram.Fault(Impostor);
}

/// <summary>A snapshot was written.</summary>
/// <param name="Iteration">How many updates the weights had seen.</param>
/// <param name="Time">Seconds since 1970.</param>
/// <param name="Model">The weights' file.</param>
internal sealed record SnapshotReading(int Iteration, double Time, [property: JsonRequired] string Model)
    : RunEntry(Iteration, Time);
