using Atl.Face.Synthesis;

namespace Atl.Face.Verification;

/// <summary>
/// Draws a protocol like LFW's from identity labels: folds that share no identity, each with as many genuine as
/// impostor pairs, no pair twice. The same seed gives the same pairs on every machine.
/// </summary>
internal static class BalancedPairs
{
    /// <summary>Draws the pairs.</summary>
    /// <param name="labels">The identity of each image.</param>
    /// <param name="pairsPerFold">Genuine pairs wanted in a fold, and impostor pairs likewise; a fold that has fewer
    /// distinct ones of either kind gets as many of both as it has (the pair list's counts tell).</param>
    /// <param name="seed">Chooses the folds and pairs.</param>
    /// <param name="folds">Number of folds.</param>
    /// <exception cref="ArgumentException">There are fewer than two identities a fold.</exception>
    public static PairList Create(ReadOnlySpan<int> labels, int pairsPerFold, ulong seed, int folds = 10)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pairsPerFold);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 1);
        var byIdentity = new SortedDictionary<int, List<int>>();
        for (int i = 0; i < labels.Length; i++)
        {
            if (!byIdentity.TryGetValue(labels[i], out List<int>? images))
                byIdentity[labels[i]] = images = [];
            images.Add(i);
        }

        if (byIdentity.Count < 2 * folds)
            throw new ArgumentException($"{folds} folds with two identities each need {2 * folds} identities, found "
                + $"{byIdentity.Count}");

        List<int>[] identities = [.. byIdentity.Values];
        var random = new FaceRandom(seed, 0xBA1A_9CED, 0);
        Shuffle(identities, ref random);
        var pairs = new List<FacePair>();
        for (int fold = 0; fold < folds; fold++)
        {
            int first = (int)((long)fold * identities.Length / folds),
                end = (int)((fold + 1L) * identities.Length / folds);
            AddFold(identities.AsSpan(first, end - first), fold, pairsPerFold, ref random, pairs);
        }

        return new PairList(pairs, folds);
    }

    private static void AddFold(ReadOnlySpan<List<int>> identities, int fold, int wanted, ref FaceRandom random,
        List<FacePair> pairs)
    {
        // Every possible pair has a number; distinct numbers are drawn, so no pair comes twice and a small fold can be
        // exhausted.
        long[] genuineUpTo = new long[identities.Length + 1];
        var images = new List<(int Image, int Identity)>();
        for (int k = 0; k < identities.Length; k++)
        {
            long n = identities[k].Count;
            genuineUpTo[k + 1] = genuineUpTo[k] + (n * (n - 1) / 2);
            foreach (int image in identities[k])
                images.Add((image, k));
        }

        long genuine = genuineUpTo[^1], impostor = ((long)images.Count * (images.Count - 1) / 2) - genuine;
        int count = (int)Math.Min(wanted, Math.Min(genuine, impostor));
        foreach (long number in DistinctBelow(genuine, count, ref random))
        {
            int k = Array.BinarySearch(genuineUpTo, number);
            // An exact hit may be one of several equal starts (identities with one image have no pair): the last of
            // them holds the pair.
            k = k < 0 ? ~k - 1 : k;
            while (genuineUpTo[k + 1] <= number)
                k++;
            (int a, int b) = Unrank(number - genuineUpTo[k]);
            pairs.Add(new FacePair(identities[k][a], identities[k][b], true, fold));
        }

        var drawn = new HashSet<(int, int)>();
        while (drawn.Count < count)
        {
            int a = random.Below(images.Count), b = random.Below(images.Count);
            if (images[a].Identity != images[b].Identity && drawn.Add((Math.Min(a, b), Math.Max(a, b))))
                pairs.Add(new FacePair(images[Math.Min(a, b)].Image, images[Math.Max(a, b)].Image, false, fold));
        }
    }

    /// <summary>Floyd's sampling: <paramref name="count"/> distinct numbers below <paramref name="limit"/>.</summary>
    private static HashSet<long> DistinctBelow(long limit, int count, ref FaceRandom random)
    {
        var chosen = new HashSet<long>(count);
        for (long j = limit - count; j < limit; j++)
        {
            long pick = (long)Math.BigMul(random.NextBits(), (ulong)(j + 1), out _);
            if (!chosen.Add(pick))
                chosen.Add(j);
        }

        return chosen;
    }

    /// <summary>The pair a &lt; b whose number b(b − 1)/2 + a is <paramref name="number"/>.</summary>
    private static (int First, int Second) Unrank(long number)
    {
        long b = (long)((1 + Math.Sqrt(1 + (8.0 * number))) / 2);
        while (b * (b - 1) / 2 > number)
            b--;
        while ((b + 1) * b / 2 <= number)
            b++;
        return ((int)(number - (b * (b - 1) / 2)), (int)b);
    }

    private static void Shuffle<T>(T[] items, ref FaceRandom random)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = random.Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
