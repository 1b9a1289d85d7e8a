using System.Globalization;
using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Proto;
using Atl.Tools;

namespace Atl.Cli.Commands;

/// <summary>diff: how two sets of weights differ, parameter by parameter.</summary>
internal sealed class DiffCommand : Command
{
    public override string Name => "diff";

    public override string Summary => "compare two sets of weights layer by layer; exit code 1 if they differ";

    public override IReadOnlyList<Argument> Arguments =>
        [new("A", "weights (caffemodel, caffemodel.h5)"), new("B", "the weights to compare with")];

    public override IReadOnlyList<Flag> Flags =>
    [
        new("tolerance", FlagKind.Text, "maximum |a - b| that counts as equal", "T") { Default = "0" },
        new("json", FlagKind.Switch, "print JSON instead of a table"),
    ];

    public override IReadOnlyList<(string What, string Line)> Examples =>
        [("show what training changed", "atl diff face_iter_1000.caffemodel face_iter_2000.caffemodel")];

    public override void Run(FlagValues flags, GlogLogger log)
    {
        if (!double.TryParse(flags.Text("tolerance"), CultureInfo.InvariantCulture, out double tolerance)
            || !(tolerance >= 0))
            throw new UsageException(
                $"flag '-tolerance' is '{flags.Text("tolerance")}', expected a number of 0 or more");
        string a = flags.Argument("A"), b = flags.Argument("B");
        IReadOnlyList<WeightsDifference> all = Between(a, b);
        if (all.Count == 0) throw new AtlException($"neither {a} nor {b} has parameters to compare");
        if (flags.Switch("json")) Console.Out.WriteLine(JsonText.Of(all.Select(d => new
        {
            d.Layer,
            d.Parameter,
            ShapeA = d.ShapeA?.ToArray(),
            ShapeB = d.ShapeB?.ToArray(),
            d.MaxAbsolute,
            d.Relative,
            d.Cosine,
            Different = d.Exceeds(tolerance),
        })));
        else foreach (WeightsDifference d in all) Console.Out.WriteLine(Line(d));
        int different = all.Count(d => d.Exceeds(tolerance));
        if (different > 0) throw new AtlException($"{a} and {b} differ in {different} of {all.Count} parameters");
    }

    private static IReadOnlyList<WeightsDifference> Between(string a, string b)
    {
        NetParameter netA = Read(a), netB = Read(b);
        try
        {
            return WeightsDifference.Between(netA, netB);
        }
        catch (ShapeException e)
        {
            throw new AtlException($"{a} and {b} cannot be compared: {e.Message}", e);
        }
    }

    private static NetParameter Read(string path)
    {
        NetParameter net = ProtoFiles.ReadNetBinary(path);
        StoredBlobs.Check(net, path);
        return net;
    }

    private static string Line(WeightsDifference d) => FormattableString.Invariant(d.MaxAbsolute is null
        ? (FormattableString)$"{d.Layer}[{d.Parameter}]\t{d.ShapeA?.ToString() ?? "none"} against {d.ShapeB?.ToString() ?? "none"}"
        : $"{d.Layer}[{d.Parameter}]\t{d.ShapeA}\tmax |a-b| {d.MaxAbsolute:G6}\trelative {d.Relative:G6}\tcosine {d.Cosine:G9}");
}
