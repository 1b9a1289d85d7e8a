using Atl.Layers;
using Atl.Nets;
using Atl.Proto;

namespace Atl.Tests.Nets.FieldValues;

/// <summary>
/// Every number of every layer's messages, set to what the schema can just express: a net is built or refused with the
/// file, the line and the layer, whatever the number.
/// </summary>
public sealed class FieldValueTests
{
    // What is run and not only built: nets of fewer values than this.
    private const long MostValues = 1 << 20;

    private static IEnumerable<string> Types => LayerRegistry.Types;

    [TestCaseSource(nameof(Types))]
    public void EveryNumberIsTakenOrRefused(string type)
    {
        Assert.That(FieldValueCase.All[type], Is.Not.Empty, $"a case of {type} is missing");
        int refused = 0, tried = 0;
        foreach (FieldValueCase test in FieldValueCase.All[type])
        {
            Assert.That(Refusal(test, test.Layer), Is.Null, "the layer as it is");
            foreach ((string field, LayerParameter layer) in test.Mutants())
            {
                tried++;
                if (Refusal(test, layer) is not { } refusal) continue;
                refused++;
                Assert.That(refusal, Does.Match($@"^{FieldValueCase.File}:\d+:\d+: ").And.Contain("layer 'tested'"),
                    field);
            }
        }
        Assert.That(refused, Is.GreaterThan(0).And.LessThan(tried), "some numbers are wrong, and some are not");
    }

    // The message of the error; null where the net is built, and runs if it is small.
    private static string? Refusal(FieldValueCase test, LayerParameter layer)
    {
        NetParameter parameter = new() { Name = "net" };
        LayerParameter tested = layer.Clone();
        for (int i = 0; i < test.Bottoms.Length; i++)
        {
            LayerParameter input = new()
            {
                Name = $"bottom{i}",
                Type = "DummyData",
                DummyDataParam = new DummyDataParameter()
            };
            input.DummyDataParam.Shape.Add(test.Bottoms[i].ToMessage());
            input.Top.Add(input.Name);
            tested.Bottom.Add(input.Name);
            parameter.Layer.Add(input);
        }
        parameter.Layer.Add(tested);
        parameter = TextFormat.Parse<NetParameter>(TextFormat.Print(parameter), FieldValueCase.File);
        try
        {
            NetOptions options = new() { Phase = layer.Phase, Seed = 1, ShapesOnly = true, KeepAll = true };
            NetParameter generated = GeneratedData.Replace(parameter);
            bool small;
            using (Net shaped = new(generated, options)) small = Values(shaped) < MostValues;
            if (!small) return null;
            using Net net = new(generated, options with { ShapesOnly = false });
            if (generated.Layer[^1].Type is not ("MemoryData" or "HDF5Output")) net.Forward();
            return null;
        }
        catch (AtlException e)
        {
            return e.Message;
        }
        catch (Exception e)
        {
            throw new AssertionException($"{layer}\n{e}");
        }
    }

    private static long Values(Net net) =>
        net.Blobs.Sum(blob => blob.Count) + net.Layers.Sum(layer => layer.Blobs.Sum(blob => blob.Count));
}
