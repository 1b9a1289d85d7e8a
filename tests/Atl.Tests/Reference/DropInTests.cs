using System.Globalization;
using System.Text.RegularExpressions;
using Atl.Layers;
using Atl.Nets;
using Atl.Proto;

namespace Atl.Tests.Reference;

/// <summary>Every net that BVLC Caffe builds is built, for each phase, with BVLC's blobs, shapes and parameters:
/// shapes.tsv of the recorded values.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class DropInTests
{
    private static readonly Lazy<ILookup<(string File, string Phase), string[]>> Rows = new(Read);

    private static string Table => ReferenceCase.PathOf("shapes.tsv");

    private static IEnumerable<TestCaseData> BuiltNets => Cases(row => row[5] == "built");

    private static IEnumerable<TestCaseData> OtherNets =>
        Cases(row => row[5] != "built" && row[6] != "solver definition, not a net");

    [TestCaseSource(nameof(BuiltNets))]
    public void ShapesAndParametersEqualBvlcCaffes(string file, string phase)
    {
        string[][] rows = [.. Rows.Value[(file, phase)]];
        string note = rows.First(row => row[2] == "net")[6];
        NetParameter parameter = ProtoFiles.ReadNet(Path.Combine(ReferenceCase.Inputs, file));
        Dictionary<string, Shape> shapes = [];
        Match replaced = ReplacedData().Match(note);
        if (replaced.Success)
        {
            Shape shape =
                new([.. replaced.Groups[2].Value.Split('x')
                    .Select(extent => int.Parse(extent, CultureInfo.InvariantCulture))]);
            shapes[parameter.Layer.First(layer => layer.Name == replaced.Groups[1].Value).Top[0]] = shape;
        }
        // The recorded note tells the shape of the layer that takes part; those of other phases have the same tops.
        string[] stages = [.. Stage().Matches(note).Select(match => match.Groups[1].Value)];
        using Net net = new(GeneratedData.Replace(parameter, shapes), new NetOptions
        {
            Phase = Enum.Parse<Phase>(phase, ignoreCase: true),
            Stages = stages,
            KeepAll = true,
            ShapesOnly = true,
        });
        Assert.That(Describe(net),
            Is.EqualTo(rows.Where(row => row[2] is "blob" or "param" or "layer_params" or "total").Select(Describe)));
    }

    [TestCaseSource(nameof(OtherNets))]
    public void WhatOtherCaffesBuildIsBuiltOrNamed(string file, string phase)
    {
        try
        {
            NetParameter parameter = ProtoFiles.ReadNet(Path.Combine(ReferenceCase.Inputs, file));
            using Net net = new(GeneratedData.Replace(parameter),
                new NetOptions { Phase = Enum.Parse<Phase>(phase, ignoreCase: true), ShapesOnly = true });
            Assert.That(net.Layers, Is.Not.Empty);
        }
        catch (LayerException e)
        {
            Assert.That(e.Message,
                Does.Match(
                    $@"{Path.GetFileName(file)}:\d+:\d+: layer '.*"
                    + "(unknown layer type|Python|unknown bottom blob|needs)"));
        }
        catch (PrototxtException e)
        {
            // Templates hold words where numbers belong until a script has filled them in.
            Assert.That((file.Contains("template", StringComparison.Ordinal),
                e.Message.Contains("expected an integer for 'num_output'", StringComparison.Ordinal)),
                Is.EqualTo((true, true)), e.Message);
        }
    }

    private static IEnumerable<string> Describe(Net net)
    {
        for (int i = 0; i < net.Blobs.Count; i++)
            yield return $"blob {net.Blobs[i].Name} {i} {Extents(net.Blobs[i].Shape)}";
        foreach (Layer layer in net.Layers.Where(layer => layer.Blobs.Count > 0))
        {
            for (int i = 0; i < layer.Blobs.Count; i++)
                yield return $"param {layer.Name} {i} {Extents(layer.Blobs[i].Shape)}";
            yield return $"layer_params {layer.Name} {layer.Type} {layer.Blobs.Sum(blob => blob.Count)}";
        }
        yield return $"total layers - {net.Layers.Count}";
        yield return $"total blobs - {net.Blobs.Count}";
        yield return $"total params - {net.Layers.SelectMany(layer => layer.Blobs).Sum(blob => blob.Count)}";
        yield return $"total params_without_shared - {net.LearnableParameters.Sum(parameter => parameter.Blob.Count)}";
        yield return $"total outputs - {(net.Outputs.Count == 0 ? "-" : string.Join(',', net.Outputs.Select(blob => blob.Name)))}";
    }

    private static string Describe(string[] row) => $"{row[2]} {row[3]} {row[4]} {row[5]}";

    private static string Extents(Shape shape) => shape.NumAxes == 0 ? "scalar" : string.Join(',', shape);

    private static IEnumerable<TestCaseData> Cases(Func<string[], bool> wanted)
    {
        if (!File.Exists(Table) || !Directory.Exists(ReferenceCase.Inputs))
            return [ReferenceCase.Absent("no published nets", arguments: 2)];
        return Rows.Value.SelectMany(group => group).Where(row => row[2] == "net" && wanted(row))
            .Select(row => new TestCaseData(row[0], row[1]).SetArgDisplayNames(row[0]
                .Replace("prototxt/", "", StringComparison.Ordinal), row[1]));
    }

    private static ILookup<(string File, string Phase), string[]> Read() =>
        File.ReadLines(Table).Where(line => !line.StartsWith('#'))
        .Select(line => line.Split('\t')).ToLookup(row => (row[0], row[1]));

    [GeneratedRegex(@"^layer (\S+) \(\w+\) replaced by DummyData ([\dx]+)")]
    private static partial Regex ReplacedData();

    [GeneratedRegex(@"stage (\S+)")]
    private static partial Regex Stage();
}
