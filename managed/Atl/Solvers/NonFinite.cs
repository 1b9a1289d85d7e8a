using System.Numerics.Tensors;
using Atl.Layers;

namespace Atl.Solvers;

/// <summary>Finds where in a net NaN or infinity began.</summary>
internal static class NonFinite
{
    /// <summary>What to say about the first layer, in order of execution, whose top (or a parameter before it) is not finite.</summary>
    public static string FindInData(Net net)
    {
        for (int i = 0; i < net.Layers.Count; i++)
        {
            Layer layer = net.Layers[i];
            foreach (Blob top in net.Tops(i))
            {
                if (Count(top.Data) is not (> 0 and var found)) continue;
                string text = $"the first layer whose top is not finite is '{layer.Name}' ({layer.Type()}): {found} of {top.Count} values of '{top.Name}'";
                if (InPlaceAfter(net, i, top) is { Length: > 0 } others) text += $", which {others} work on in place";
                return text + Cause(layer);
            }
        }
        return "every top is finite, so the sum of the losses overflowed";
    }

    /// <summary>What to say about the last layer, the first in backward's order, whose parameter has a gradient that is not finite.</summary>
    public static string FindInGradients(Net net)
    {
        for (int i = net.LearnableParameters.Count - 1; i >= 0; i--)
        {
            LearnableParameter parameter = net.LearnableParameters[i];
            if (Count(parameter.Blob.Diff) is > 0 and var found)
                return $"the first in backward's order is parameter {parameter.Index} of layer '{parameter.Layer}': {found} of {parameter.Blob.Count} values";
        }
        return "every gradient is finite, so the sum of their squares overflowed";
    }

    private static string Cause(Layer layer)
    {
        for (int b = 0; b < layer.Blobs.Count; b++)
            if (Count(layer.Blobs[b].Data) is > 0 and var found)
                return $"; its parameter {b} holds {found} values that are not finite, so an earlier update (or the weights that were loaded) made it";
        return layer.Blobs.Count > 0 ? "; its parameters are finite" : "";
    }

    private static string InPlaceAfter(Net net, int layer, Blob top) => string.Join(
        ", ",
        Enumerable.Range(layer + 1, net.Layers.Count - layer - 1)
            .Where(i => net.Tops(i).Contains(top))
            .Select(i => $"'{net.Layers[i].Name}'"));

    private static long Count(Tensor tensor)
    {
        ReadOnlySpan<float> values = tensor.AsReadOnlySpan();
        if (float.IsFinite(TensorPrimitives.SumOfMagnitudes(values))) return 0;
        long count = 0;
        foreach (float value in values)
            if (!float.IsFinite(value))
                count++;
        return count;
    }

    private static string Type(this Layer layer) => layer.Parameter.Type;
}
