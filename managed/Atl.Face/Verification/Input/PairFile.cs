using System.Globalization;
using Atl.Data;
using Atl.Proto;

namespace Atl.Face.Verification;

/// <summary>
/// Lists of pairs. LFW's pairs.txt: a line of the number of folds and of pairs of each kind in a fold (the number of
/// pairs alone for one fold), then <c>name i j</c> for one person and <c>name1 i name2 j</c> for two. Other lists: <c>a
/// b 1</c> or <c>1 a b</c>, 1 for one person and 0 for two, or <c>a b</c> where identities are known; a fourth column
/// is the fold. Columns are separated by tabs where a line has one, by commas in a .csv file, else by spaces. Lists of
/// one image a line, two lines a pair (CALFW, CPLFW): <c>a 1</c> and <c>b 1</c>.
/// </summary>
internal sealed class PairFile
{
    // Each is evaluated by all pairs of the others; protocols have ten.
    private const int MostFolds = 1000;

    private readonly ImageNames _names;
    private readonly IReadOnlyList<string>? _identities;
    private readonly Dictionary<string, int> _absent = new(StringComparer.Ordinal);
    private readonly List<FacePair> _pairs = [];
    private readonly List<int> _lines = [];
    private readonly List<int> _misplaced = [];
    private readonly char _separator;
    private bool _labelFirst, _anyFold, _twoLines;
    private (int Row, bool Same, int Line)? _half;
    private string _firstMisplaced = "";

    private PairFile(string file, ImageNames names, IReadOnlyList<string>? identities, int folds)
    {
        (File, _names, _identities) = (file, names, identities);
        _separator = file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? ',' : ' ';
        (int Folds, int Pairs)? lfw = LookAhead();
        int line = 0;
        foreach (string text in TextLines.Each(file, "a list of pairs"))
        {
            line++;
            if (text.AsSpan().Trim().IsEmpty)
                continue;
            try
            {
                if (_twoLines)
                    AddHalf(text, line);
                else if (lfw is null)
                    AddListed(text);
                else if (_lines.Count == 0 && !IsLfw)
                    IsLfw = true;
                else
                    AddLfw(text, line, lfw.Value);
            }
            catch (AtlException e)
            {
                throw new AtlException($"{file}:{line}: {e.Message}", e);
            }

            if (_pairs.Count > _lines.Count)
                _lines.Add(line);
        }

        if (_pairs.Count == 0)
            throw new AtlException($"{file}: no pairs, expected LFW's pairs.txt or lines of two names and 0 or 1");
        if (_half is { } alone)
            throw new AtlException(
                $"{file}:{alone.Line}: the last pair has one image, expected a line for the second one");
        if (lfw is { } header && _pairs.Count < Expected(header))
            throw new AtlException(
                $"{file}:{line}: the list ends after {_pairs.Count} pairs, {Counts(header)}{_firstMisplaced}");
        Absent = [.. _absent.Keys];
        if (_pairs.TrueForAll(pair => Math.Min(pair.First, pair.Second) >= names.Count))
            throw new AtlException($"{file}: {NameMismatch.Describe(names, Absent.Count, Absent[0], _lines[0])}");
        int count = lfw?.Folds ?? (_anyFold ? CheckedFolds() : Deal(folds));
        if (count > MostFolds)
            throw new AtlException(
                $"{file}: {count} folds of {_pairs.Count} pairs, expected at most {MostFolds} folds");
        List = new PairList(_pairs, count);
    }

    /// <summary>The list.</summary>
    public string File { get; }

    /// <summary>Whether it is LFW's pairs.txt.</summary>
    public bool IsLfw { get; private set; }

    /// <summary>The pairs; images without a feature are numbered from the number of names on.</summary>
    public PairList List { get; }

    /// <summary>The line of each pair, from 1.</summary>
    public IReadOnlyList<int> Lines => _lines;

    /// <summary>
    /// Positions of LFW's pairs of one person where the first line asks for pairs of two, and the other way round.
    /// </summary>
    public IReadOnlyList<int> Misplaced => _misplaced;

    /// <summary>The images that the list names and that have no feature, in the order in which they come.</summary>
    public IReadOnlyList<string> Absent { get; }

