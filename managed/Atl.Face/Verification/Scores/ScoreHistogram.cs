namespace Atl.Face.Verification;

/// <summary>Counts of genuine and impostor pairs by their cosine, rounded to multiples of <see cref="Resolution"/>: any
/// number of pairs in 32 MB.</summary>
internal sealed class ScoreHistogram
{
    /// <summary>The distance between neighboring scores, 2⁻²⁰.</summary>
    public const double Resolution = 1.0 / Half;

    /// <summary>The number of scores, −1 and 1 included.</summary>
    public const int Bins = (2 * Half) + 1;

    private const int Half = 1 << 20;

    /// <summary>Genuine pairs at each score.</summary>
    public long[] Genuine { get; } = new long[Bins];

    /// <summary>Impostor pairs at each score.</summary>
    public long[] Impostor { get; } = new long[Bins];

    /// <summary>The bin of a cosine; a little beyond ±1 counts as ±1.</summary>
    public static int BinOf(float cosine) => (int)MathF.Round(Math.Clamp(cosine, -1f, 1f) * Half) + Half;

    /// <summary>The nearest bin of any score.</summary>
    public static int BinOf(double score) => (int)Math.Round(Math.Clamp(score, -1, 1) * Half) + Half;

    /// <summary>The score of a bin.</summary>
    public static double ScoreOf(int bin) => (bin - Half) * Resolution;

    /// <summary>The distribution of the rounded scores.</summary>
    public CountedScores ToScores()
    {
        var scores = new List<double>();
        var genuine = new List<long>();
        var impostor = new List<long>();
        for (int bin = 0; bin < Bins; bin++)
        {
            if (Genuine[bin] + Impostor[bin] == 0)
                continue;
            scores.Add(ScoreOf(bin));
            genuine.Add(Genuine[bin]);
            impostor.Add(Impostor[bin]);
        }

        return new CountedScores(scores, genuine, impostor);
    }
}
