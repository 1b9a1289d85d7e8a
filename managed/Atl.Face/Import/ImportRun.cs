using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Atl.Data;
using Atl.Logging;
using Atl.Proto;
using Google.Protobuf;
using OpenCvSharp;

namespace Atl.Face.Import;

/// <summary>
/// Puts the images of a source into an LMDB of Datum records with the keys of Caffe's convert_imageset
/// (<c>%08d_name</c>), which a Data layer reads. A run that was interrupted goes on where it stopped and comes to the
/// same records. Beside the database DB stand DB.labels.tsv (label, name and number of images), DB.skipped.tsv (what
/// is not in it and why; none where all is) and DB.import.json (what was imported and how).
/// </summary>
internal sealed class ImportRun(ImportOptions options)
{
    /// <summary>The ending of the file of labels beside a database.</summary>
    public const string LabelsEnding = ".labels.tsv";

    /// <summary>The ending of the file that lists what was left out.</summary>
    public const string SkippedEnding = ".skipped.tsv";

    /// <summary>The ending of the file that says what was imported.</summary>
    public const string RecordEnding = ".import.json";

    private const string JournalEnding = ".journal.tsv";
    private const int ImagesAtOnce = 256;
    private const long BytesAtOnce = 32L << 20;

    // Images that take more wait for each other.
    private const long LargeBytes = 64L << 20;
    private const int LargestKey = 99_999_999;
    private const int LongestKey = 511;

    private readonly Dictionary<UInt128, int> _seen = [];

    /// <summary>Imports.</summary>
    /// <param name="source">The images.</param>
    /// <param name="database">The LMDB's folder.</param>
    /// <param name="onDone">Called with how many images are done.</param>
    /// <returns>What it came to; null where the database is there already, made from the same source with the same
    /// options.</returns>
    /// <exception cref="AtlException">
    /// Another database is there, or another import was interrupted; the label map lacks somebody; no image can be
    /// read; the disk is full.
    /// </exception>
    public ImportOutcome? Run(ImportSource source, string database, Action<int>? onDone = null)
    {
        if (options.Width > 0 != options.Height > 0)
            throw new AtlException($"a width of {options.Width} and a height of {options.Height} to resize to, "
                + "expected both or neither");
        ImageLimits.CheckTarget(options.Width, options.Height);
        database = Path.TrimEndingDirectorySeparator(database);
        ImportPlan plan = ImportPlan.Create(source, options);
        if (plan.Order.Length > LargestKey)
            throw new AtlException($"{plan.Order.Length} images, expected at most {LargestKey} in one database");
        string journal = database + JournalEnding, record = database + RecordEnding;
        bool isComplete = !options.Overwrite && IsComplete(database, plan);
        if (isComplete && !File.Exists(journal)) return null;
        using OutputLock only = OutputLock.Take(database, "an import",
            note => options.Logger.Warning("import_run.cpp", $"{note}"));
        bool goOn = ImportJournal.Exists(journal, out string fingerprint) && !options.Overwrite;
        if (isComplete)
        {
            // The last that a run does is to remove its journal.
            if (fingerprint == plan.Fingerprint) File.Delete(journal);
            return null;
        }
        bool isInPlace = goOn && LmdbReader.IsAt(database) && !RecordDatabase.IsUnfinished(database);
        if (goOn && fingerprint != plan.Fingerprint)
            throw new AtlException($"{database}: an import of other images or with other options was interrupted here, "
                + $"{(isInPlace ? "after" : "before")} all its images were in the database; expected the same again; pass "
                + "-overwrite to start over");
        List<ImportedImage> done = [];
        int earlier = 0;
        if (isInPlace)
        {
            done.AddRange(ImportJournal.Read(journal, plan.Order.Length));
            earlier = done.Count;
            CheckHolds(database, source, plan, done);
            WriteLists(database, source, plan, done);
        }
        else RecordDatabase.CreateOrContinue(database, goOn, options.Overwrite, writer =>
        {
            // Not before: a run that is refused leaves the database of an earlier one with its record.
            File.Delete(record);
            if (writer.LastKey is { } last)
                done.AddRange(ImportJournal.Read(journal,
                    1 + int.Parse(last.AsSpan(0, last.IndexOf('_')), CultureInfo.InvariantCulture)));
            earlier = done.Count;
            foreach (ImportedImage image in done) See(image);
            using (ImportJournal written = ImportJournal.Begin(journal, plan.Fingerprint, done))
                Fill(source, plan, writer, done, written, onDone);
            if (done.All(image => image.Problem is not null))
                throw new AtlException($"{source.Origin}: none of the images ({done.Count}) can be read; "
                    + $"'{source.Items[plan.Order[done[0].Place]].Name}': {done[0].Reason}");
            WriteLists(database, source, plan, done);
        });
        ImportOutcome outcome = Outcome(source, plan, done, earlier);
        WriteRecord(record, plan, outcome);
        File.Delete(journal);
        return outcome;
    }

