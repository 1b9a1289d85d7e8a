using Atl.Cli.CommandLine;

namespace Atl.Cli.Tests.CommandLine;

public sealed class HelpTests
{
    private static readonly string[] Commands = [.. Application.Commands.Select(command => command.Name)];

    [TestCase("--help")]
    [TestCase("-help")]
    [TestCase("help")]
    public void TheOverviewNamesEveryCommandAndShowsExamples(string argument)
    {
        ProgramResult result = Run(argument);
        Assert.That(result.ExitCode, Is.Zero);
        foreach (string command in Commands) Assert.That(result.Output, Does.Contain($"\n  {command} "));
        Assert.That(result.Output, Does.Contain("atl train -solver face_solver.prototxt"));
    }

    [TestCaseSource(nameof(Commands))]
    public void EachCommandShowsItsFlagsAndAnExample(string command)
    {
        ProgramResult result = Run("help", command);
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Output, Does.Contain($"atl {command}: ").And.Contain("examples:\n  atl "
            + command).And.Match(@"\n  -\w+ "));
        Assert.That(Run(command, "--help").Output, Is.EqualTo(result.Output));
    }

    [Test]
    public void TheVersionIsTold() => Assert.That(Run("--version").Output, Does.Match(@"^atl \d+\.\d+\.\d+\s*$"));

    [Test]
    public void WithoutACommandTheOverviewGoesToStandardErrorAndFails()
    {
        ProgramResult result = Run();
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((2, "")));
        Assert.That(result.Errors, Does.Contain("usage: atl COMMAND"));
    }

    [TestCase("unknown command 'tran', did you mean 'train'?; expected one of train, ", "tran")]
    [TestCase("unknown flag '-solvr', did you mean '-solver'?", "train", "-solvr", "x")]
    [TestCase("unknown flag '-solvr=x', did you mean '-solver'?", "-solvr=x", "train")]
    [TestCase("train needs -solver FILE: the solver's prototxt", "train")]
    [TestCase("test needs -weights FILE", "test", "-model", "x")]
    [TestCase("'x' is not understood: train takes flags only", "train", "-solver", "y", "x")]
    [TestCase("train takes -snapshot to resume training or -weights to finetune, not both", "train", "-solver=x",
    "-snapshot=y", "-weights=z")]
    [TestCase("flag '-iterations' is '0', expected a positive number", "time", "-model", "x", "-iterations", "0")]
    public void AWrongCommandLineIsOneLineAndExitCode2(string message, params string[] arguments)
    {
        ProgramResult result = Run(arguments);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors.TrimEnd(), Does.StartWith("atl: " + message).And.Not.Contain("\n"));
    }

    [Test]
    public void DeviceQueryShowsTheProcessor()
    {
        ProgramResult result = Run("device_query");
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Errors, Does.Match(@"I\d{4} \d\d:\d\d:\d\d\.\d{6} +\d+ caffe\.cpp:\d+\] Device: +cpu"));
    }

    private static ProgramResult Run(params string[] arguments) => AtlProgram.Run(Path.GetTempPath(), arguments);
}
