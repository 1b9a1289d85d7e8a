using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Atl.Data;
using Atl.Proto;
using Google.Protobuf;
using OpenCvSharp;

namespace Atl.Face.Import;

/// <summary>
/// Puts the pictures of a source into an LMDB of Datum records with the keys of Caffe's convert_imageset (<c>%08d_name</c>), which a Data layer reads.
/// A run that was broken off goes on where it stopped and comes to the same records. Beside the database DB stand DB.labels.tsv (label, name and
/// number of pictures), DB.skipped.tsv (what is not in it and why; none where all is) and DB.import.json (what was imported and how).
/// </summary>
public sealed class ImportRun(ImportOptions options)
{
    /// <summary>The ending of the file of labels beside a database.</summary>
    public const string LabelsEnding = ".labels.tsv";

    /// <summary>The ending of the file that lists what was left out.</summary>
    public const string SkippedEnding = ".skipped.tsv";

    /// <summary>The ending of the file that says what was imported.</summary>
    public const string RecordEnding = ".import.json";

    private const string JournalEnding = ".journal.tsv";
    private const int ImagesAtOnce = 256;
    private const int LargestKey = 99_999_999;

    private readonly Dictionary<UInt128, int> _seen = [];

    /// <summary>Imports.</summary>
    /// <param name="source">The pictures.</param>
    /// <param name="database">The LMDB's folder.</param>
    /// <param name="onDone">Called with how many pictures are done.</param>
    /// <returns>What it came to; null where the database is there already, made from the same source with the same options.</returns>
    /// <exception cref="AtlException">
    /// Another database is there, or another import was broken off; the label map lacks somebody; no picture can be read; the disk is full.
    /// </exception>
    public ImportOutcome? Run(ImportSource source, string database, Action<int>? onDone = null)
    {
        if (options.Width > 0 != options.Height > 0)
            throw new AtlException($"a width of {options.Width} and a height of {options.Height} to resize to, expected both or neither");
        database = Path.TrimEndingDirectorySeparator(database);
        ImportPlan plan = ImportPlan.Create(source, options);
        if (plan.Order.Length > LargestKey) throw new AtlException($"{plan.Order.Length} pictures, expected {LargestKey} at most in one database");
        if (!options.Overwrite && IsComplete(database, plan)) return null;
        string journal = database + JournalEnding, record = database + RecordEnding;
        bool goOn = ImportJournal.Exists(journal, out string fingerprint) && !options.Overwrite;
        if (goOn && fingerprint != plan.Fingerprint)
            throw new AtlException($"{database}: an import of other pictures or options was broken off here, expected the same again; -overwrite begins anew");
        List<ImportedImage> done = [];
        int earlier = 0;
        File.Delete(record);
        RecordDatabase.CreateOrContinue(database, goOn, options.Overwrite, writer =>
        {
            if (writer.LastKey is { } last) done.AddRange(ImportJournal.Read(journal, 1 + int.Parse(last.AsSpan(0, last.IndexOf('_')), CultureInfo.InvariantCulture)));
            earlier = done.Count;
            foreach (ImportedImage image in done) See(image);
            using (ImportJournal written = ImportJournal.Begin(journal, plan.Fingerprint, done)) Fill(source, plan, writer, done, written, onDone);
            if (done.All(image => image.Problem is not null)) throw new AtlException($"none of the {done.Count} pictures can be read: {done[0].Reason}");
            WriteLists(database, source, plan, done);
        });
        ImportOutcome outcome = Outcome(source, plan, done, earlier);
        WriteRecord(record, plan, outcome);
        File.Delete(journal);
        return outcome;
    }

    private void Fill(ImportSource source, ImportPlan plan, LmdbWriter writer, List<ImportedImage> done, ImportJournal journal, Action<int>? onDone)
    {
        // The pictures keep the cores busy: OpenCV's threads would only fight with them.
        Cv2.SetNumThreads(1);
        while (done.Count < plan.Order.Length)
        {
            // Every run commits at the same places.
            int first = done.Count, count = Math.Min(ImagesAtOnce - first % ImagesAtOnce, plan.Order.Length - first);
            (ImportedImage Image, Datum? Datum)[] read = new (ImportedImage, Datum?)[count];
            Parallel.For(0, count, i => read[i] = Take(source, plan, first + i));
            for (int i = 0; i < count; i++)
            {
                ImportItem item = source.Items[plan.Order[first + i]];
                ImportedImage image = read[i].Image;
                if (image.Problem is null && !options.KeepDuplicates && _seen.TryGetValue(image.Hash, out int before))
                    image = Repeated(image, item, source.Items[plan.Order[before]]);
                See(image);
                done.Add(image);
                if (image.Problem is not null) continue;
                Datum datum = read[i].Datum!;
                datum.Label = plan.Labels[item.Identity];
                writer.Put(RecordWriter.KeyOf(first + i, item.Name), datum);
            }
            journal.Add(done.Skip(first));
            writer.Commit();
            onDone?.Invoke(done.Count);
        }
    }

