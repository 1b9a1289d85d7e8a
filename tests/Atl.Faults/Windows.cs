namespace Atl.Faults;

/// <summary>Chooses the calls at which a job is disturbed.</summary>
internal static class Windows
{
    /// <summary>
    /// The calls between which the folder's state differs in kind: all but writes, and of each file's writes the first
    /// and the last.
    /// </summary>
    public static FaultCall[] Of(IReadOnlyList<FaultCall> calls)
    {
        HashSet<int> ends = [];
        foreach (IGrouping<string, FaultCall> file in calls.Where(call => call.Operation == "write")
            .GroupBy(call => call.Path))
        {
            ends.Add(file.First().Number);
            ends.Add(file.Last().Number);
        }
        return [.. calls.Where(call => call.Operation != "write" || ends.Contains(call.Number))];
    }

    /// <summary>So many of a list, evenly spread and at random within their part of it.</summary>
    public static IEnumerable<T> Choose<T>(IReadOnlyList<T> items, int count, int seed)
    {
        Random random = new(seed);
        count = Math.Min(count, items.Count);
        for (int i = 0; i < count; i++)
        {
            int from = i * items.Count / count, to = (i + 1) * items.Count / count;
            yield return items[random.Next(from, to)];
        }
    }
}
