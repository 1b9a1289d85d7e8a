namespace Atl.Tests.GradientChecking;

/// <summary>Fills test inputs from a random stream.</summary>
internal delegate void Values(Span<float> values, RandomStream stream);

/// <summary>The kinds of test inputs.</summary>
internal static class Fill
{
    /// <summary>Uniform in [low, high).</summary>
    public static Values Uniform(float low = -1, float high = 1) => (values, stream) =>
    {
        foreach (ref float value in values) value = low + (high - low) * stream.NextSingle();
    };

    /// <summary>Uniform in [low, high), but at least <paramref name="gap"/> away from each kink, where differences tell
    /// nothing of the gradient.</summary>
    public static Values Away(float low, float high, float gap, params float[] kinks) => (values, stream) =>
    {
        foreach (ref float value in values)
            do value = low + (high - low) * stream.NextSingle();
            while (Array.Exists(kinks, Near(value, gap)));
    };

    /// <summary>Normally distributed.</summary>
    public static Values Gaussian(float mean = 0, float std = 1) => (values, stream) =>
    {
        foreach (ref float value in values) value = mean + std * stream.NextGaussian();
    };

    /// <summary>
    /// All different, neighbours in size <paramref name="gap"/> apart, in random order around 0: no maximum changes
    /// place under a small step.
    /// </summary>
    public static Values Distinct(float gap = 0.1f) => (values, stream) =>
    {
        for (int i = 0; i < values.Length; i++) values[i] = (i - values.Length / 2) * gap;
        stream.Shuffle(values);
    };

    /// <summary>Whole numbers in [0, classes).</summary>
    public static Values Labels(int classes) => (values, stream) =>
    {
        foreach (ref float value in values) value = stream.Next(classes);
    };

    /// <summary>All the same.</summary>
    public static Values Constant(float constant) => (values, _) => values.Fill(constant);

    /// <summary>The listed values.</summary>
    public static Values Listed(params float[] listed) => (values, _) => listed.CopyTo(values);

    private static Predicate<float> Near(float value, float gap) => kink => Math.Abs(value - kink) < gap;
}
