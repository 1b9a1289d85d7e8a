using Atl.Proto;

namespace Atl.Fillers;

/// <summary>
/// Starting values of parameters, as Caffe's fillers. With n = fan_in (count / shape[0]), fan_out (count / shape[1]) or
/// their average, as variance_norm says: <c>constant</c> value; <c>uniform</c> in [min, max); <c>gaussian</c> mean,
/// std, and with <c>sparse</c> only that many non-zero weights for each output on average; <c>positive_unitball</c>
/// uniform rows that sum to 1; <c>xavier</c> uniform in ±√(3/n) (Glorot and Bengio, 2010); <c>msra</c> gaussian of std
/// √(2/n) (He et al., 2015); <c>bilinear</c> the interpolation kernel for a Deconvolution.
/// </summary>
public static class Filler
{
    private static readonly string[] Types = ["constant", "uniform", "gaussian", "positive_unitball", "xavier", "msra",
        "bilinear"];

    /// <summary>Checks that a filler can fill a tensor of a shape.</summary>
    /// <exception cref="FillerException">The type is unknown or its parameters do not fit the shape.</exception>
    internal static void Check(FillerParameter parameter, Shape shape)
    {
        string type = parameter.Type;
        if (!Types.Contains(type))
            throw Error(parameter, $"unknown filler type '{type}'{NearestName.Hint(type, Types)}");
        if (parameter.Sparse != -1 && type != "gaussian")
            throw Error(parameter, $"sparse is for the gaussian filler, found with '{type}'");
        if (parameter.Sparse < -1)
            throw Error(parameter, $"sparse must be -1 (none) or more, found {parameter.Sparse}");
        if (type == "uniform" && !float.IsFinite(parameter.Max - parameter.Min))
            throw Error(parameter,
                FormattableString.Invariant($"min {parameter.Min} and max {parameter.Max} are too far apart"));
        if (type == "uniform" && parameter.Min > parameter.Max)
            throw Error(parameter, FormattableString.Invariant(
                $"min must not be above max, found min {parameter.Min} and max {parameter.Max}"));
        if (type == "gaussian" && parameter.Std < 0)
            throw Error(parameter, FormattableString.Invariant($"std must be 0 or more, found {parameter.Std}"));
        if (type == "gaussian" && parameter.Sparse >= 0 && shape.NumAxes < 1)
            throw Error(parameter, $"sparse needs a blob with at least one axis, found shape {shape}");
        if (type is "xavier" or "msra" && (shape.NumAxes < 1 || shape.Count == 0))
            throw Error(parameter, $"the {type} filler needs a blob with elements and an axis, found shape {shape}");
        if (type == "bilinear" && (shape.NumAxes != 4 || shape[2] != shape[3]))
            throw Error(parameter, $"the bilinear filler needs 4 axes and a square kernel, found shape {shape}");
    }

    /// <summary>Fills a tensor, drawing from a stream.</summary>
    /// <exception cref="FillerException">The type is unknown or its parameters do not fit the shape.</exception>
    public static void Fill(FillerParameter parameter, Tensor target, RandomStream stream)
    {
        Check(parameter, target.Shape);
        switch (parameter.Type)
        {
            case "constant":
                target.Fill(parameter.Value);
                break;
            case "uniform":
                Uniform(target, parameter.Min, parameter.Max, stream);
                break;
            case "gaussian":
                Gaussian(target, parameter.Mean, parameter.Std, stream);
                if (parameter.Sparse >= 0) Thin(target, (float)parameter.Sparse / Math.Max(1, target.Shape[0]), stream);
                break;
            case "positive_unitball":
                PositiveUnitBall(target, stream);
                break;
            case "xavier":
                float bound = MathF.Sqrt(3 / Fan(parameter, target.Shape));
                Uniform(target, -bound, bound, stream);
                break;
            case "msra":
                Gaussian(target, 0, MathF.Sqrt(2 / Fan(parameter, target.Shape)), stream);
                break;
            case "bilinear":
                Bilinear(target, target.Shape[3]);
                break;
        }
        GC.KeepAlive(target);
    }

    private static void Uniform(Tensor target, float min, float max, RandomStream stream)
    {
        foreach ((long first, int count) in target.Parts())
            foreach (ref float value in target.AsWriteOnlySpan(first, count))
                value = min + (max - min) * stream.NextSingle();
    }

    private static void Gaussian(Tensor target, float mean, float std, RandomStream stream)
    {
        foreach ((long first, int count) in target.Parts())
            foreach (ref float value in target.AsWriteOnlySpan(first, count))
                value = mean + std * stream.NextGaussian();
    }

    private static void Thin(Tensor target, float probability, RandomStream stream)
    {
        foreach ((long first, int count) in target.Parts())
            foreach (ref float value in target.AsWriteOnlySpan(first, count))
                if (stream.NextSingle() >= probability)
                    value = 0;
    }

    private static void PositiveUnitBall(Tensor target, RandomStream stream)
    {
        Uniform(target, 0, 1, stream);
        if (target.Count == 0) return;
        long row = target.Count / Math.Max(1, target.Shape.Legacy(0));
        for (long start = 0; start < target.Count; start += row)
        {
            double sum = 0;
            foreach ((long first, int count) in Tensor.Parts(row))
                foreach (float value in target.AsReadOnlySpan(start + first, count)) sum += value;
            foreach ((long first, int count) in Tensor.Parts(row))
                foreach (ref float value in target.AsWriteOnlySpan(start + first, count)) value = (float)(value / sum);
        }
    }

    private static void Bilinear(Tensor target, int size)
    {
        float factor = MathF.Ceiling(size / 2f), centre = (size - 1) / (2 * factor);
        foreach ((long first, int count) in target.Parts())
        {
            Span<float> values = target.AsWriteOnlySpan(first, count);
            for (int i = 0; i < count; i++)
            {
                float x = (first + i) % size, y = (first + i) / size % size;
                values[i] = (1 - MathF.Abs(x / factor - centre)) * (1 - MathF.Abs(y / factor - centre));
            }
        }
    }

    private static float Fan(FillerParameter parameter, Shape shape)
    {
        float fanIn = (float)shape.Count / shape[0], fanOut = shape.NumAxes > 1 ? (float)shape.Count / shape[1]
            : shape.Count;
        return parameter.VarianceNorm switch
        {
            FillerParameter.Types.VarianceNorm.FanOut => fanOut,
            FillerParameter.Types.VarianceNorm.Average => (fanIn + fanOut) / 2,
            _ => fanIn,
        };
    }

    private static FillerException Error(FillerParameter parameter, string message) =>
        new(SourceMap.Prefix(parameter) + message);
}
