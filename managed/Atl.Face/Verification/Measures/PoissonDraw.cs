namespace Atl.Face.Verification;

/// <summary>Random numbers of a Poisson distribution.</summary>
internal static class PoissonDraw
{
    // From here on Hörmann's method holds; below, so many numbers of mean 1 are added.
    private const int LeastForRejection = 10;

    private static readonly byte[] OfMeanOne = MakeTable();

    /// <summary>A number of Poisson(<paramref name="mean"/>).</summary>
    public static long Next(RandomStream random, long mean)
    {
        if (mean >= LeastForRejection)
            return ByRejection(random, mean);
        int sum = 0;
        for (long i = 0; i < mean; i++)
            sum += OfMeanOne[random.NextUInt32() >> 16];
        return sum;
    }

    // W. Hörmann, "The transformed rejection method for generating Poisson random variables", Insurance: Mathematics
    // and Economics 12 (1993): PTRS.
    private static long ByRejection(RandomStream random, double mean)
    {
        double b = 0.931 + (2.53 * Math.Sqrt(mean)), a = -0.059 + (0.02483 * b);
        double inverseAlpha = 1.1239 + (1.1328 / (b - 3.4)), accepted = 0.9277 - (3.6224 / (b - 2));
        while (true)
        {
            double u = Uniform(random) - 0.5, v = Uniform(random), fromEnd = 0.5 - Math.Abs(u);
            double k = Math.Floor((((2 * a / fromEnd) + b) * u) + mean + 0.43);
            if (fromEnd >= 0.07 && v <= accepted)
                return (long)k;
            if (k < 0 || (fromEnd < 0.013 && v > fromEnd))
                continue;
            if (Math.Log(v * inverseAlpha / ((a / (fromEnd * fromEnd)) + b)) <= (k * Math.Log(mean)) - mean
                - LogFactorial(k))
                return (long)k;
        }
    }

    // In (0, 1).
    private static double Uniform(RandomStream random) => (random.NextUInt32() + 0.5) / 4294967296.0;

    // Stirling's series from 10 on, where its error is below 1e-9; a product below.
    private static double LogFactorial(double k)
    {
        if (k < 10)
        {
            double product = 1;
            for (int i = 2; i <= k; i++)
                product *= i;
            return Math.Log(product);
        }

        double inverse = 1 / k;
        return (k * Math.Log(k)) - k + (0.5 * Math.Log(2 * Math.PI * k))
            + (inverse * ((1.0 / 12) - (inverse * inverse * ((1.0 / 360) - (inverse * inverse / 1260)))));
    }

    // The number k that a 16-bit uniform number stands for: the minimum with P(X ≤ k) above it.
    private static byte[] MakeTable()
    {
        byte[] table = new byte[1 << 16];
        double probability = Math.Exp(-1), below = probability;
        byte k = 0;
        for (int i = 0; i < table.Length; i++)
        {
            while ((i + 0.5) / table.Length > below)
            {
                k++;
                probability /= k;
                below += probability;
            }

            table[i] = k;
        }

        return table;
    }
}
