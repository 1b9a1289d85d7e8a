using Atl.Cli.LayerReference;
using Atl.Layers;
using Atl.Proto;
using Atl.TestSupport;
using Google.Protobuf.Reflection;

namespace Atl.Cli.Tests.Commands;

public sealed class LayersCommandTests
{
    private const string Renew = "dotnet run --project managed/Atl.Cli -c Release -- layers > docs/layers.md";

    [Test]
    public void TheCheckedInReferenceIsCurrent()
    {
        string file = Path.Combine(TestData.RepositoryRoot, "docs", "layers.md");
        Assert.That(File.Exists(file) ? File.ReadAllText(file) : "", Is.EqualTo(new LayerPages().All()),
            $"docs/layers.md is not current; renew it: {Renew}");
    }

    [Test]
    public void EveryLayerSaysWhatItDoes()
    {
        LayerPages pages = new();
        foreach (string type in LayerRegistry.Types)
            Assert.That(pages.One(type), Does.Match($@"^## {type}\n\n\S"), type);
    }

    // Binary files are read by these: a number belongs to the types that the comment of its field names.
    [Test]
    public void TheTypesThatOwnANumberAreThoseOfItsComment()
    {
        LayerPages pages = new();
        foreach (FieldDescriptor field in LayerPages.MessageFields.Where(field =>
            field.FieldNumber >= LayerFieldOwners.First && field.Name != "python_param"))
            Assert.That(LayerFieldOwners.OwnersOf(field.FieldNumber), Is.EquivalentTo(pages.TypesOf(field)),
                field.Name);
    }

    [Test]
    public void ALayerShowsItsParametersWithTheirDefaults()
    {
        string page = new LayerPages().One("Pooling");
        Assert.That(page,
            Does.Contain("`pooling_param`:").And.Contain("| pool | MAX, AVE, STOCHASTIC | MAX |").And.Contain(
                "| stride | uint32 | 1 |")
                .And.Contain("Bottoms: exactly 1; tops: 1 to 2."));
    }

    [Test]
    public void TheCommandPrintsOneTypeAndNamesTheNearest()
    {
        Assert.That(AtlProgram.Run(Path.GetTempPath(), "layers", "ReLU").Output,
            Is.EqualTo(new LayerPages().One("ReLU")));
        Assert.That(AtlProgram.Run(Path.GetTempPath(), "layers", "Relu").LastError,
            Does.EndWith("unknown layer type 'Relu', did you mean 'ReLU'?"));
    }
}
