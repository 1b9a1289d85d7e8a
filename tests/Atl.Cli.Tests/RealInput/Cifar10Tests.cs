using Atl.TestSupport;

namespace Atl.Cli.Tests.RealInput;

/// <summary>BVLC's CIFAR-10 example as its scripts run it, with atl in the place of its programs.</summary>
public sealed class Cifar10Tests
{
    private const string Examples = "examples/cifar10";

    // The images are not among the test inputs: they are looked for where this says, data_batch_1.bin to
    // data_batch_5.bin and test_batch.bin.
    private const string ImagesVariable = "ATL_CIFAR10";

    /// <summary>What BVLC Caffe gives for the same weights and databases.</summary>
    [Test]
    public void PublishedWeightsHaveBvlcsAccuracy()
    {
        string net = TestData.Require("prototxt", "BVLC+caffe", Examples, "cifar10_quick_train_test.prototxt");
        string images = Environment.GetEnvironmentVariable(ImagesVariable) ?? "";
        if (images.Length == 0)
            Assert.Ignore(
                $"the images of CIFAR-10 are absent (set {ImagesVariable} to the folder of their binary version)");
        using TemporaryFolder folder = new();
        Run("convert_cifar_data", images, Examples, "lmdb");
        Run("compute_image_mean", "-backend=lmdb", $"{Examples}/cifar10_train_lmdb", $"{Examples}/mean.binaryproto");
        foreach ((string weights, string accuracy) in new[] { ("cifar10_quick_iter_4000", "0.6854"),
            ("cifar10_quick_iter_5000", "0.7491") })
        {
            string log = Run("test", "-model", net, "-weights",
                TestData.Require("weights", "cifar10_quick_v1", $"{weights}.caffemodel"), "-iterations", "100");
            Assert.That(log, Does.Contain($"] accuracy = {accuracy}\n"), weights);
        }

        string Run(params string[] command)
        {
            ProgramResult result = AtlProgram.Run(folder.FullName, command);
            Assert.That(result.ExitCode, Is.Zero, result.Errors);
            return result.Errors;
        }
    }
}