    // Images are read, hashed and decoded by all cores, some ahead of the one that is stored next; this thread stores
    // them in their order.
    private void Fill(ImportSource source, ImportPlan plan, LmdbWriter writer, List<ImportedImage> done,
        ImportJournal journal, Action<int>? onDone)
    {
        // The images keep the cores busy: OpenCV's threads would only fight with them.
        Cv2.SetNumThreads(1);
        Queue<Task<TakenPicture>> ahead = new();
        List<(string Key, Datum Datum)> batch = [];
        long batchBytes = 0, largest = 0;
        int batchBegin = done.Count, next = done.Count;
        try
        {
            while (done.Count < plan.Order.Length)
            {
                for (int most = Ahead(largest); ahead.Count < most && next < plan.Order.Length; next++)
                {
                    int place = next;
                    ahead.Enqueue(Task.Run(() => Take(source, plan, place)));
                }
                TakenPicture taken = ahead.Dequeue().GetAwaiter().GetResult();
                largest = Math.Max(largest, taken.HeldBytes);
                ImportItem item = source.Items[plan.Order[done.Count]];
                ImportedImage image = taken.Image;
                if (image.Problem is null && !options.KeepDuplicates && _seen.TryGetValue(image.Hash, out int before))
                    image = Repeated(image, item, source.Items[plan.Order[before]]);
                See(image);
                if (image.Problem is null)
                {
                    taken.Datum!.Label = plan.Labels[item.Identity];
                    batch.Add((KeyOf(done.Count, item.Name), taken.Datum));
                    batchBytes += taken.Datum.Data.Length;
                }
                done.Add(image);
                if (done.Count % ImagesAtOnce != 0 && done.Count < plan.Order.Length && batchBytes < BytesAtOnce)
                    continue;
                journal.Add(done.Skip(batchBegin));
                foreach ((string key, Datum datum) in batch) writer.Put(key, datum);
                writer.Commit();
                batch.Clear();
                (batchBegin, batchBytes) = (done.Count, 0);
                onDone?.Invoke(done.Count);
            }
        }
        finally
        {
            // The source is closed behind us: nobody may read it any more. What went wrong first is what is reported.
            Task.WhenAll(ahead).ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
        }
    }

    // Enough that no core waits for the disk, as long as the images are small; few until it is known what they take.
    private static int Ahead(long largest)
    {
        int cores = Environment.ProcessorCount;
        return largest == 0 ? 2 * cores : (int)Math.Clamp(BytesAtOnce / largest, largest > LargeBytes
            ? 1 : 2 * cores, 64 * cores);
    }

    // LMDB has no longer keys; the number tells images apart whatever is cut off.
    private static string KeyOf(int place, string name)
    {
        string key = RecordWriter.KeyOf(place, name);
        while (Encoding.UTF8.GetByteCount(key) > LongestKey) key = key[..(char.IsLowSurrogate(key[^1]) ? ^2 : ^1)];
        return key;
    }

