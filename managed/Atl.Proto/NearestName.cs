namespace Atl.Proto;

/// <summary>Finds the known name that a misspelt one most likely meant.</summary>
internal static class NearestName
{
    // A distance takes time by the square of the length, and what is longer is no name.
    private const int LongestName = 1000;

    /// <summary>The nearest of the candidates that <see cref="FindSeveral"/> finds, or null when none is near; among
    /// equally near ones the first.</summary>
    public static string? Find(string name, IEnumerable<string> candidates) =>
        FindSeveral(name, candidates, 1).FirstOrDefault();

    /// <summary>
    /// The candidates with the smallest edit distances to <paramref name="name"/> (insertions, deletions, replacements
    /// and swaps of neighbors, upper and lower case being equal), nearest first and at most <paramref name="most"/>.
    /// Near is a fifth of the name's length, at least 2 edits. One that differs in upper and lower case alone stands by
    /// itself.
    /// </summary>
    public static IReadOnlyList<string> FindSeveral(string name, IEnumerable<string> candidates, int most)
    {
        if (name.Length > LongestName) return [];
        string wanted = name.ToLowerInvariant();
        int limit = Math.Max(2, wanted.Length / 5);
        List<(string Name, int Distance)> near = [];
        // The longest that is not passed over; names are short, and a file may have very many that are misspelt.
        Span<char> room = stackalloc char[wanted.Length + limit];
        Span<int> rows = stackalloc int[3 * (room.Length + 1)];
        foreach (string candidate in candidates)
        {
            if (Math.Abs(candidate.Length - wanted.Length) > limit)
                continue;
            Span<char> lower = room[..candidate.AsSpan().ToLowerInvariant(room)];
            int distance = Distance(wanted, lower, rows, limit);
            // A distance as long as the word itself means that nothing agrees.
            if (distance <= limit && distance < Math.Max(wanted.Length, candidate.Length))
                near.Add((candidate, distance));
        }
        int asked = near.Exists(found => found.Distance == 0) ? 1 : most;
        return [.. near.OrderBy(found => found.Distance).Take(asked).Select(found => found.Name)];
    }

    /// <summary><c>, did you mean 'x', 'y' or 'z'?</c> for up to <paramref name="most"/> of the nearest candidates, or
    /// nothing when none is near.</summary>
    public static string Hint(string name, IEnumerable<string> candidates, int most)
    {
        string[] near = [.. FindSeveral(name, candidates, most).Select(found => $"'{found}'")];
        return near.Length switch
        {
            0 => "",
            1 => $", did you mean {near[0]}?",
            _ => $", did you mean {string.Join(", ", near[..^1])} or {near[^1]}?",
        };
    }

    /// <summary><c>, did you mean 'x'?</c> for the nearest candidate, or nothing when none is near.</summary>
    public static string Hint(string name, IEnumerable<string> candidates) => Hint(name, candidates, 1);

    /// <summary>The edit distance of two words: the minimum number of insertions, deletions, replacements and swaps of
    /// neighbors.</summary>
    public static int Distance(string first, string second) =>
        Distance(first, second, new int[3 * (second.Length + 1)], int.MaxValue);

    // The distance, or a number above a limit where it is above it.
    private static int Distance(ReadOnlySpan<char> first, ReadOnlySpan<char> second, Span<int> rows, int limit)
    {
        int length = second.Length + 1;
        Span<int> beforeLast = rows[..length], last = rows.Slice(length, length), row = rows.Slice(2 * length, length);
        for (int j = 0; j < length; j++)
            last[j] = j;
        int leastOfLast = 0;
        for (int i = 1; i <= first.Length; i++)
        {
            int least = row[0] = i;
            for (int j = 1; j < length; j++)
            {
                int replaced = last[j - 1] + (first[i - 1] == second[j - 1] ? 0 : 1);
                int best = Math.Min(replaced, 1 + Math.Min(last[j], row[j - 1]));
                if (i > 1 && j > 1 && first[i - 1] == second[j - 2] && first[i - 2] == second[j - 1])
                    best = Math.Min(best, beforeLast[j - 2] + 1);
                row[j] = best;
                least = Math.Min(least, best);
            }
            // Whatever follows is reached through one of these two rows.
            if (least > limit && leastOfLast > limit) return least;
            leastOfLast = least;
            Span<int> free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[length - 1];
    }
}
