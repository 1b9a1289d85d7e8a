using System.Globalization;
using System.Text.RegularExpressions;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Reference;

/// <summary>Published weights: outputs equal BVLC Caffe's within 1e-4 relative, intermediate blobs within 1e-3, counts
/// of right digits exactly.</summary>
public partial class NetReferenceTests
{
    private const string DigitsFact = "correct_of_all_10000_t10k_digits_scaled_by_0.00390625";
    private const float PixelScale = 0.00390625f;

    private static IEnumerable<TestCaseData> NetCases => ReferenceCase.All("nets");

    // Those whose digits were counted.
    private static IEnumerable<TestCaseData> DigitCases => NetCases.Where(
        test => test.Arguments[0] is "" || new ReferenceCase((string)test.Arguments[0]!).Fact(DigitsFact) is not null);

    [TestCaseSource(nameof(NetCases))]
    public void OutputsEqualBvlcCaffes(string folder)
    {
        ReferenceCase reference = new(folder);
        using Net net = Load(reference, keepAll: true);
        foreach (ReferenceLine line in reference.Of("input")) SetInput(net, line);
        net.Forward();

        List<string> differences = [];
        foreach (ReferenceLine line in reference.Lines)
        {
            if (line.Kind is not ("output" or "blob.head" or "blob.l2")) continue;
            string what = $"{line.Kind} {line.Name}";
            Blob? blob = net.FindBlob(line.Name);
            if (blob is null || !blob.Shape.Equals(line.Shape))
            {
                differences.Add($"{what} is {blob?.Shape.ToString() ?? "missing"}, expected {line.Shape}");
                continue;
            }
            ReadOnlySpan<float> values = blob.Data.AsReadOnlySpan();
            string? difference = line.Kind switch
            {
                "output" => Closeness.Difference(values, reference.Values(line), 1e-4, 1e-6, 0),
                "blob.head" => Closeness.Difference(values[..line.Count], reference.Values(line), 1e-3, 1e-5, 0),
                _ => Closeness.Difference([(float)Norm(values)], [NumberAfter("l2=", line.Extra)], 1e-4, 0, 0)
                    ?? Closeness.Difference([Largest(values)], [NumberAfter("maxabs=", line.Extra)], 1e-4, 0, 0),
            };
            if (difference is not null) differences.Add($"{what} {difference}");
        }
        Assert.That(differences, Is.Empty);
    }

    [TestCaseSource(nameof(DigitCases))]
    public void SoManyDigitsAreClassifiedRight(string folder)
    {
        ReferenceCase reference = new(folder);
        const int Batch = 100, Pixels = 28 * 28;
        Mnist mnist = Mnist.Read();
        using Net net = Load(reference, keepAll: false);
        Blob data = net.Inputs[0];
        data.Reshape(Batch, 1, 28, 28);
        net.Reshape();
        int correct = 0;
        for (int start = 0; start < mnist.Labels.Length; start += Batch)
        {
            Span<float> input = data.Data.AsWriteOnlySpan();
            for (int i = 0; i < input.Length; i++) input[i] = mnist.Pixels[start * Pixels + i] * PixelScale;
            net.Forward();
            ReadOnlySpan<float> probabilities = net.Outputs[0].Data.AsReadOnlySpan();
            for (int i = 0; i < Batch; i++)
                if (System.Numerics.Tensors.TensorPrimitives.IndexOfMax(probabilities.Slice(i * 10, 10))
                    == mnist.Labels[start + i])
                    correct++;
        }
        Assert.That(correct, Is.EqualTo(reference.Number(DigitsFact)));
    }

    private static Net Load(ReferenceCase reference, bool keepAll)
    {
        NetParameter parameter = ProtoFiles.ReadNet(PathOf(reference, "net"));
        Net net = new(parameter, new NetOptions { Phase = Phase.Test, KeepAll = keepAll, Seed = 0 });
        net.CopyTrainedLayersFrom(ProtoFiles.ReadNetBinary(PathOf(reference, "weights")));
        return net;
    }

    private static string PathOf(ReferenceCase reference, string fact)
    {
        string path = reference.Fact(fact)!;
        return path == "net.prototxt in this folder"
            ? Path.Combine(reference.Folder, "net.prototxt")
            : Path.Combine(ReferenceCase.Inputs, path);
    }

    private static void SetInput(Net net, ReferenceLine line)
    {
        Blob blob = net.Blobs[line.Index];
        Assert.That(blob.Name, Is.EqualTo(line.Name));
        blob.Reshape(line.Shape!);
        Span<float> values = blob.Data.AsWriteOnlySpan();
        if (LcgRule().Match(line.Extra) is { Success: true } lcg)
        {
            uint state = unchecked(uint.Parse(lcg.Groups[1].Value, CultureInfo.InvariantCulture) * 2654435761u
                + 12345u);
            float low = Number(lcg.Groups[2].Value), span = Number(lcg.Groups[3].Value) - low;
            foreach (ref float value in values)
            {
                state = unchecked(state * 1664525u + 1013904223u);
                float scaled = (state >> 8) / 16777216f * span;
                value = low + scaled;
            }
        }
        else if (line.Extra.StartsWith("images 0..", StringComparison.Ordinal)
            && line.Extra.EndsWith("times 0.00390625", StringComparison.Ordinal))
        {
            Mnist mnist = Mnist.Read();
            for (int i = 0; i < values.Length; i++) values[i] = mnist.Pixels[i] * PixelScale;
        }
        else
        {
            Assert.Fail($"unknown rule for input {line.Name}: {line.Extra}");
        }
        net.Reshape();
    }

    private static double Norm(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values) sum += (double)value * value;
        return Math.Sqrt(sum);
    }

    private static float Largest(ReadOnlySpan<float> values) =>
        Math.Abs(System.Numerics.Tensors.TensorPrimitives.MaxMagnitude(values));

    private static float NumberAfter(string key, string text) =>
        Number(text.Split(' ').First(part => part.StartsWith(key, StringComparison.Ordinal))[key.Length..]);

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^lcg seed=(\d+) range=\[([^,]+),([^)]+)\)$")]
    private static partial Regex LcgRule();
}
