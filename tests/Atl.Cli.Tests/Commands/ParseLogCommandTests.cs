using Atl.TestSupport;

namespace Atl.Cli.Tests.Commands;

public sealed class ParseLogCommandTests
{
    // Over New Year, with the lines that Caffe's own logs have.
    private const string Log = """
        I1231 23:59:50.000000  7 solver.cpp:280] Solving LeNet
        I1231 23:59:50.500000  7 solver.cpp:337] Iteration 0, Testing net (#0)
        I1231 23:59:51.000000  7 solver.cpp:404]     Test net output #0: accuracy = 0.125
        I1231 23:59:51.000000  7 solver.cpp:404]     Test net output #1: loss = 2.5 (* 1 = 2.5 loss)
        I1231 23:59:52.000000  7 solver.cpp:228] Iteration 0, loss = 2.5
        I1231 23:59:52.000000  7 solver.cpp:244]     Train net output #0: loss = 2.25 (* 1 = 2.25 loss)
        I1231 23:59:52.000000  7 sgd_solver.cpp:106] Iteration 0, lr = 0.01
        I0101 00:00:10.250000  7 solver.cpp:228] Iteration 100, loss = 0.5
        I0101 00:00:10.250000  7 solver.cpp:244]     Train net output #0: loss = 2e-05 (* 1 = 2e-05 loss)
        I0101 00:00:10.250000  7 sgd_solver.cpp:106] Iteration 100, lr = 0.0099
        I0101 00:00:11.000000  7 solver.cpp:337] Iteration 100, Testing net (#0)
        I0101 00:00:12.000000  7 solver.cpp:404]     Test net output #0: accuracy = 1
        I0101 00:00:12.000000  7 solver.cpp:404]     Test net output #1: loss = 0.0625 (* 1 = 0.0625 loss)
        """;

    [Test]
    [CaffeBehaviour(CaffeBehaviour.ParsedLogColumns)]
    public void TheTablesAreCaffes()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["caffe.log"], Log);
        File.SetLastWriteTime(folder["caffe.log"], new DateTime(2015, 12, 31, 12, 0, 0, DateTimeKind.Local));
        Assert.That(AtlProgram.Run(folder.FullName, "parse_log", "caffe.log", ".").ExitCode, Is.Zero);
        Assert.That(File.ReadAllText(folder["caffe.log.train"]),
            Is.EqualTo("NumIters,Seconds,LearningRate,loss\r\n0.0,2.0,0.01,2.25\r\n100.0,20.25,0.01,2e-05\r\n"));
        Assert.That(File.ReadAllText(folder["caffe.log.test"]),
            Is.EqualTo(
                "NumIters,Seconds,LearningRate,accuracy,loss\r\n0.0,1.0,0.0099,0.125,2.5\r\n100.0,22.0,0.0099,1.0,0.0625\r\n"));
    }

    [Test]
    public void AFileThatIsNoLogIsNamed()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["x.log"], "nothing");
        ProgramResult result = AtlProgram.Run(folder.FullName, "parse_log", "x.log", ".");
        Assert.That((result.ExitCode, result.LastError),
            Is.EqualTo((1,
                "atl parse_log: x.log: no line 'Solving NET' with a time, expected the log of a training run")));
    }
}
