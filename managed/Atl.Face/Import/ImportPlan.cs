using System.Security.Cryptography;
using System.Text;
using Atl.Proto;

namespace Atl.Face.Import;

/// <summary>Which images of a source go into a database, in which order, with which labels.</summary>
internal sealed class ImportPlan
{
    private ImportPlan(int[] order, IdentityLabels labels, IReadOnlyList<ImportSkip> leftOut, ExcludedCounts? excluded,
        string fingerprint) =>
        (Order, Labels, LeftOut, Excluded, Fingerprint) = (order, labels, leftOut, excluded, fingerprint);

    /// <summary>The images' places in the source.</summary>
    public int[] Order { get; }

    /// <summary>The identities' labels.</summary>
    public IdentityLabels Labels { get; }

    /// <summary>
    /// The images that are not read: of identities with too few, of the list of those to leave out, of other
    /// kinds, and what of the source is damaged.
    /// </summary>
    public IReadOnlyList<ImportSkip> LeftOut { get; }

    /// <summary>The outcome of the list of names to leave out; null if there is none.</summary>
    public ExcludedCounts? Excluded { get; }

    /// <summary>A hash over all that decides what the database holds, but for the images' bytes.</summary>
    public string Fingerprint { get; }

    /// <summary>Makes the plan; the same source and options give the same.</summary>
    /// <exception cref="AtlException">Nobody has enough images, all are left out, or the label map lacks
    /// somebody.</exception>
    public static ImportPlan Create(ImportSource source, ImportOptions options)
    {
        IReadOnlyList<ImportItem> items = source.Items;
        Dictionary<string, List<int>> people = [];
        for (int i = 0; i < items.Count; i++)
        {
            if (!people.TryGetValue(items[i].Identity, out List<int>? pictures))
                people[items[i].Identity] = pictures = [];
            pictures.Add(i);
        }
        List<ImportSkip> leftOut = [.. source.Faults, .. source.PassedOver.Where(OtherImages.Is)
            .Select(name => new ImportSkip(name, ImportProblem.OtherKind, OtherImages.Reason))];
        ExcludedCounts? excluded = options.Exclude is { } file ? Exclude(people, items, file, leftOut) : null;
        if (people.Count == 0) throw new AtlException(
            $"{options.Exclude}: all images of the source are excluded, expected at least one that is not");
        foreach (List<int> pictures in people.Values.Where(pictures => pictures.Count < options.MinimumImages))
            leftOut.AddRange(pictures.Select(i => new ImportSkip(
                items[i].Name, ImportProblem.FewImages,
                $"'{items[i].Identity}' has {Amount.Of(pictures.Count, "image")}, expected {options.MinimumImages}")));
        people = people.Where(person => person.Value.Count >= options.MinimumImages).ToDictionary();
        if (people.Count == 0) throw new AtlException($"no identity of the source has {Amount.Of(options.MinimumImages, "image")}");
        IdentityLabels labels = Labelled(people.Keys, source.IsNumbered, options);
        int[] order = Ordered(people, options);
        return new ImportPlan(order, labels, leftOut, excluded, Hash(order, items, labels, options));
    }

    private static ExcludedCounts Exclude(Dictionary<string, List<int>> people, IReadOnlyList<ImportItem> items,
        string file, List<ImportSkip> leftOut)
    {
        ExclusionList list = ExclusionList.Read(file, people.Keys);
        int persons = 0, ofPersons = 0, single = 0;
        foreach ((string identity, List<int> pictures) in people.ToArray())
        {
            bool whole = list.HasPerson(identity);
            // An image of somebody who is left out may be named as well: each name that fits counts as used.
            int[] gone = [.. pictures.Where(i => list.HasPicture(items[i].Name) | whole)];
            leftOut.AddRange(gone.Select(i => new ImportSkip(
                items[i].Name, ImportProblem.Excluded, whole ? $"'{identity}' is in {file}" : $"it is in {file}")));
            if (whole) (persons, ofPersons) = (persons + 1, ofPersons + gone.Length);
            else single += gone.Length;
            pictures.RemoveAll(gone.ToHashSet().Contains);
            if (pictures.Count == 0) people.Remove(identity);
        }
        return new ExcludedCounts(persons, ofPersons, single, list.Unused);
    }

    private static IdentityLabels Labelled(IReadOnlyCollection<string> identities, bool numbered, ImportOptions options)
    {
        if (options.LabelMap is not { } file)
            return !numbered ? IdentityLabels.Number(identities) : options.Renumber
                ? IdentityLabels.Renumber(identities) : IdentityLabels.Keep(identities);
        IdentityLabels labels = IdentityLabels.Read(file);
        labels.CheckKnows(identities, file);
        return labels;
    }

    private static int[] Ordered(Dictionary<string, List<int>> people, ImportOptions options)
    {
        int[] order = [.. people.Values.SelectMany(pictures => pictures).Order()];
        if (options.Order == ImportOrder.Kept) return order;
        RandomStream random = new(options.Seed, "order of an import");
        if (options.Order == ImportOrder.Shuffled)
        {
            random.Shuffle(order.AsSpan());
            return order;
        }
        int[][] shuffled = [.. people.Values.Select(pictures => pictures.ToArray())];
        random.Shuffle(shuffled.AsSpan());
        foreach (int[] pictures in shuffled) random.Shuffle(pictures.AsSpan());
        int next = 0;
        // People whose images are used up leave the rounds.
        for (int round = 0; shuffled.Length > 0; shuffled = [.. shuffled.Where(pictures => pictures.Length > round)])
        {
            foreach (int[] pictures in shuffled) order[next++] = pictures[round];
            round++;
        }
        return order;
    }

    private static string Hash(int[] order, IReadOnlyList<ImportItem> items, IdentityLabels labels,
        ImportOptions options)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(options.Describe());
        foreach (int i in order) Add(FormattableString.Invariant($"{items[i].Name}\t{labels[items[i].Identity]}"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(string line) => hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
    }
}
