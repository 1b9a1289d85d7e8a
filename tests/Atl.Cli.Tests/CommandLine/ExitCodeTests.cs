using System.Globalization;
using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;
using OpenCvSharp;

namespace Atl.Cli.Tests.CommandLine;

/// <summary>Every line of docs/exit-codes.md: its command, run as it stands there, ends with its code.</summary>
public sealed class ExitCodeTests : FolderFixture
{
    private static IEnumerable<TestCaseData> Lines =>
        from line in File.ReadLines(Path.Combine(TestData.RepositoryRoot, "docs", "exit-codes.md"))
        let cells = line.Split('|', StringSplitOptions.TrimEntries)
        where cells.Length == 6 && int.TryParse(cells[1], out _)
        let code = int.Parse(cells[1], CultureInfo.InvariantCulture)
        select new TestCaseData(code, cells[4].Trim('`')).SetArgDisplayNames(cells[1], cells[4]);

    [TestCaseSource(nameof(Lines))]
    public void TheLinesCommandEndsWithItsCode(int code, string example)
    {
        MakeFiles();
        string[] words = example.Split(' ');
        Assert.That(words[0], Is.EqualTo("atl"));
        if (words.Contains("detect"))
        {
            string pnet = TestData.Require("weights", "mtcnn", "det1.prototxt");
            Directory.CreateSymbolicLink(_folder["mtcnn"], Path.GetDirectoryName(pnet)!);
        }
        ProgramResult result = AtlProgram.Run(_folder.FullName, words[1..]);
        Assert.That(result.ExitCode, Is.EqualTo(code), result.Errors);
        // A code other than 0 is explained.
        if (code != 0) Assert.That(result.Errors, Is.Not.Empty);
    }

    [Test]
    public void EveryCodeHasALineAndEveryCommandThatGives3IsNamed()
    {
        Assert.That(Lines.Select(line => (int)line.Arguments[0]!).Distinct(), Is.EquivalentTo((int[])[0, 1, 2, 3]));
        string commands = Path.Combine(TestData.RepositoryRoot, "managed", "Atl.Cli", "Commands");
        string[] incomplete = [.. Directory.GetFiles(commands, "*Command.cs")
            .Where(file => File.ReadAllText(file).Contains("new IncompleteException(", StringComparison.Ordinal))
            .Select(file => Path.GetFileNameWithoutExtension(file)[..^"Command".Length].ToLowerInvariant())];
        IEnumerable<string> named = Lines.Where(line => (int)line.Arguments[0]! == 3)
            .Select(line => ((string)line.Arguments[1]!).Split(' ')[1]);
        Assert.That(named, Is.EquivalentTo(incomplete));
    }

    private void MakeFiles()
    {
        const string Net = """
            name: "net"
            layer { name: "in" type: "Input" top: "data" input_param { shape { dim: 1 dim: 1 dim: 1 dim: 3 } } }
            layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
              convolution_param { num_output: 1 kernel_size: 1 bias_term: false } }
            layer { name: "flat" type: "Flatten" bottom: "conv" top: "feature" }
            """;
        File.WriteAllText(_folder["good.prototxt"], Net);
        File.WriteAllText(_folder["net.prototxt"], Net);
        File.WriteAllText(_folder["broken.prototxt"], "layer { name: 'x' type: 'ReLU' bottom: 'nowhere' top: 'x' }");
        File.WriteAllText(_folder["diverging.prototxt"], """
            net_param {
              layer { name: "in" type: "DummyData" top: "x" top: "t" dummy_data_param {
                shape { dim: 2 dim: 1 } data_filler { value: 1e30 } data_filler { value: 0 } } }
              layer { name: "ip" type: "InnerProduct" bottom: "x" top: "y"
                inner_product_param { num_output: 1 weight_filler { value: 1 } } }
              layer { name: "loss" type: "EuclideanLoss" bottom: "y" bottom: "t" top: "loss" }
            }
            base_lr: 1 lr_policy: "fixed" max_iter: 2 solver_mode: CPU snapshot_after_train: false
            """);
        Weights("net.caffemodel", 2);
        Weights("other.caffemodel", 3);

        Picture("tree/Ann/1.png");
        Picture("tree/Bo/1.png");
        File.WriteAllText(_folder["tree/Ann/broken.png"], "no image");
        File.WriteAllText(_folder["list.txt"], "Ann/1.png 0\nAnn/broken.png 0\nBo/1.png 1\n");
        File.WriteAllText(_folder["unreadable.txt"], "Ann/broken.png 0\n");
        File.WriteAllText(_folder["faces.txt"], "tree/Ann/broken.png 1 1 2 1 1 2 1 3 2 3\n");

        Tensor features = new(new Shape(4, 2));
        features.CopyFrom([1, 0, 0.9f, 0.1f, 0, 1, 0.1f, 0.9f]);
        NpyFile.Write(_folder["features.npy"], features);
        string[] images = ["Ann/Ann_0001.jpg", "Ann/Ann_0002.jpg", "Bo/Bo_0001.jpg", "Bo/Bo_0002.jpg"];
        File.WriteAllLines(_folder["features.txt"], images);
        File.WriteAllText(_folder["pairs.txt"], "1\t2\nAnn\t1\t2\nAnn\t1\t3\nAnn\t1\tBo\t1\nAnn\t2\tBo\t2\n");
        File.WriteAllLines(_folder["gallery.txt"], ["Ann/Ann_0001.jpg", "Bo/Bo_0001.jpg", "Cy/Cy_0001.jpg"]);
    }

    private void Weights(string file, float value)
    {
        BlobProto blob = new() { Shape = new BlobShape { Dim = { 1, 1, 1, 1 } }, Data = { value } };
        LayerParameter conv = new() { Name = "conv", Type = "Convolution", Blobs = { blob } };
        ProtoFiles.WriteNetBinary(_folder[file], new NetParameter { Layer = { conv } });
    }

    private void Picture(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
        // No two alike, or the second would be a duplicate.
        double gray = path.Contains("Bo", StringComparison.Ordinal) ? 40 : 200;
        using Mat picture = new(1, 3, MatType.CV_8UC1, new Scalar(gray));
        Cv2.ImWrite(_folder[path], picture);
    }
}