    private (ImportedImage Image, Datum? Datum) Take(ImportSource source, ImportPlan plan, int place)
    {
        UInt128 hash = 0;
        try
        {
            byte[] bytes = source.Read(plan.Order[place]);
            hash = BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(bytes));
            ImageColor color = options.Gray ? ImageColor.Gray : options.AsTheyAre ? ImageColor.AsStored : ImageColor.Color;
            using DecodedImage image = DecodedImage.FromBytes(bytes, color, options.Height, options.Width);
            PixelView view = image.View;
            Datum datum = options.Raw
                ? image.ToDatum()
                : new Datum { Encoded = true, Data = UnsafeByteOperations.UnsafeWrap(options.AsTheyAre ? bytes : image.Encode(options.Format)) };
            return (new ImportedImage(place, null, hash, FormattableString.Invariant($"{view.Width}×{view.Height}×{view.Channels}"), ""), datum);
        }
        catch (AtlException e)
        {
            return (new ImportedImage(place, ImportProblem.Unreadable, hash, "", e.Message), null);
        }
    }

    private static ImportedImage Repeated(ImportedImage image, ImportItem item, ImportItem before) => item.Identity == before.Identity
        ? image with { Problem = ImportProblem.Duplicate, Size = "", Reason = $"the same bytes as '{before.Name}'" }
        : image with { Problem = ImportProblem.Contradiction, Size = "", Reason = $"the same bytes as '{before.Name}' of '{before.Identity}', but of '{item.Identity}'" };

    private void See(ImportedImage image)
    {
        if (image.Problem is null) _seen.TryAdd(image.Hash, image.Place);
    }

    private bool IsComplete(string database, ImportPlan plan)
    {
        string record = database + RecordEnding;
        if (!File.Exists(record) || !LmdbReader.IsAt(database)) return false;
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(record));
            return document.RootElement.TryGetProperty("fingerprint", out JsonElement fingerprint) && fingerprint.ValueEquals(plan.Fingerprint);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new AtlException($"{record}: cannot be read: {e.Message}", e);
        }
    }

    private static void WriteLists(string database, ImportSource source, ImportPlan plan, IReadOnlyList<ImportedImage> done)
    {
        Dictionary<int, int> pictures = done.Where(image => image.Problem is null).CountBy(image => LabelOf(source, plan, image)).ToDictionary();
        plan.Labels.Write(database + LabelsEnding, pictures);
        IReadOnlyList<ImportSkip> skipped = Skipped(source, plan, done);
        if (skipped.Count == 0)
            File.Delete(database + SkippedEnding);
        else
            AtomicFile.Write(database + SkippedEnding, stream =>
            {
                using StreamWriter writer = new(stream, leaveOpen: true);
                foreach (ImportSkip skip in skipped) writer.WriteLine($"{skip.Name}\t{Word(skip.Problem)}\t{skip.Reason}");
            });
    }

    private void WriteRecord(string file, ImportPlan plan, ImportOutcome outcome) => AtomicFile.Write(file, stream =>
    {
        using Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        writer.WriteStartObject();
        writer.WriteString("fingerprint", plan.Fingerprint);
        writer.WriteString("options", options.Describe());
        writer.WriteNumber("images", outcome.Images);
        writer.WriteNumber("people", outcome.People);
        writer.WriteNumber("labels", outcome.Labels);
        writer.WriteStartObject("sizes");
        foreach ((string size, int images) in outcome.Sizes) writer.WriteNumber(size, images);
        writer.WriteEndObject();
        writer.WriteStartObject("skipped");
        foreach (ImportProblem problem in Enum.GetValues<ImportProblem>()) writer.WriteNumber(Word(problem), outcome.Skipped.Count(skip => skip.Problem == problem));
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    private static string Word(ImportProblem problem) => JsonNamingPolicy.SnakeCaseLower.ConvertName(problem.ToString());

    private static int LabelOf(ImportSource source, ImportPlan plan, ImportedImage image) => plan.Labels[source.Items[plan.Order[image.Place]].Identity];

    private static IReadOnlyList<ImportSkip> Skipped(ImportSource source, ImportPlan plan, IReadOnlyList<ImportedImage> done) =>
    [
        .. plan.FewImages,
        .. done.Where(image => image.Problem is not null)
            .Select(image => new ImportSkip(source.Items[plan.Order[image.Place]].Name, image.Problem!.Value, image.Reason)),
    ];

    private static ImportOutcome Outcome(ImportSource source, ImportPlan plan, IReadOnlyList<ImportedImage> done, int earlier)
    {
        ImportedImage[] put = [.. done.Where(image => image.Problem is null)];
        int[] labels = [.. put.Select(image => LabelOf(source, plan, image)).Distinct()];
        IEnumerable<(string Size, int Images)> sizes = put.CountBy(image => image.Size).Select(size => (size.Key, size.Value));
        return new ImportOutcome(
            put.Length, labels.Length, labels.Max() + 1, earlier,
            [.. sizes.OrderByDescending(size => size.Images).ThenBy(size => size.Size, StringComparer.Ordinal)], Skipped(source, plan, done));
    }
}
