using Atl.Data;
using Atl.Face.Faces;
using Atl.Proto;
using OpenCvSharp;

namespace Atl.Face.Extraction;

/// <summary>
/// Stores the features of many images in their order. Other threads read and decode the next batches while the net
/// runs. Beside the features come their names (<see cref="FeatureNames"/>), and a list of the images that have none,
/// with the reasons, where there are such.
/// </summary>
internal sealed class ExtractionRun(FaceExtractor extractor)
{
    // One batch is in use, one is ready, one is being decoded.
    private const int Batches = 3;

    /// <summary>
    /// The suffix that turns the features' name into that of the list of failures: lines of a name, a tab, and a
    /// reason.
    /// </summary>
    public const string FailedEnding = ".failed.tsv";

    /// <summary>The recipe of the features, stored beside them; null if unknown.</summary>
    public FeatureRecipe? Recipe { get; init; }

    /// <summary>Extracts. An image that cannot be read or does not fit the net is listed and has no row.</summary>
    /// <param name="source">The images.</param>
    /// <param name="output">The new file or folder, which takes its name when it is complete.</param>
    /// <param name="format">One of <see cref="FeatureFile.Formats"/>.</param>
    /// <param name="replace">Puts the features in the place of some that are there.</param>
    /// <param name="onDone">Called with the number of images done.</param>
    /// <exception cref="AtlException">
    /// The output is there already or cannot be written, the source is damaged, or none of its images can be taken.
    /// </exception>
    public ExtractionOutcome Run(ImageSource source, string output, string format, bool replace = false,
        Action<int>? onDone = null)
    {
        output = Path.TrimEndingDirectorySeparator(output);
        List<FeatureName> names = [];
        List<(string Name, string Reason)> failed = [];
        FeatureOddities oddities = new();
        List<StagedFile> beside = [];
        bool replaces = false;
        try
        {
            FeatureFile.Create(output, format, Store, replace, BeforeName, extractor.Options.Logger);
            if (replaces)
                foreach (StagedFile file in beside) file.TakeName();
        }
        finally
        {
            foreach (StagedFile file in beside) file.Dispose();
        }
        FailureList.Write(output + FailedEnding, failed, extractor.Options.Logger);
        return new ExtractionOutcome(names.Count, failed, oddities);

        // Wherever a run is killed, no features stand beside the names of others, and the next run need not ask: new
        // features come after their names, and those that take the place of others between the old names and the new.
        void BeforeName()
        {
            replaces = FeatureFile.IsThere(output, format);
            foreach (StagedFile file in beside)
                if (replaces) file.RemoveOld();
                else file.TakeName();
            if (Recipe is null) FileFault.Ignore(() => File.Delete(FeatureRecipe.FileOf(output)));
        }

        void Store(FeatureWriter writer)
        {
            foreach ((DecodedBatch batch, float[] features) in Features(source))
            {
                failed.AddRange(batch.Failed);
                for (int i = 0; i < batch.Count; i++)
                {
                    SourceImage image = batch.Images[i];
                    ReadOnlySpan<float> row = features.AsSpan(i * extractor.Columns, extractor.Columns);
                    names.Add(new FeatureName(image.Name, image.Label));
                    oddities.Add(row, image.Name);
                    writer.Append(new Shape(1, extractor.Columns), row, image.Name);
                }
                onDone?.Invoke(names.Count + failed.Count);
            }
            if (names.Count == 0)
                throw new AtlException(
                    $"none of the {failed.Count} images can be used; {PathText.Show(failed[0].Name)}: "
                    + $"{failed[0].Reason}");
            beside.Add(FeatureNames.Write(output, names));
            if (Recipe is not null) beside.Add(Recipe.Stage(output));
            if (source.PairLines.Any())
                beside.Add(new StagedFile(FeatureNames.PairsOf(output),
                    stream => WriteLines(stream, source.PairLines)));
        }
    }

    private static void WriteLines(Stream stream, IEnumerable<string> lines)
    {
        using StreamWriter writer = new(stream, leaveOpen: true) { NewLine = "\n" };
        foreach (string line in lines) writer.WriteLine(line);
    }

    private IEnumerable<(DecodedBatch Batch, float[] Features)> Features(ImageSource source)
    {
        // The images keep the cores busy: OpenCV's threads would only fight with them.
        Cv2.SetNumThreads(1);
        using IEnumerator<SourceImage> images = source.Images().GetEnumerator();
        DecodedBatch[] batches = [.. Enumerable.Range(0, Batches).Select(_ => new DecodedBatch(extractor))];
        using Prefetcher<DecodedBatch> ahead = new("decoding", batches, batch => batch.Load(images));
        int rows = 0;
        while (true)
        {
            DecodedBatch batch = ahead.Take();
            if (batch.IsEmpty) yield break;
            // The last bits of a feature may depend on the size of its batch: the last batch is filled up to that of
            // the others.
            rows = Math.Max(rows, batch.Count);
            yield return (batch, batch.Count > 0 ? extractor.Run(batch.Pixels, rows) : []);
            ahead.Return(batch);
        }
    }
}
