using Atl.Devices;
using Atl.Layers;
using Atl.Proto;

namespace Atl.Tests.GradientChecking;

/// <summary>
/// Every layer that has a gradient case on bottoms with no samples or no channels: it passes nothing on, or says why
/// it cannot.
/// </summary>
public class EmptyBatchTests
{
    private static IEnumerable<TestCaseData> Cases =>
        from test in GradientTests.All
        from axis in new[] { 0, 1 }
        where test.Bottoms.Any(bottom => bottom.Shape.NumAxes > axis)
        select new TestCaseData(test, axis).SetName($"Empty({test.Name}, axis {axis})");

    [TestCaseSource(nameof(Cases))]
    public void AnEmptyBottomPassesOrIsRefused(object test, int axis)
    {
        GradientCase given = (GradientCase)test;
        Blob[] bottom = [.. given.Bottoms.Select((spec, i) => new Blob(Empty(spec.Shape, axis), $"bottom{i}"))];
        Try(given, bottom, (_, _) => { });
    }

    [TestCaseSource(nameof(Cases))]
    public void ALayerThatBecomesEmptyPassesOrIsRefused(object test, int axis)
    {
        GradientCase given = (GradientCase)test;
        Blob[] bottom = [.. given.Bottoms.Select((spec, i) => new Blob(spec.Shape, $"bottom{i}"))];
        Try(given, bottom, (layer, top) =>
        {
            foreach (Blob blob in bottom) blob.Reshape(Empty(blob.Shape, axis));
            layer.Reshape(bottom, top);
        });
    }

    // Anything but an error of Atl's own fails the test; a function that dies takes the tests with it.
    private static void Try(GradientCase given, Blob[] bottom, Action<Layer, List<Blob>> change)
    {
        LayerParameter parameter = given.ToParameter();
        List<Blob> top = [];
        foreach (Blob blob in bottom) parameter.Bottom.Add(blob.Name);
        for (int i = 0; i < given.Tops; i++)
        {
            top.Add(new Blob(Shape.Scalar, $"top{i}"));
            parameter.Top.Add(top[i].Name);
        }
        using Layer layer = given.Make(parameter, new LayerContext(Device.Cpu, given.Seed));
        try
        {
            layer.Initialize(bottom, top);
            change(layer, top);
            layer.Reshape(bottom, top);
            layer.Forward(bottom, top);
            layer.Backward(top, [.. bottom.Select((_, i) => layer.CanPropagateDown(i))], bottom);
            foreach (Blob blob in top.Concat(bottom))
                Assert.That(blob.Data.AsReadOnlySpan().Length, Is.EqualTo(blob.Count));
        }
        catch (AtlException e)
        {
            Assert.That(e.Message, Is.Not.Empty);
        }
    }

    private static Shape Empty(Shape shape, int axis) => shape.NumAxes > axis ? shape.With(axis, 0) : shape;
}