    /// <summary>Reads a list.</summary>
    /// <param name="file">The list.</param>
    /// <param name="names">The images that have features.</param>
    /// <param name="identities">The identity of each of them, where known: for lists without 0 or 1.</param>
    /// <param name="folds">
    /// Into how many folds pairs are put whose list has none: the genuine pairs in so many runs of equal length, and
    /// likewise the impostor pairs.
    /// </param>
    /// <exception cref="AtlException">
    /// The list is missing or empty, a line is not understood (file and line are named), LFW's list has not as many
    /// pairs as its first line says, or none of its images has a feature.
    /// </exception>
    public static PairFile Read(string file, ImageNames names, IReadOnlyList<string>? identities = null, int folds = 10)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 1);
        return new PairFile(file, names, identities, folds);
    }

    // Finds out LFW's format by its first two lines, where a list has its 0 and 1 by the first line that has them at
    // one end only, and whether each line has one image and 0 or 1.
    private (int Folds, int Pairs)? LookAhead()
    {
        string? first = null, second = null;
        bool told = false, halves = !IsImage("0") && !IsImage("1");
        Span<Range> fields = stackalloc Range[6];
        foreach (string text in TextLines.Each(File, "a list of pairs"))
        {
            if (text.AsSpan().Trim().IsEmpty)
                continue;
            if (first is null)
                first = text;
            else
                second ??= text;
            if (second is not null && LfwHeader(first, second) is { } header)
                return header;
            int count = Split(text, fields);
            halves = halves && count == 2 && IsAnswer(text.AsSpan()[fields[1]]);
            bool begins = count >= 3 && IsAnswer(text.AsSpan()[fields[0]]), ends = count >= 3
                && IsAnswer(text.AsSpan()[fields[2]]);
            if (begins != ends && !told)
                (told, _labelFirst) = (true, begins);
            if (told && second is not null)
                break;
        }

        _twoLines = halves && first is not null;
        return null;
    }

    private bool IsImage(string name)
    {
        try
        {
            return _names.Find(name) is not null;
        }
        catch (AtlException)
        {
            return true;
        }
    }

    private (int Folds, int Pairs)? LfwHeader(string first, string second)
    {
        Span<Range> fields = stackalloc Range[6];
        int count = Split(first, fields);
        if (count is 0 or > 2 || !IsCount(first.AsSpan()[fields[0]], out int a)
            || !IsCount(first.AsSpan()[fields[count - 1]], out int b))
            return null;
        return Split(second, fields) is 3 or 4 ? (count == 1 ? 1 : a, b) : null;
    }

    private void AddLfw(string text, int lineNumber, (int Folds, int Pairs) header)
    {
        Span<Range> fields = stackalloc Range[6];
        int count = Split(text, fields);
        ReadOnlySpan<char> line = text;
        bool same = count == 3;
        int i = 0, j = 0;
        if (count is not (3 or 4) || !IsCount(line[fields[1]], out i) || !IsCount(line[fields[count - 1]], out j))
            throw new AtlException($"found '{text.Trim()}', expected 'name i j' or 'name1 i name2 j'");
        (long fold, long place) = Math.DivRem(_pairs.Count, 2L * header.Pairs);
        if (fold >= header.Folds)
            throw new AtlException($"pair {_pairs.Count + 1}, {Counts(header)}{_firstMisplaced}");
        if (same != place < header.Pairs)
        {
            if (_misplaced.Count == 0)
            {
                string wanted = same ? "'name1 i name2 j'" : "'name i j'";
                _firstMisplaced = $"; the first that does not fit is line "
                    + $"{lineNumber}: found '{text.Trim()}', expected {wanted} "
                    + $"as pair {place + 1} of fold {fold + 1} (a line before it is missing or too much, or the "
                    + "first line is another list's)";
            }

            _misplaced.Add(_pairs.Count);
        }

        string one = line[fields[0]].ToString(), two = same ? one : line[fields[2]].ToString();
        int a = _names.FindLfw(one, i) ?? AbsentRow($"{one}/{ImageNames.LfwName(one, i)}");
        int b = _names.FindLfw(two, j) ?? AbsentRow($"{two}/{ImageNames.LfwName(two, j)}");
        _pairs.Add(new FacePair(a, b, same, (int)fold));
    }

    private static long Expected((int Folds, int Pairs) header) => 2L * header.Pairs * header.Folds;

    private static string Counts((int Folds, int Pairs) header) =>
        $"expected {Expected(header)} by the first line: {Amount.Of(header.Folds, "fold")} of "
            + $"{Amount.Of(header.Pairs, "pair")} of the same "
            + "identity and as many of different ones";

    // One image of a list with two lines a pair.
    private void AddHalf(string text, int line)
    {
        Span<Range> fields = stackalloc Range[6];
        _ = Split(text, fields);
        int row = RowOf(text.AsSpan()[fields[0]]);
        bool same = text.AsSpan()[fields[1]] is "1";
        if (_half is not { } first)
        {
            _half = (row, same, line);
            return;
        }

        if (first.Same != same)
            throw new AtlException(
                $"found '{text.Trim()}', expected the second image of the pair with {(first.Same ? 1 : 0)} as in "
                    + $"line {first.Line}");
        _pairs.Add(new FacePair(first.Row, row, same, 0));
        _lines.Add(first.Line);
        _half = null;
    }

    private void AddListed(string text)
    {
        Span<Range> fields = stackalloc Range[6];
        int count = Split(text, fields);
        ReadOnlySpan<char> line = text;
        int fold = 0;
        bool answered = count is 3 or 4 && IsAnswer(line[fields[_labelFirst ? 0 : 2]]);
        bool folded = count == 4;
        if (!(answered || count == 2)
            || (folded && !int.TryParse(line[fields[3]], NumberStyles.None, CultureInfo.InvariantCulture, out fold)))
        {
            string columns = _labelFirst ? "0 or 1 and two names" : "two names and 0 or 1", parted = _separator == ','
                ? "commas" : "tabs or spaces";
            throw new AtlException($"found '{text.Trim()}', expected {columns} (and a fold), columns separated by "
                + $"{parted}");
        }

        if (folded != _anyFold && _pairs.Count > 0)
            throw new AtlException($"found '{text.Trim()}' {(folded ? "with" : "without")} a fold, expected all "
                + "lines with one or none");
        _anyFold = folded;
        int from = answered && _labelFirst ? 1 : 0;
        int a = RowOf(line[fields[from]]), b = RowOf(line[fields[from + 1]]);
        bool same = answered ? line[fields[_labelFirst ? 0 : 2]][0] == '1' : SameByIdentity(a, b);
        _pairs.Add(new FacePair(a, b, same, fold));
    }

    private bool SameByIdentity(int a, int b)
    {
        if (_identities is null)
            throw new AtlException("a pair without 0 or 1, expected it, or identities of both images");
        // A pair with an absent image has no score, whichever kind it is.
        return a < _names.Count && b < _names.Count && _identities[a] == _identities[b];
    }

    private int RowOf(ReadOnlySpan<char> column)
    {
        ReadOnlySpan<char> name = column is ['"', ..] ? QuotedName.Parse(column.ToString()) : column;
        return _names.Find(name) ?? AbsentRow(name.ToString());
    }

    private int AbsentRow(string name)
    {
        if (!_absent.TryGetValue(name, out int row))
            _absent[name] = row = _names.Count + _absent.Count;
        return row;
    }

    private int CheckedFolds()
    {
        // Folds that count from 1, as people do, are not one more with the first empty.
        int least = _pairs.Min(pair => pair.Fold), from = least == 1 ? 1 : 0, most = _pairs.Max(pair => pair.Fold);
        if (most > _pairs.Count)
            throw new AtlException(
                $"{File}: a fold {most} for {_pairs.Count} pairs, expected folds that count from 0 or 1");
        for (int i = 0; i < _pairs.Count && from > 0; i++)
            _pairs[i] = _pairs[i] with { Fold = _pairs[i].Fold - from };
        return most - from + 1;
    }

    private int Deal(int folds)
    {
        long genuine = _pairs.LongCount(pair => pair.Same), impostor = _pairs.Count - genuine, nextGenuine = 0,
            nextImpostor = 0;
        for (int i = 0; i < _pairs.Count; i++)
        {
            long fold = _pairs[i].Same ? nextGenuine++ * folds / genuine : nextImpostor++ * folds / impostor;
            _pairs[i] = _pairs[i] with { Fold = (int)fold };
        }

        return folds;
    }

    private int Split(ReadOnlySpan<char> line, Span<Range> fields)
    {
        const StringSplitOptions Options = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        return line.Contains('\t') ? line.Split(fields, '\t', Options) : line.Split(fields, _separator, Options);
    }

    private static bool IsAnswer(ReadOnlySpan<char> field) => field is "0" or "1";

    private static bool IsCount(ReadOnlySpan<char> field, out int count) =>
        int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0;
}
