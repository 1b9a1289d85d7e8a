namespace Atl.Proto;

/// <summary>Finds the known name that a misspelt one most likely meant.</summary>
public static class NearestName
{
    /// <summary>
    /// The candidate with the smallest edit distance to <paramref name="name"/> (insertions, deletions, replacements and swaps of
    /// neighbours, upper and lower case being equal), or null when none is near: a fifth of the name's length, at least 2 edits, is the limit.
    /// Among equally near candidates the first wins.
    /// </summary>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        string wanted = name.ToLowerInvariant();
        int limit = Math.Max(2, wanted.Length / 5);
        string? nearest = null;
        int least = limit + 1;
        foreach (string candidate in candidates)
        {
            if (Math.Abs(candidate.Length - wanted.Length) >= least)
                continue;
            int distance = Distance(wanted, candidate.ToLowerInvariant());
            // A distance as long as the word itself means that nothing agrees.
            if (distance < least && distance < Math.Max(wanted.Length, candidate.Length))
            {
                least = distance;
                nearest = candidate;
            }
        }
        return nearest;
    }

    /// <summary><c>, did you mean 'x'?</c> for the nearest candidate, or nothing when none is near.</summary>
    public static string Hint(string name, IEnumerable<string> candidates) =>
        Find(name, candidates) is { } nearest ? $", did you mean '{nearest}'?" : "";

    /// <summary>The edit distance of two words: the least number of insertions, deletions, replacements and swaps of neighbours.</summary>
    public static int Distance(string first, string second)
    {
        int[] beforeLast = new int[second.Length + 1];
        int[] last = new int[second.Length + 1];
        int[] row = new int[second.Length + 1];
        for (int j = 0; j <= second.Length; j++)
            last[j] = j;
        for (int i = 1; i <= first.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= second.Length; j++)
            {
                int replaced = last[j - 1] + (first[i - 1] == second[j - 1] ? 0 : 1);
                int best = Math.Min(replaced, 1 + Math.Min(last[j], row[j - 1]));
                if (i > 1 && j > 1 && first[i - 1] == second[j - 2] && first[i - 2] == second[j - 1])
                    best = Math.Min(best, beforeLast[j - 2] + 1);
                row[j] = best;
            }
            (beforeLast, last, row) = (last, row, beforeLast);
        }
        return last[second.Length];
    }
}
