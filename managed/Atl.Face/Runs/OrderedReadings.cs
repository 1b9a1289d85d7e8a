namespace Atl.Face.Runs;

/// <summary>Readings of one kind by rising iteration, in whatever order they come; of two of one place the later one
/// counts.</summary>
/// <param name="part">Distinguishes readings of one iteration.</param>
internal sealed class OrderedReadings<T>(Func<T, int> part)
    where T : RunEntry
{
    private readonly SortedSet<T> _readings = new(Comparer<T>.Create((a, b) =>
        a.Iteration != b.Iteration ? a.Iteration.CompareTo(b.Iteration) : part(a).CompareTo(part(b))));

    private T[]? _list;

    /// <summary>The readings.</summary>
    public IReadOnlyList<T> List => _list ??= [.. _readings];

    /// <summary>Adds a reading.</summary>
    /// <returns>What is odd about it; null where it follows those that are there.</returns>
    public string? Add(T reading)
    {
        _list = null;
        string? odd = _readings.Max is { } last && last.Iteration > reading.Iteration
            ? $"iteration {reading.Iteration} after {last.Iteration}" : null;
        if (_readings.Add(reading)) return odd;
        _readings.Remove(reading);
        _readings.Add(reading);
        return $"iteration {reading.Iteration} for a second time";
    }

    /// <summary>Removes the readings of an iteration and later ones.</summary>
    public void DropFrom(long iteration)
    {
        _list = null;
        while (_readings.Max is { } last && last.Iteration >= iteration) _readings.Remove(last);
    }
}
