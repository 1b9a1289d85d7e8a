using System.Globalization;
using Atl.Proto;

namespace Atl.Tests.Reference;

/// <summary>Every case below layers and margin: values, gradients and parameters equal BVLC Caffe's within 1e-5 of the
/// largest.</summary>
/// <remarks>Gradients excepted that BVLC Caffe computes from values that a layer in place has overwritten
/// (docs/in-place.md).</remarks>
public class LayerReferenceTests
{
    private const double Tolerance = 1e-5;

    private static IEnumerable<TestCaseData> LayerCases => ReferenceCase.All("layers");

    private static IEnumerable<TestCaseData> MarginCases => ReferenceCase.All("margin");

    [TestCaseSource(nameof(LayerCases))]
    public void Layers(string folder) => Run(new ReferenceCase(folder));

    [TestCaseSource(nameof(MarginCases))]
    public void Margin(string folder) => Run(new ReferenceCase(folder));

    private static bool DiffersInBvlc(NetParameter parameter, NetOptions options)
    {
        using Net net = new(parameter, options with { ShapesOnly = true });
        return net.HazardNotes.Any(note => note.Contains("BVLC Caffe computes something else",
            StringComparison.Ordinal));
    }

    private static void Run(ReferenceCase reference)
    {
        NetParameter parameter = ProtoFiles.ReadNet(Path.Combine(reference.Folder, "net.prototxt"));
        NetOptions options = new()
        {
            Phase = reference.Fact("phase") == "TRAIN" ? Phase.Train : Phase.Test,
            Level = reference.Number("level"),
            Stages = reference.Fact("stages")?.Split(',') ?? [],
            Seed = ulong.Parse(reference.Fact("seed")!, CultureInfo.InvariantCulture),
            KeepAll = true,
        };
        using Net net = new(parameter, options);
        string weights = Path.Combine(reference.Folder, "init.caffemodel");
        if (File.Exists(weights)) net.CopyTrainedLayersFrom(ProtoFiles.ReadNetBinary(weights));

        List<string> differences = [];
        foreach (ReferenceLine line in reference.Of("param.init"))
            Compare(net.FindLayer(line.Name)?.Blobs[line.Index].Data, line);
        float loss = 0;
        for (int forward = 0; forward <= reference.Number("forwards_before_the_measured_one"); forward++)
        {
            foreach (ReferenceLine line in reference.Of("input")) SetInput(net, line);
            loss = net.Forward();
        }
        if (reference.Number("backward") == 1)
        {
            net.ClearParameterDiffs();
            net.Backward();
        }
        foreach (ReferenceLine line in reference.Lines)
        {
            switch (line.Kind)
            {
                case "blob.data":
                    Compare(net.FindBlob(line.Name)?.Data, line);
                    break;
                case "blob.diff":
                    Compare(net.FindBlob(line.Name)?.Diff, line);
                    break;
                case "param.data" when !line.Extra.Split(',').Contains("random"):
                    Compare(net.FindLayer(line.Name)?.Blobs[line.Index].Data, line);
                    break;
                case "param.diff":
                    Compare(net.FindLayer(line.Name)?.Blobs[line.Index].Diff, line);
                    break;
            }
        }
        if (reference.Fact("loss") is { } expected)
        {
            string? difference = Closeness.Difference([loss], [float.Parse(expected, CultureInfo.InvariantCulture)], 0,
                Tolerance, 1);
            if (difference is not null) differences.Add($"loss {difference}");
        }
        // Where a layer in place writes over what a gradient needs, BVLC Caffe's gradient is that of other values;
        // lint says so of the net.
        if (differences.Exists(IsOfGradient) && DiffersInBvlc(parameter, options)) differences.RemoveAll(IsOfGradient);
        Assert.That(differences, Is.Empty);

        static bool IsOfGradient(string difference) => difference.Contains(".diff ", StringComparison.Ordinal);

        void SetInput(Net target, ReferenceLine line)
        {
            Tensor data = target.Blobs[line.Index].Data;
            Assert.That(target.Blobs[line.Index].Name, Is.EqualTo(line.Name));
            reference.Values(line).CopyTo(data.AsWriteOnlySpan());
        }

        void Compare(Tensor? found, ReferenceLine line)
        {
            if (reference.Difference(found, line, Tolerance) is { } difference) differences.Add(difference);
        }
    }
}
