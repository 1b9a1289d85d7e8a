using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Atl.Fuzz.Formats;
using Atl.Fuzz.Mutation;

namespace Atl.Fuzz.Running;

/// <summary>
/// The cases of a format: first its corpus as it is, which is the seeds made in code and the files of the repository,
/// then mutants of these. The same seed gives the same cases.
/// </summary>
internal sealed class CaseSource
{
    private const int MostChanges = 4;

    private readonly string _format;
    private readonly long _seed;
    private readonly FuzzInput[] _corpus;
    private readonly (string Label, FuzzInput Input)[] _whole;
    private readonly Mutator[] _structured, _plain;

    /// <summary>Makes the seeds and reads the files.</summary>
    /// <param name="format">The format.</param>
    /// <param name="seed">Chooses the mutants.</param>
    /// <param name="files">A folder with a folder of files for each format.</param>
    /// <param name="scratch">A folder that seeds are made in.</param>
    public CaseSource(FuzzFormat format, long seed, string files, string scratch)
    {
        (_format, _seed) = (format.Name, seed);
        FuzzInput[] seeds = [.. format.Seeds(scratch)];
        string folder = Path.Combine(files, format.Name);
        string[] found = Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)] : [];
        _whole =
        [
            .. seeds.Select((input, i) => ($"seed {i}: {input.File}", input)),
            .. found.Select(file => ($"file {Path.GetRelativePath(files, file)}", InPlaceOf(seeds, file))),
        ];
        _corpus = [.. _whole.Select(entry => entry.Input)];
        _structured = [.. format.Mutators];
        _plain = [new ByteMutator(), new SpliceMutator([.. _corpus.Select(input => input.Content)])];
        SeedCount = seeds.Length;
    }

    /// <summary>How many cases are whole inputs that commands must take.</summary>
    public int SeedCount { get; }

    /// <summary>How many cases there are before the mutants.</summary>
    public int WholeCount => _whole.Length;

    /// <summary>
    /// A file as a case: it takes the place of a seed whose name has its ending, and of one in a folder
    /// (images/data.mdb)
    /// where its own name begins with the folder's.
    /// </summary>
    public FuzzInput InPlaceOf(string file) => InPlaceOf([.. _corpus.Take(SeedCount)], file);

    /// <summary>A case and what it is called.</summary>
    public (string Label, FuzzInput Input, Random Random) Get(int index)
    {
        if (index < WholeCount) return (_whole[index].Label, _whole[index].Input, new Random(index));
        int mutant = index - WholeCount;
        Random random = RandomOf(mutant);
        FuzzInput input = _corpus[random.Next(_corpus.Length)];
        byte[] content = input.Content;
        int changes = 1 + random.Next(1 + random.Next(MostChanges));
        // One kind for all changes: a flipped bit would undo what the others keep right.
        Mutator[] kind = _structured.Length > 0 && random.Next(4) > 0 ? _structured : _plain;
        for (int i = 0; i < changes; i++) content = kind[random.Next(kind.Length)].Mutate(content, random);
        return ($"mutant {mutant}", input.With(content), random);
    }

    private static FuzzInput InPlaceOf(FuzzInput[] seeds, string file)
    {
        FuzzInput[] same = [.. seeds.Where(seed => Path.GetExtension(seed.File) == Path.GetExtension(file))];
        FuzzInput like =
            Array.Find(same, seed =>
                Path.GetFileName(file).StartsWith(seed.File.Split('/')[0], StringComparison.Ordinal))
            ?? same.FirstOrDefault() ?? seeds[0];
        return like.With(File.ReadAllBytes(file));
    }

    private Random RandomOf(int mutant)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{_format} {_seed} {mutant}");
        return new Random(BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }
}
