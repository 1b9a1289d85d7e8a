using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;

namespace Atl.Cli.Tests.CommandLine;

public sealed class ArgumentTests
{
    [Test]
    public void WordsAreDealtOutByTheirPlaces()
    {
        FlagValues values = Take(new Copy(), "a", "b");
        Assert.That((values.Argument("IN"), values.Argument("OUT"), values.Argument("LOG")),
            Is.EqualTo(("a", "b", "")));
        Assert.That(Take(new Copy(), "a", "b", "c").Argument("LOG"), Is.EqualTo("c"));
    }

    [Test]
    public void TheLastMayBeRepeated()
    {
        Assert.That(Take(new Walk(), "a", "b", "c").Arguments("FOLDER"), Is.EqualTo(["a", "b", "c"]));
        Assert.That(Take(new Walk()).Arguments("FOLDER"), Is.Empty);
        Assert.That(Take(new Walk()).Argument("FOLDER"), Is.Empty);
    }

    [TestCase("copy needs OUT: the target", "a")]
    [TestCase("copy needs IN: the source")]
    [TestCase("'d' is not understood: copy takes IN OUT [LOG] and flags (atl help copy lists them)", "a", "b",
    "c", "d")]
    [TestCase("OUT of copy is empty, expected the target", "a", "")]
    public void WhatDoesNotFitIsNamed(string message, params string[] words) =>
        Assert.That(() => _ = Take(new Copy(), words),
            Throws.InstanceOf<UsageException>().With.Message.EqualTo(message));

    [Test]
    public void HelpShowsThem()
    {
        Assert.That(Help.Of(new Copy()),
            Does.Contain("usage: atl copy IN OUT [LOG] [-flag value ...]").And.Match(@"\n  OUT +the target"));
        Assert.That(Help.Of(new Walk()), Does.Contain("usage: atl walk [FOLDER ...] [-flag value ...]"));
    }

    private static FlagValues Take(Command command, params string[] words)
    {
        FlagValues values = new(command.AllFlags);
        values.TakeWords(command, words);
        return values;
    }

    private abstract class Stub(string name) : Command
    {
        public override string Name => name;

        public override string Summary => "a command of the tests";

        public override IReadOnlyList<Flag> Flags => [];

        public override IReadOnlyList<(string What, string Line)> Examples => [];

        public override void Run(FlagValues flags, GlogLogger log)
        {
        }
    }

    private sealed class Copy() : Stub("copy")
    {
        public override IReadOnlyList<Argument> Arguments =>
            [new("IN", "the source"), new("OUT", "the target"), new("LOG", "a log") { Optional = true }];
    }

    private sealed class Walk() : Stub("walk")
    {
        public override IReadOnlyList<Argument> Arguments =>
            [new("FOLDER", "the folders") { Optional = true, Repeated = true }];
    }
}
