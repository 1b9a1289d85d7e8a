using Atl.Layers;
using Atl.Proto;

namespace Atl.Tests.Nets;

/// <summary>What is said of a bottom that no earlier layer makes: which layer would have made it, and why it does
/// not.</summary>
public sealed class UnknownBottomTests
{
    private const string Input = "layer { name: 'in' type: 'Input' top: 'x' input_param { shape { dim: 2 } } }\n";
    private const string Reader = "layer { name: 'r' type: 'ReLU' bottom: 'o' top: 'y' }\n";
    private const string StateAdvice =
        "; a solver's test nets take level and stages from test_state in the solver's file";

    private static string Maker(string rules) => $"layer {{ name: 'm' type: 'Power' bottom: 'x' top: 'o' {rules} }}\n";

    [TestCase("include { stage: 'go' }", "phase TEST, level 0, no stage", "its include rule requires stage 'go'", true)]
    [TestCase("include { phase: TRAIN }", "phase TEST, level 0, no stage", "its include rule requires phase TRAIN",
    false)]
    [TestCase("include { phase: TRAIN stage: 'go' }", "phase TEST, level 0, no stage",
    "its include rule requires phase TRAIN and stage 'go'", false)]
    [TestCase("include { phase: TEST min_level: 2 }", "phase TEST, level 0, no stage",
    "its include rule requires a level of 2 or more", true)]
    [TestCase("include { max_level: -1 not_stage: 'b' }", "phase TEST, level 0, no stage",
    "its include rule requires a level of -1 or less", true)]
    [TestCase("include { phase: TRAIN } include { stage: 'a' }", "phase TEST, level 0, no stage",
        "none of its include rules is met (they ask for phase TRAIN; or for stage 'a')", true)]
    [TestCase("exclude { phase: TEST }", "phase TEST, level 0, no stage", "its exclude rule applies to phase TEST",
    false)]
    [TestCase("exclude { not_stage: 'go' }", "phase TEST, level 0, no stage",
    "its exclude rule applies to no stage 'go'", true)]
    public void ALayerThatARuleLeavesOutIsNamedWithTheRule(string rules, string state, string rule, bool advice)
    {
        string message = Message(Input + Maker(rules) + Reader);
        Assert.That(message,
            Does.StartWith("net.prototxt:3:1: layer 'r' (ReLU): unknown bottom blob 'o' (bottom 0): layer 'm' "
                + $"(net.prototxt:2:1) produces it, but is excluded from this net ({state}): {rule}"));
        Assert.That(message.Contains(StateAdvice, StringComparison.Ordinal), Is.EqualTo(advice), message);
    }

    [Test]
    public void StagesThatAreGivenAreNamed() => Assert.That(
        () => NetText.Build(Input + Maker("include { stage: 'go' }") + Reader, Phase.Train, stages: ["gone", "b"],
            level: 3),
        Throws.TypeOf<LayerException>().With.Message.Contains(
            "excluded from this net (phase TRAIN, level 3, stage 'gone', 'b')"));

    [Test]
    public void ALayerThatStandsLaterIsNamed() => Assert.That(Message(Input + Reader + Maker("")),
        Does.EndWith("unknown bottom blob 'o' (bottom 0): layer 'm' (net.prototxt:3:1) produces it, but comes after "
            + "this layer; move it before this one"));

    [Test]
    public void SeveralMakersAreAllNamed()
    {
        string message = Message(Input + Maker("include { phase: TRAIN }")
            + Maker("include { stage: 'go' }").Replace("'m'", "'n'", StringComparison.Ordinal) + Reader);
        Assert.That(message,
            Does.Contain("layer 'm' (net.prototxt:2:1)").And.Contain(
                "requires phase TRAIN; layer 'n' (net.prototxt:3:1)"));
    }

    // A layer that works in place makes nothing, wherever it stands.
    [Test]
    public void OthersAreGivenTheNearestName() => Assert.That(
        Message(Input + "layer { name: 'r' type: 'ReLU' bottom: 'xx' top: 'xx' }\n"),
        Does.EndWith("unknown bottom blob 'xx' (bottom 0), did you mean 'x'?"));

    [Test]
    public void ABlobThatAnotherLayerReadsCannotBeWrittenInPlace()
    {
        string net = Input
            + "layer { name: 'p' type: 'Power' bottom: 'x' top: 'a' }\nlayer { name: 'q' type: 'Power' bottom: 'a' "
            + "top: 'b' }\n"
            + "layer { name: 'r' type: 'ReLU' bottom: 'a' top: 'a' }\n";
        foreach (Phase phase in new[] { Phase.Train, Phase.Test })
            Assert.That(() => NetText.Build(net, phase), Throws.TypeOf<LayerException>().With.Message.EqualTo(
                "net.prototxt:4:1: layer 'r' (ReLU): cannot write 'a' in place, because it is read by net.prototxt:3:1: layer 'q' (Power) too; give this "
                + "layer's top a name of its own, and its readers that name"));
    }

    [Test]
    public void ABlobWithALossWeightCannotBeWrittenInPlace() => Assert.That(
        Message(Input + "layer { name: 'p' type: 'Power' bottom: 'x' top: 'a' loss_weight: 2 }\nlayer { name: 'r' "
            + "type: 'ReLU' bottom: 'a' top: 'a' }\n"),
        Does.Contain("cannot write 'a' in place, because it is read by the loss (it has a loss_weight) too"));

    [Test]
    public void InPlaceIsOfOneNumber() => Assert.That(
        Message(Input + "layer { name: 'p' type: 'Power' bottom: 'x' top: 'a' }\nlayer { name: 's' type: 'Eltwise' "
            + "bottom: 'x' bottom: 'a' top: 'a' }\n"),
        Does.Contain("top 0 is bottom 1 ('a'): an in-place layer has its blob as top and bottom of the same index; "
            + "give top 0 another name"));

    private static string Message(string net) =>
        Assert.Throws<LayerException>(() => NetText.Build(net, Phase.Test))!.Message;
}
