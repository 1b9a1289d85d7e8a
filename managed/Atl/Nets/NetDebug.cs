using System.Globalization;
using System.Numerics.Tensors;
using Atl.Layers;
using Atl.Logging;
using Microsoft.Extensions.Logging;

namespace Atl.Nets;

/// <summary>debug_info: the mean absolute value of every blob and parameter as it is computed, in Caffe's
/// words.</summary>
internal static class NetDebug
{
    public static void Forward(NetNode node, ILogger logger)
    {
        foreach (Blob top in node.Top)
            logger.Info("net_debug.cpp", $"    [Forward] Layer {node.Layer.Name}, top blob {top.Name} data: "
                + $"{LogNumber.FormatMeanMagnitude(top.Data)}");
        for (int i = 0; i < node.Layer.Blobs.Count; i++)
            logger.Info("net_debug.cpp",
                $"    [Forward] Layer {node.Layer.Name}, param blob {ParameterName(node.Layer, i)} data: "
                + $"{LogNumber.FormatMeanMagnitude(node.Layer.Blobs[i].Data)}");
    }

    public static void Backward(NetNode node, ILogger logger)
    {
        for (int i = 0; i < node.Bottom.Count; i++)
            if (node.BottomNeedsBackward[i])
                logger.Info("net_debug.cpp",
                    $"    [Backward] Layer {node.Layer.Name}, bottom blob {node.Bottom[i].Name} diff: "
                    + $"{LogNumber.FormatMeanMagnitude(node.Bottom[i].Diff)}");
        for (int i = 0; i < node.Layer.Blobs.Count; i++)
            if (node.Layer.ParamPropagateDown(i))
                logger.Info("net_debug.cpp", $"    [Backward] Layer {node.Layer.Name}, param blob {i} diff: "
                    + $"{LogNumber.FormatMeanMagnitude(node.Layer.Blobs[i].Diff)}");
    }

    public static void BackwardTotals(IReadOnlyList<LearnableParameter> parameters, ILogger logger)
    {
        if (!LogLines.IsWanted<LogSeverity.Info>(logger)) return;
        double l1Data = 0, l1Diff = 0, l2Data = 0, l2Diff = 0;
        foreach (LearnableParameter parameter in parameters)
        {
            l1Data += SumAbs(parameter.Blob.Data);
            l1Diff += SumAbs(parameter.Blob.Diff);
            l2Data += parameter.Blob.Data.SumOfParts(values => TensorPrimitives.SumOfSquares(values));
            l2Diff += parameter.Blob.Diff.SumOfParts(values => TensorPrimitives.SumOfSquares(values));
        }
        logger.Info("net_debug.cpp",
            $"    [Backward] All net params (data, diff): L1 norm = ({LogNumber.Format(l1Data)}, "
                + $"{LogNumber.Format(l1Diff)}); "
            + $"L2 norm = ({LogNumber.Format(Math.Sqrt(l2Data))}, {LogNumber.Format(Math.Sqrt(l2Diff))})");
    }

    private static double SumAbs(Tensor tensor) =>
        tensor.SumOfParts(values => TensorPrimitives.SumOfMagnitudes(values));

    private static string ParameterName(Layer layer, int index) =>
        index < layer.Params.Count && layer.Params[index].Name is { Length: > 0 } name
        ? name : index.ToString(CultureInfo.InvariantCulture);
}
