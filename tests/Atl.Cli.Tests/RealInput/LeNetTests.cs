using System.Globalization;
using System.Text.RegularExpressions;
using Atl.TestSupport;

namespace Atl.Cli.Tests.RealInput;

public sealed partial class LeNetTests
{
    private const string Examples = "examples/mnist";
    private const int TestDigits = 1000;
    private const int Iterations = 1250;

    /// <summary>BVLC's LeNet as it stands, where it stands (examples/mnist), learns 9,000 of the t10k digits and
    /// recognises the others.</summary>
    [Test]
    public void BvlcsExampleLearnsMnist()
    {
        string original = TestData.Require("prototxt", "BVLC+caffe", "examples", "mnist");
        Mnist mnist = Mnist.Read();
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder[Examples]);
        File.Copy(Path.Combine(original, "lenet_train_test.prototxt"), folder[Examples + "/lenet_train_test.prototxt"]);
        MnistLmdb.Split(mnist, folder[Examples + "/mnist_train_lmdb"], folder[Examples + "/mnist_test_lmdb"],
            TestDigits);
        string solver = File.ReadAllText(Path.Combine(original, "lenet_solver.prototxt"));
        solver = Set(solver, "test_iter", TestDigits / 100);
        solver = Set(solver, "test_interval", Iterations);
        solver = Set(solver, "max_iter", Iterations);
        File.WriteAllText(folder[Examples + "/lenet_solver.prototxt"], solver + "\nrandom_seed: 1\n");

        ProgramResult result = AtlProgram.Run(folder.FullName, "train", $"--solver={Examples}/lenet_solver.prototxt");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        double[] accuracies = [.. Accuracy().Matches(result.Errors)
            .Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        TestContext.Out.WriteLine($"accuracy: {string.Join(", ", accuracies)}");
        Assert.That(accuracies, Has.Length.EqualTo(2));
        Assert.That(accuracies[0], Is.LessThan(0.3), "before training");
        Assert.That(accuracies[^1], Is.GreaterThanOrEqualTo(0.975));

        ProgramResult test = AtlProgram.Run(
            folder.FullName, "test", $"-model={Examples}/lenet_train_test.prototxt",
            $"-weights={Examples}/lenet_iter_{Iterations}.caffemodel",
                "-iterations", "10");
        Assert.That(test.ExitCode, Is.Zero, test.Errors);
        Assert.That(test.Errors,
            Does.Contain($"] accuracy = {accuracies[^1].ToString(CultureInfo.InvariantCulture)}\n"));
    }

    /// <summary>What BVLC Caffe counts of the 10,000 t10k digits with published weights: 9,905 and 9,914.</summary>
    [TestCase("lenet_nandahkrishna", "0.9905")]
    [TestCase("lenet_ethereon", "0.9914")]
    public void PublishedWeightsHaveBvlcsAccuracy(string weights, string accuracy)
    {
        string net = TestData.Require("prototxt", "BVLC+caffe", "examples", "mnist", "lenet_train_test.prototxt");
        string file = TestData.Require("weights", weights, "lenet_iter_10000.caffemodel");
        Mnist mnist = Mnist.Read();
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder[Examples]);
        MnistLmdb.Write(mnist, folder[Examples + "/mnist_test_lmdb"], [.. Enumerable.Range(0, mnist.Labels.Length)]);
        ProgramResult test = AtlProgram.Run(folder.FullName, "test", "-model", net, "-weights", file, "-iterations",
            "100");
        Assert.That(test.ExitCode, Is.Zero, test.Errors);
        Assert.That(test.Errors, Does.Contain($"] accuracy = {accuracy}\n"));
    }

    private static string Set(string solver, string field, int value)
    {
        Regex line = new($"(?m)^{field}:.*$");
        Assert.That(line.Count(solver), Is.EqualTo(1), field);
        return line.Replace(solver, $"{field}: {value}");
    }

    [GeneratedRegex(@"Test net output #0: accuracy = ([\d.e-]+)")]
    private static partial Regex Accuracy();
}