    private TakenPicture Take(ImportSource source, ImportPlan plan, int place)
    {
        UInt128 hash = 0;
        try
        {
            byte[] bytes = source.Read(plan.Order[place]);
            hash = BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(bytes));
            string fault = "";
            using DecodedImage image = options.AsTheyAre
                ? StoredBytes.Decode(bytes, out fault, options.Logger)
                : DecodedImage.FromBytes(bytes, options.Gray ? ImageColor.Gray : ImageColor.Color, options.Height,
                    options.Width, options.Logger);
            bool asItIs = options.AsTheyAre && fault.Length == 0;
            PixelView view = image.View;
            Datum datum = options.Raw
                ? image.ToDatum()
                : new Datum
                {
                    Encoded = true,
                    Data = UnsafeByteOperations.UnsafeWrap(asItIs ? bytes : image.Encode(options.Format))
                };
            string size = FormattableString.Invariant($"{view.Width}×{view.Height}×{view.Channels}");
            return new TakenPicture(new ImportedImage(place, null, hash, size, fault), datum, bytes.Length
                + view.Bytes.Length + datum.Data.Length);
        }
        catch (Exception e) when (ItemFailure.IsOfItem(e))
        {
            return new TakenPicture(
                new ImportedImage(place, ImportProblem.Unreadable, hash, "", ItemFailure.Reason(e)), null, 0);
        }
    }

    private static ImportedImage Repeated(ImportedImage image, ImportItem item, ImportItem before) =>
        item.Identity == before.Identity
        ? image with { Problem = ImportProblem.Duplicate, Size = "", Reason = $"the same bytes as '{before.Name}'" }
        : image with
        {
            Problem = ImportProblem.Contradiction,
            Size = "",
            Reason = $"the same bytes as '{before.Name}' of '{before.Identity}', but of '{item.Identity}'"
        };

    private void See(ImportedImage image)
    {
        if (image.Problem is null) _seen.TryAdd(image.Hash, image.Place);
    }

    // A database that has its name, but no record of its import yet, is that of the journal beside it.
    private static void CheckHolds(string database, ImportSource source, ImportPlan plan,
        IReadOnlyList<ImportedImage> done)
    {
        ImportedImage[] put = [.. done.Where(image => image.Problem is null)];
        using LmdbReader reader = new(database);
        if (put is not [var first, ..] || reader.Count != put.Length
            || reader.Key != KeyOf(first.Place, source.Items[plan.Order[first.Place]].Name))
            throw new AtlException($"{database}: an LMDB of {Amount.Of(reader.Count ?? 0, "record")} that begins with '{reader.Key}', "
                + $"expected {Amount.Of(put.Length, "image")} of the import that was interrupted here; pass -overwrite to start "
                + "over");
    }

    private bool IsComplete(string database, ImportPlan plan)
    {
        string record = database + RecordEnding;
        if (!File.Exists(record) || !LmdbReader.IsAt(database)) return false;
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(record));
            return document.RootElement.TryGetProperty("fingerprint", out JsonElement fingerprint)
                && fingerprint.ValueEquals(plan.Fingerprint);
        }
        catch (Exception e) when (FileFault.Is(e) || e is JsonException)
        {
            throw new AtlException($"{record}: cannot be read: {e.Message}", e);
        }
    }

    private void WriteLists(string database, ImportSource source, ImportPlan plan,
        IReadOnlyList<ImportedImage> done)
    {
        Dictionary<int, int> pictures = done.Where(image => image.Problem is null)
            .CountBy(image => LabelOf(source, plan, image)).ToDictionary();
        plan.Labels.Write(database + LabelsEnding, pictures);
        string file = database + SkippedEnding;
        IReadOnlyList<ImportSkip> skipped = Skipped(source, plan, done);
        SideFile.Try(file, () =>
        {
            if (skipped.Count == 0)
                File.Delete(file);
            else
                AtomicFile.Write(file, stream =>
                {
                    using StreamWriter writer = new(stream, leaveOpen: true);
                    foreach (ImportSkip skip in skipped)
                        writer.WriteLine(
                            $"{QuotedName.Of(skip.Name)}\t{Word(skip.Problem)}\t{PathText.Show(skip.Reason)}");
                });
        }, options.Logger);
    }

    private void WriteRecord(string file, ImportPlan plan, ImportOutcome outcome) => AtomicFile.Write(file, stream =>
    {
        using Utf8JsonWriter writer = new(stream,
            new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        writer.WriteStartObject();
        writer.WriteString("fingerprint", plan.Fingerprint);
        writer.WriteString("options", options.Describe());
        writer.WriteNumber("images", outcome.Images);
        writer.WriteNumber("people", outcome.People);
        writer.WriteNumber("labels", outcome.Labels);
        writer.WriteStartObject("sizes");
        foreach ((string size, int images) in outcome.Sizes) writer.WriteNumber(size, images);
        writer.WriteEndObject();
        writer.WriteStartObject("encoded_anew");
        foreach ((string reason, int images) in outcome.EncodedAnew) writer.WriteNumber(reason, images);
        writer.WriteEndObject();
        writer.WriteStartObject("skipped");
        foreach (ImportProblem problem in Enum.GetValues<ImportProblem>())
            writer.WriteNumber(Word(problem), outcome.Skipped.Count(skip => skip.Problem == problem));
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    private static string Word(ImportProblem problem) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(problem.ToString());

    private static int LabelOf(ImportSource source, ImportPlan plan, ImportedImage image) =>
        plan.Labels[source.Items[plan.Order[image.Place]].Identity];

    private static IReadOnlyList<ImportSkip> Skipped(ImportSource source, ImportPlan plan,
        IReadOnlyList<ImportedImage> done) =>
    [
        .. plan.LeftOut,
        .. done.Where(image => image.Problem is not null)
            .Select(image => new ImportSkip(source.Items[plan.Order[image.Place]].Name, image.Problem!.Value,
                image.Reason)),
    ];

    private static ImportOutcome Outcome(ImportSource source, ImportPlan plan, IReadOnlyList<ImportedImage> done,
        int earlier)
    {
        ImportedImage[] put = [.. done.Where(image => image.Problem is null)];
        int[] labels = [.. put.Select(image => LabelOf(source, plan, image)).Distinct()];
        int people = plan.Order.Select(picture => source.Items[picture].Identity).Distinct().Count();
        IEnumerable<(string Size, int Images)> sizes = put.CountBy(image => image.Size)
            .Select(size => (size.Key, size.Value));
        return new ImportOutcome(
            put.Length, labels.Length, labels.Min(), people - labels.Length, labels.Max() + 1, earlier,
            [.. sizes.OrderByDescending(size => size.Images).ThenBy(size => size.Size, StringComparer.Ordinal)],
                Skipped(source, plan, done))
        {
            EncodedAnew =
            [
                .. put.Where(image => image.Reason.Length > 0).CountBy(image => image.Reason)
                    .Select(reason => (reason.Key, reason.Value))
                    .OrderByDescending(reason => reason.Value).ThenBy(reason => reason.Key, StringComparer.Ordinal),
            ],
            Excluded = plan.Excluded,
        };
    }

    // An image that was read; HeldBytes is what it took at most.
    private readonly record struct TakenPicture(ImportedImage Image, Datum? Datum, long HeldBytes);
}
