namespace Atl.Layers;

/// <summary>Whether bottoms and tops have a blob in common, as those of a layer in place do.</summary>
internal static class CommonBlobs
{
    // Up to so many pairs are compared one by one, which takes no memory.
    private const long FewPairs = 64;

    /// <summary>Whether there is a blob in both lists.</summary>
    public static bool Any(IReadOnlyList<Blob> some, IReadOnlyList<Blob> others)
    {
        if ((long)some.Count * others.Count > FewPairs) return some.Intersect(others).Any();
        for (int i = 0; i < some.Count; i++)
            for (int j = 0; j < others.Count; j++)
                if (some[i] == others[j])
                    return true;
        return false;
    }
}
