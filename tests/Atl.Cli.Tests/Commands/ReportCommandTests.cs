using Atl.TestSupport;

namespace Atl.Cli.Tests.Commands;

public sealed class ReportCommandTests
{
    private const string Net = """
        name: "small"
        layer { name: "data" type: "DummyData" top: "data" top: "label"
          dummy_data_param { shape { dim: 8 dim: 5 } shape { dim: 8 } data_filler { type: "gaussian" std: 1 } data_filler { value: 2 } } }
        layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 4 weight_filler { type: "xavier" } } }
        layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
        """;

    [Test]
    public void TrainingLeavesALogAPageAndEventsFromWhichThePageIsMadeAgain()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["net.prototxt"], Net);
        File.WriteAllText(folder["solver.prototxt"],
            "net: 'net.prototxt' base_lr: 0.1 lr_policy: 'fixed' random_seed: 5 snapshot_prefix: 'out' max_iter: 20 "
                + "display: 5 test_iter: 1 test_interval: 10");
        ProgramResult train = AtlProgram.Run(folder.FullName, "train", "--report", "--tensorboard", "events",
            "--solver", "solver.prototxt");
        Assert.That(train.ExitCode, Is.Zero, train.Errors);
        string page = File.ReadAllText(folder["out_run/report.html"]);
        Assert.That(page, Does.Contain("<h1>small</h1>").And.Contain("20 iterations").And.Contain("Loss by iteration")
            .And.Contain("Test output loss by iteration"));
        Assert.That(Directory.GetFiles(folder["events"], "events.out.tfevents.*"), Has.Length.EqualTo(1));

        ProgramResult again = AtlProgram.Run(folder.FullName, "report", "out_run", "-out", "page.html");
        Assert.That((again.ExitCode, again.Output.Trim()), Is.EqualTo((0, "page.html")), again.Errors);
        Assert.That(File.ReadAllText(folder["page.html"]), Is.EqualTo(page));

        Directory.CreateDirectory(folder["logs"]);
        File.WriteAllText(folder["logs/train.log"], train.Errors);
        ProgramResult text = AtlProgram.Run(folder.FullName, "report", "logs");
        Assert.That(text.ExitCode, Is.Zero, text.Errors);
        Assert.That(File.ReadAllText(folder["logs/report.html"]),
            Does.Contain("<h1>small</h1>").And.Contain("Learning rate by iteration").And.Contain(
                "Test output loss by iteration"));
    }

    [Test]
    public void AFolderWithoutALogIsAnError()
    {
        using TemporaryFolder folder = new();
        ProgramResult result = AtlProgram.Run(folder.FullName, "report", ".");
        Assert.That((result.ExitCode, result.LastError), Is.EqualTo(
            (1, "atl report: .: no log of a run, expected metrics.jsonl (atl train -report or -run writes it) or "
                + "Caffe's text logs (*.log, *.INFO*)")));
    }
}
