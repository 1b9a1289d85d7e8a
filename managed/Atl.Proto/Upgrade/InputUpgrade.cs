namespace Atl.Proto;

/// <summary>
/// Inputs named at net level (input with input_shape or, where that is absent, four input_dim each) become one Input
/// layer at the net's head. Inputs
/// without either are taken away: until October 2015 Caffe wrote them so into the weights of every net with inputs.
/// </summary>
internal static class InputUpgrade
{
    private const int LegacyAxes = 4;

    /// <summary>Upgrades the net and returns the number of inputs moved.</summary>
    public static int Apply(NetParameter net, Action<string>? note)
    {
        int count = net.Input.Count;
        if (count == 0)
        {
            DropLonely(net, note);
            return 0;
        }
        bool hasShapes = net.InputShape.Count > 0;
        if (!hasShapes && net.InputDim.Count == 0)
        {
            Strip(net, note);
            return 0;
        }
        CheckCounts(net, count, hasShapes);
        LayerParameter layer = new() { Name = "input", Type = "Input", InputParam = new InputParameter() };
        for (int i = 0; i < count; i++)
        {
            layer.Top.Add(net.Input[i]);
            layer.InputParam.Shape.Add(hasShapes ? net.InputShape[i] : LegacyShape(net, i));
        }
        PlaceLayer(net, layer);
        net.Layer.Insert(0, layer);
        net.Input.Clear();
        net.InputShape.Clear();
        net.InputDim.Clear();
        return count;
    }

    private static void Strip(NetParameter net, Action<string>? note)
    {
        foreach (string input in net.Input)
            note?.Invoke($"{Place(net, NetParameter.InputFieldNumber)}input '{input}' is ignored: it has no dims "
                + "(input_dim or input_shape)");
        // Should the net be built after all, its layers can say why they miss this input.
        if (SourceMap.Find(net, NetParameter.InputFieldNumber) is { } place)
            foreach (LayerParameter layer in net.Layer.Where(layer => layer.Bottom.Any(net.Input.Contains)))
                SourceMap.AddInputsWithoutDims(layer, place, [.. net.Input]);
        net.Input.Clear();
    }

    private static BlobShape LegacyShape(NetParameter net, int input)
    {
        BlobShape shape = new();
        for (int axis = 0; axis < LegacyAxes; axis++)
            shape.Dim.Add(net.InputDim[(input * LegacyAxes) + axis]);
        return shape;
    }

    private static void CheckCounts(NetParameter net, int count, bool hasShapes)
    {
        if (hasShapes && net.InputShape.Count != count)
            throw Error(net, NetParameter.InputShapeFieldNumber,
                $"{net.InputShape.Count} input_shape for {count} inputs, expected one each");
        if (!hasShapes && net.InputDim.Count != count * LegacyAxes)
            throw Error(net, NetParameter.InputFieldNumber,
                $"{net.InputDim.Count} input_dim for {count} inputs, expected four each (or one input_shape each)");
    }

    // Nets whose inputs became an Input layer often keep their old extents; Caffe ignores them too.
    private static void DropLonely(NetParameter net, Action<string>? note)
    {
        if (net.InputShape.Count > 0)
            note?.Invoke(
                $"{Place(net, NetParameter.InputShapeFieldNumber)}input_shape is ignored: the net has no input");
        if (net.InputDim.Count > 0)
            note?.Invoke($"{Place(net, NetParameter.InputDimFieldNumber)}input_dim is ignored: the net has no input");
        net.InputShape.Clear();
        net.InputDim.Clear();
    }

    // The new layer stands where the net's first input stood.
    private static void PlaceLayer(NetParameter net, LayerParameter layer)
    {
        if (SourceMap.Find(net, NetParameter.InputFieldNumber) is not { } place)
            return;
        SourceMap.Add(layer, place);
        SourceMap.Add(layer.InputParam, place);
    }

    private static AtlException Error(NetParameter net, int field, string problem) => new(Place(net, field) + problem);

    private static string Place(NetParameter net, int field) => SourceMap.Find(net, field) is { } location
        ? $"{location}: " : "";
}
