using Atl.Linting;
using Atl.TestSupport;

namespace Atl.Tests.Linting;

/// <summary>Damaged real files from a fixed seed: the linter answers every one, and what it says names the
/// file.</summary>
public sealed class LinterMutationTests
{
    private const int Mutants = 12;

    private static readonly string[] Values = ["0", "-1", "4294967295", "1e30", "2147483647", "\"\"", "true",
        "99999999999999999999"];

    private static IEnumerable<string> Nets() =>
        ["BVLC+caffe/examples/mnist/lenet_train_test.prototxt",
        "BVLC+caffe/examples/siamese/mnist_siamese_train_test.prototxt",
            "BVLC+caffe/models/bvlc_alexnet/train_val.prototxt",
            "BVLC+caffe/examples/mnist/mnist_autoencoder.prototxt", "CongWeilin+mtcnn-caffe/12net/train12.prototxt",
                "wy1iu+sphereface/train/code/sphereface_model.prototxt",
            "BVLC+caffe/examples/mnist/lenet_consolidated_solver.prototxt",
            "BVLC+caffe/examples/cifar10/cifar10_full_sigmoid_train_test_bn.prototxt"];

    [TestCaseSource(nameof(Nets))]
    public void EveryMutantIsAnswered(string net)
    {
        string text = File.ReadAllText(TestData.Require("prototxt", net));
        using TemporaryFolder folder = new();
        string path = folder["mutant.prototxt"];
        Random random = new(147);
        Linter linter = new(allowUnknownFields: false);
        int sound = 0;
        for (int i = 0; i < Mutants; i++)
        {
            File.WriteAllText(path, Mutate(text, random));
            LintedFile linted = linter.Check(path);
            if (linted.Status == LintStatus.Built)
                sound++;
            else
                Assert.That(linted.Message, Does.StartWith(path), $"mutant {i}");
        }
        Assert.That(sound, Is.LessThan(Mutants), "some mutants are wrong");
    }

    // Lines left out, doubled or swapped, and values put in place of others.
    private static string Mutate(string text, Random random)
    {
        List<string> lines = [.. text.Split('\n')];
        for (int n = random.Next(1, 4); n > 0; n--)
        {
            int at = random.Next(lines.Count);
            int colon = lines[at].IndexOf(':', StringComparison.Ordinal);
            switch (random.Next(4))
            {
                case 0:
                    lines.RemoveAt(at);
                    break;
                case 1:
                    lines.Insert(random.Next(lines.Count), lines[at]);
                    break;
                default:
                    if (colon > 0) lines[at] = $"{lines[at][..colon]}: {Values[random.Next(Values.Length)]}";
                    break;
            }
        }
        return string.Join('\n', lines);
    }
}
