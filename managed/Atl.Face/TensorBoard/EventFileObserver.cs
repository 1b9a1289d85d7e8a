using Atl.Face.Datasets;
using Atl.Face.Runs;
using Atl.Proto;
using Atl.Proto.TensorBoard;
using Atl.Solvers;
using Google.Protobuf;

namespace Atl.Face.TensorBoard;

/// <summary>
/// Writes what a run comes to as a TensorBoard event file: scalars (loss, outputs, learning rate, λ, speed; tests under
/// <c>test/</c>), histograms of the weights and, with a margin layer, of the angles in the batch, and the first
/// images of the batch.
/// </summary>
internal sealed class EventFileObserver : ISolverObserver, IDisposable
{
    private const int Images = 4;

    private readonly EventFileWriter _writer;
    private bool _begun;
    private Dictionary<string, double>? _outputs;

    /// <summary>Starts a new event file in a folder.</summary>
    /// <exception cref="AtlException">The file cannot be created.</exception>
    public EventFileObserver(string folder) => _writer = new EventFileWriter(folder);

    /// <summary>The event file.</summary>
    public string Path => _writer.Path;

    /// <inheritdoc/>
    public void OnForward(Solver solver)
    {
        Begin(solver);
        _outputs = ReadingSchedule.IsDue(solver) ? NetReadings.Outputs(solver.Net) : null;
        if (ReadingSchedule.AreDetailsDue(solver)) Write(solver.Iteration, Details(solver.Net));
    }

    /// <inheritdoc/>
    public void OnIteration(Solver solver, SolverProgress progress)
    {
        if (_outputs is null) return;
        Summary summary = new();
        AddScalar(summary, "loss", progress.Loss);
        foreach ((string name, double value) in _outputs) AddScalar(summary, $"output/{name}", value);
        AddScalar(summary, "learning_rate", progress.LearningRate);
        if (progress.Lambda is { } lambda) AddScalar(summary, "lambda", lambda);
        AddScalar(summary, "speed/iterations_per_second", progress.IterationsPerSecond);
        AddScalar(summary, "speed/images_per_second", progress.ImagesPerSecond);
        Write(progress.Iteration, summary);
    }

    /// <inheritdoc/>
    public void OnTest(Solver solver, SolverTestResult result)
    {
        Begin(solver);
        string group = result.Net == 0 ? "test" : $"test_{result.Net}";
        Summary summary = new();
        foreach ((string name, double value) in NetReadings.Outputs(result)) AddScalar(summary, $"{group}/{name}",
            value);
        Write(result.Iteration, summary);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _writer.Dispose();

    private static Summary Details(Net net)
    {
        Summary summary = new();
        foreach (LearnableParameter learned in net.LearnableParameters)
            AddHistogram(summary, $"weights/{learned.Layer}/{learned.Index}",
                HistogramSummary.OfWeights(learned.Blob.Data));
        if (BatchAngles.Compute(net) is { } angles)
        {
            AddHistogram(summary, "angles/own_centre", HistogramSummary.OfAngles(angles.OwnCentre));
            AddHistogram(summary, "angles/other_centre", HistogramSummary.OfAngles(angles.OtherCentre));
            AddHistogram(summary, "angles/genuine_pairs", HistogramSummary.OfAngles(angles.Genuine));
            AddHistogram(summary, "angles/impostor_pairs", HistogramSummary.OfAngles(angles.Impostor));
        }
        IReadOnlyList<FaceSample> samples = BatchThumbnails.First(net, Images);
        for (int i = 0; i < samples.Count; i++)
        {
            FaceSample sample = samples[i];
            Summary.Types.Image image = new()
            {
                Height = sample.Height,
                Width = sample.Width,
                Colorspace = sample.Channels,
                EncodedImageString = UnsafeByteOperations.UnsafeWrap(FaceImage.Png(sample)),
            };
            summary.Value.Add(new Summary.Types.Value { Tag = $"data/{i}", Image = image });
        }
        return summary;
    }

    private static void AddScalar(Summary summary, string tag, double value) =>
        summary.Value.Add(new Summary.Types.Value { Tag = tag, SimpleValue = (float)value });

    private static void AddHistogram(Summary summary, string tag, Histogram? histogram)
    {
        if (histogram is not null) summary.Value.Add(new Summary.Types.Value { Tag = tag, Histo = histogram });
    }

    // The first call comes after a snapshot was taken up: only then is it known where the run begins.
    private void Begin(Solver solver)
    {
        if (_begun) return;
        _begun = true;
        _writer.Write(new Event
        {
            Step = solver.Iteration,
            SessionLog = new SessionLog { Status = SessionLog.Types.Status.Start }
        });
    }

    private void Write(int step, Summary summary)
    {
        if (summary.Value.Count > 0) _writer.Write(new Event { Step = step, Summary = summary });
    }
}
