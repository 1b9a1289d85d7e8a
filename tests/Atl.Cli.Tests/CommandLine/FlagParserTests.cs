using Atl.Cli.CommandLine;
using Atl.TestSupport;

namespace Atl.Cli.Tests.CommandLine;

public sealed class FlagParserTests
{
    private static readonly Flag[] Flags =
    [
        new("model", FlagKind.Text, "", "FILE"),
        new("iterations", FlagKind.Integer, "", "N") { Default = "50" },
        new("diffs", FlagKind.Switch, ""),
        new("input", FlagKind.List, "", "X"),
        new("phase", FlagKind.Text, "", "P") { Default = "TEST", Choices = ["TRAIN", "TEST"] },
        new("sigint_effect", FlagKind.Text, "", "E"),
        new("stage", FlagKind.Text, "", "a,b") { MayBeEmpty = true },
        new("report", FlagKind.Text, "", "[FILE]") { Alone = "" },
    ];

    [TestCase("-model", "a")]
    [TestCase("--model", "a")]
    [TestCase("-model=a")]
    [TestCase("--model=a")]
    [CaffeBehaviour(CaffeBehaviour.FlagsOfGflags)]
    public void ValuesFollowABlankOrAnEqualsSign(params string[] arguments) =>
    Assert.That(Parse(arguments).Values.Text("model"), Is.EqualTo("a"));

    [TestCase(true, "-diffs")]
    [TestCase(true, "--diffs=1")]
    [TestCase(true, "--diffs=TRUE")]
    [TestCase(false, "-nodiffs")]
    [TestCase(false, "-diffs=false")]
    [TestCase(false)]
    [TestCase(false, "-diffs", "--nodiffs")]
    public void SwitchesTakeNoValueAfterABlank(bool expected, params string[] arguments)
    {
        (List<string> words, FlagValues values) = Parse([.. arguments, "word"]);
        Assert.That(values.Switch("diffs"), Is.EqualTo(expected));
        Assert.That(words, Is.EqualTo(["word"]));
    }

    [Test]
    public void AValueMayHoldEqualsSignsAndBeginWithADash()
    {
        FlagValues values = Parse("-input", "a=b.npy", "--input=c=d", "-iterations", "-3", "-model", "-x").Values;
        Assert.That(values.List("input"), Is.EqualTo(["a=b.npy", "c=d"]));
        Assert.That(values.Integer("iterations"), Is.EqualTo(-3));
        Assert.That(values.Text("model"), Is.EqualTo("-x"));
    }

    [Test]
    public void DashesInNamesAreUnderscores() =>
    Assert.That(Parse("--sigint-effect=stop").Values.Text("sigint_effect"), Is.EqualTo("stop"));

    [Test]
    public void TwoDashesEndTheFlags() => Assert.That(Parse("-diffs", "--", "-model").Words, Is.EqualTo(["-model"]));

    [Test]
    public void WhatIsNotGivenHasItsDefault()
    {
        FlagValues values = Parse().Values;
        Assert.That((values.Integer("iterations"), values.Text("phase"), values.Text("model"), values.IsGiven("phase")),
            Is.EqualTo((50, "TEST", "", false)));
    }

    [TestCase("unknown flag '--modle', did you mean '-model'? (atl help run lists the flags)", "--modle", "x")]
    [TestCase("unknown flag '-nomodel'", "-nomodel")]
    [TestCase("flag '-model' needs a value (FILE)", "-model")]
    [TestCase("flag '-iterations' is 'ten', expected an integer", "-iterations", "ten")]
    [TestCase("flag '-phase' is 'TRIAN', did you mean 'TRAIN'?, expected one of TRAIN, TEST", "-phase=TRIAN")]
    [TestCase("flag '-model' is empty, expected FILE", "-model", "")]
    [TestCase("flag '-model' is empty, expected FILE", "--model=")]
    [TestCase("flag '-input' is empty, expected X", "-input", "")]
    [TestCase("flag '-diffs' is 'perhaps', expected true or false", "-diffs=perhaps")]
    public void WhatDoesNotFitIsNamed(string message, params string[] arguments) =>
        Assert.That(() => _ = Parse(arguments), Throws.InstanceOf<UsageException>().With.Message.StartsWith(message));

    [TestCase("-stage=", "-report=")]
    [TestCase("-stage", "", "-report")]
    public void SomeValuesMayBeEmpty(params string[] arguments)
    {
        FlagValues values = Parse(arguments).Values;
        Assert.That((values.Text("stage"), values.Text("report"), values.IsGiven("report")),
            Is.EqualTo(("", "", true)));
    }

    private static (List<string> Words, FlagValues Values) Parse(params string[] arguments) =>
        FlagParser.Parse(arguments, Flags, "run");
}
