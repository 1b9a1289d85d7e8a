using System.Numerics.Tensors;
using Atl.Layers;
using Atl.Logging;
using Atl.Proto;

namespace Atl.Solvers;

/// <summary>Finds where in a net NaN or infinity began, and says what to try where training has diverged.</summary>
internal static class NonFinite
{
    // Far beyond what weights of a net that learns come to; a run that diverges passes it within a few iterations.
    private const float RunAway = 1e6f;

    /// <summary>
    /// Describes the first layer, in order of execution, whose top (or a parameter before it) is not finite.
    /// </summary>
    public static string FindInData(Net net)
    {
        for (int i = 0; i < net.Layers.Count; i++)
        {
            Layer layer = net.Layers[i];
            foreach (Blob top in net.Tops(i))
            {
                if (Count(top.Data) is not (> 0 and var found)) continue;
                string text = $"the first layer whose top is not finite is "
                    + $"'{layer.Name}' ({layer.Type}): {found} of {top.Count} values of '{top.Name}'";
                string[] others = InPlaceAfter(net, i, top);
                if (others.Length > 0)
                    text +=
                        $", which {string.Join(", ", others)} {(others.Length == 1 ? "works" : "work")} on in place";
                return text + Cause(layer, net.Bottoms(i)) + Advice(net);
            }
        }
        return "every top is finite, so the sum of the losses overflowed" + Advice(net);
    }

    /// <summary>
    /// Describes the last layer, the first in backward's order, whose parameter has a gradient that is not finite.
    /// </summary>
    public static string FindInGradients(Net net)
    {
        for (int i = net.LearnableParameters.Count - 1; i >= 0; i--)
        {
            LearnableParameter parameter = net.LearnableParameters[i];
            if (Count(parameter.Blob.Diff) is > 0 and var found)
                return $"the first in backward's order is parameter {parameter.Index} of layer "
                    + $"'{parameter.Layer}': {found} of {parameter.Blob.Count} values"
                    + Advice(net);
        }
        return "every gradient is finite, so the sum of their squares overflowed" + Advice(net);
    }

    private static string Cause(Layer layer, IReadOnlyList<Blob> bottom)
    {
        for (int b = 0; b < layer.Blobs.Count; b++)
            if (Count(layer.Blobs[b].Data) is > 0 and var found)
                return $"; its parameter {b} holds {Amount.Of(found, "non-finite value")}, so an earlier update (or the "
                    + "weights that were loaded) made it";
        string cause = layer.Blobs.Count > 0
            ? $"; its parameters are finite, the largest {Largest(layer.Blobs.Select(blob => blob.Data))}" : "";
        return bottom.Count > 0
            ? $"{cause}; the largest value that it was given is {Largest(bottom.Select(blob => blob.Data))}" : cause;
    }

    // A fault of the net comes first. The updates are at fault where a parameter has run away, and else the data or the
    // net.
    private static string Advice(Net net)
    {
        string faults = Hints(net, atFault: true);
        if (net.LearnableParameters.All(parameter => Magnitude(parameter.Blob.Data) <= RunAway)) return faults;
        return $"{faults}; parameters have run away: try a smaller base_lr or "
            + $"clip_gradients{Hints(net, atFault: false)}";
    }

    private static string Hints(Net net, bool atFault) => string.Concat(net.Layers.OfType<IDivergenceHint>()
        .Where(layer => layer.HintsAtFault == atFault && layer.DivergenceHint is not null)
        .Select(layer =>
            $"; '{((Layer)layer).Name}' ({((Layer)layer).Type}){(atFault ? " " : ": ")}{layer.DivergenceHint}"));

    private static string[] InPlaceAfter(Net net, int layer, Blob top) =>
    [
        .. Enumerable.Range(layer + 1, net.Layers.Count - layer - 1)
            .Where(i => net.Tops(i).Contains(top))
            .Select(i => $"'{net.Layers[i].Name}'"),
    ];

    private static string Largest(IEnumerable<Tensor> tensors) => LogNumber.Format(tensors.Max(Magnitude));

    private static float Magnitude(Tensor tensor)
    {
        float most = 0;
        foreach ((long first, int count) in tensor.Parts())
            most = MathF.Max(most, MathF.Abs(TensorPrimitives.MaxMagnitude(tensor.AsReadOnlySpan(first, count))));
        return most;
    }

    private static long Count(Tensor tensor) => (long)tensor.SumOfParts(values =>
    {
        if (float.IsFinite(TensorPrimitives.SumOfMagnitudes(values))) return 0;
        long found = 0;
        foreach (float value in values)
            if (!float.IsFinite(value))
                found++;
        return found;
    });
}
