using System.Text;
using Atl.Linting;
using Atl.TestSupport;

namespace Atl.Tests.Linting;

/// <summary>What lint costs grows as the net does, whatever makes it large.</summary>
[NonParallelizable]
public sealed class LinterSpeedTests : FolderFixture
{
    private const int Layers = 1500;

    // Four times as many layers take four times as much; sixteen times is what is caught. Tables grow in steps.
    private const double MostTimes = 6;

    private const string Input =
        """layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }""";
    private const string Labeled = "layer { name: 'in' type: 'Input' top: 'x' top: 'label' input_param { shape { "
        + "dim: 2 dim: 3 } shape { dim: 2 } } }";
    private const string Data =
        """layer { name: "d" type: "Data" top: "x" top: "label" data_param { source: "none" batch_size: 1 } }""";
    private const string Product = "inner_product_param { num_output: 3 }";

    private static IEnumerable<TestCaseData> Nets()
    {
        yield return Net("a chain", n => Chain(Input, n, i => "type: 'ReLU'"));
        yield return Net("a chain in place",
            n => Lines(Input, n, i => $"layer {{ name: 'l{i}' type: 'ReLU' bottom: 'x' top: 'x' }}"));
        yield return Net("hazards in place", n => Chain(Input, 1, i => $"type: 'InnerProduct' {Product}")
            + Lines("", n,
                i => $"layer {{ name: 'h{i}' type: '{(i % 2 == 0 ? "Exp" : "AbsVal")}' bottom: 't0' top: 't0' }}")
            + "layer { name: 'loss' type: 'EuclideanLoss' bottom: 't0' bottom: 'x' top: 'loss' }");
        yield return Net("many readers",
            n => Lines(Input, n, i => $"layer {{ name: 'l{i}' type: 'ReLU' bottom: 'x' top: 't{i}' }}"));
        yield return Net("many bottoms",
            n => Lines(Input, n, i => $"layer {{ name: 'l{i}' type: 'ReLU' bottom: 'x' top: 't{i}' }}")
            + $"layer {{ name: 'c' type: 'Concat' top: 'c' "
            + $"{string.Join(' ', Enumerable.Range(0, n).Select(i => $"bottom: 't{i}'"))} }}");
        yield return Net("shared parameters",
            n => Chain(Input, n, i => $"type: 'InnerProduct' param {{ name: 'w' }} param {{ name: 'b' }} {Product}"));
        yield return Net("one name",
            n => Lines(Input, n, i => $"layer {{ name: 'l' type: 'ReLU' bottom: 'x' top: 't{i}' }}"));
        yield return Net("views in place",
            n => Lines(Input, n, i => $"layer {{ name: 'l{i}' type: 'Flatten' bottom: 'x' top: 't{i}' }}")
            + Lines("", n, i => $"layer {{ name: 'r{i}' type: 'ReLU' bottom: 't{i}' top: 't{i}' }}"));
        yield return Net("a chain of views", n => Chain(Input, n, i => "type: 'Flatten'"));
        yield return Net("a chain of margins", n => Chain(Labeled, n, i => "type: 'LabelSpecificAdd' bottom: 'label'"));
        yield return Net("unknown bottoms",
            n => Lines(Input, n, i => $"layer {{ name: 'l{i}' type: 'ReLU' bottom: 'u{i}' top: 't{i}' }}"));
        yield return Net("unknown types",
            n => Lines(Input, n, i => $"layer {{ name: 'l{i}' type: 'Type{i}' bottom: 'x' top: 't{i}' }}"));
        yield return Net("unknown fields",
            n => Lines(Input, n, i => $"layer {{ name: 'l{i}' type: 'ReLU' bottom: 'x' top: 't{i}' field{i}: 1 }}"));
        yield return Net("data that is not here",
            n => Lines("", n, i => Data.Replace("\"x\"", $"'x{i}'").Replace("\"label\"", $"'y{i}'")));
        yield return Net("a shape that is looked for", n => Chain(Data, n, i => "type: 'ReLU'")
            + $"layer {{ name: 'loss' type: 'SoftmaxWithLoss' bottom: 't{n - 1}' bottom: 'label' top: 'loss' }}");
        yield return Net("stages", n => Lines("", n,
            i => $"layer {{ name: 'l{i}' type: 'ReLU' bottom: 'x' top: 't{i}' include {{ stage: 's{i}' }} }}")
            + "layer { name: 'last' type: 'ReLU' bottom: 'x' top: 'y' }");
        yield return Net("forks that meet again", n => Input + string.Concat(Enumerable.Range(0, n).Select(
            i => $"layer {{ name: 'e{i}' type: 'Eltwise' bottom: '{Before(i)}' bottom: '{Before(i)}' top: "
                + $"'t{i}' }}\n")));
    }

    // What a machine does beside makes times uncertain; what is allocated is the same in every run.
    [TestCaseSource(nameof(Nets))]
    public void AllocationGrowsAsTheNetDoes(Func<int, string> net)
    {
        Allocated(net(Layers));
        double times = (double)Allocated(net(4 * Layers)) / Allocated(net(Layers));
        Assert.That(times, Is.LessThan(MostTimes), "what is allocated for four times as many layers");
    }

    // Way up a net through forks that meet again, each of which doubles the ways.
    [Test]
    public void ADemandIsFollowedOnceThroughEachLayer()
    {
        StringBuilder text =
            new("layer { name: 'in' type: 'Input' top: 'fixed' input_param { shape { dim: 1 dim: 5 } } }\n"
            + "layer { name: 'd' type: 'Python' top: 'label' }\n");
        string blob = "label";
        for (int i = 0; i < 60; i++)
        {
            text.Append($"layer {{ name: 'e{i}' type: 'Eltwise' bottom: '{blob}' bottom: '{blob}' top: 'e{i}' }}\n");
            blob = $"e{i}";
        }
        text.Append($"layer {{ name: 'loss' type: 'EuclideanLoss' bottom: 'fixed' bottom: '{blob}' top: 'loss' }}");
        Assert.That(Lint(text.ToString()).Status, Is.EqualTo(LintStatus.Built));
    }

    private static TestCaseData Net(string name, Func<int, string> net) =>
        new TestCaseData(net).SetArgDisplayNames(name);

    private static string Lines(string first, int n, Func<int, string> line) =>
        $"{first}\n{string.Join('\n', Enumerable.Range(0, n).Select(line))}\n";

    private static string Chain(string first, int n, Func<int, string> parameters) => Lines(first, n,
        i => $"layer {{ name: 'l{i}' bottom: '{Before(i)}' top: 't{i}' {parameters(i)} }}");

    private static string Before(int i) => i == 0 ? "x" : $"t{i - 1}";

    private long Allocated(string text)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Lint(text);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private LintedFile Lint(string text)
    {
        string path = _folder["net.prototxt"];
        File.WriteAllText(path, text);
        return new Linter(allowUnknownFields: false).Check(path);
    }
}
