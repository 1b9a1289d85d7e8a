using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Examples;

/// <summary>The nets of examples/ are built in both phases, and have as many parameters as counted by hand.</summary>
public class ExampleNetTests
{
    // Weights and biases of the convolutions, slopes of the PReLUs, weights and biases of fc5, stage by stage.
    private const long Demo = 928 + 18_560 + (2 * 36_992) + 73_984 + (2 * 147_712) + 295_424 + (2 * 590_336)
        + (256 * 7 * 7 * 128) + 128;
    private const long Orl = 352 + 18_560 + 36_992 + 73_984 + (128 * 7 * 6 * 64) + 64;
    private const long Sphere20 = 1_856 + (2 * 36_992) + 73_984 + (4 * 147_712) + 295_424 + (8 * 590_336) + 1_180_672
        + (2 * 2_360_320)
        + (512 * 7 * 6 * 512) + 512;
    private const long Res28 = 928 + 18_560 + (2 * 36_992) + 73_984 + (4 * 147_712) + 295_424 + (10 * 590_336)
        + 1_180_672 + (6 * 2_360_320)
        + (512 * 5 * 5 * 512) + 512;

    [TestCase("demo", "face_solver", 3, 112, 112, Demo, 400 * 128)]
    [TestCase("orl", "face_solver", 1, 112, 92, Orl, 30 * 64)]
    [TestCase("sphereface20", "face_solver", 3, 112, 96, Sphere20, 10_572 * 512)]
    [TestCase("atl", "method1_sphereface_solver", 3, 112, 112, Res28, 10_572 * 512)]
    [TestCase("atl", "method1_triplet_solver", 3, 112, 112, Res28, 10_572 * 512)]
    [TestCase("atl", "method2_solver", 3, 112, 112, Res28, 10_572 * 512)]
    [TestCase("atl", "small_set_solver", 3, 112, 112, Res28, 10_572 * 512)]
    public void ATrainingNetHasItsParameters(string example, string solver, int channels, int height, int width,
    long embedding, long classes)
    {
        SolverParameter parameter = ProtoFiles.ReadSolver(PathOf(example, solver + ".prototxt"));
        NetParameter net = ProtoFiles.ReadNet(Path.Combine(TestData.RepositoryRoot, parameter.Net));
        LayerParameter data = net.Layer.Single(layer => layer.Type == "Data");
        // Images of the size that the net is for, in the place of a database.
        data.Type = "Input";
        data.InputParam = new InputParameter();
        data.InputParam.Shape.Add(new BlobShape { Dim = { 2, channels, height, width } });
        data.InputParam.Shape.Add(new BlobShape { Dim = { 2 } });
        foreach (Phase phase in new[] { Phase.Train, Phase.Test })
        {
            using Net built = new(net, new NetOptions
            {
                Phase = phase,
                Stages = [.. parameter.TrainState?.Stage ?? []],
                ShapesOnly = true
            });
            Assert.That(built.Layers.Sum(layer => layer.Blobs.Sum(blob => blob.Count)), Is.EqualTo(embedding + classes),
                $"{phase}");
            Assert.That(built.Outputs.Select(output => output.Name), Is.EqualTo(["lambda", "loss"]));
        }
    }

    [TestCase("demo", Demo)]
    [TestCase("orl", Orl)]
    [TestCase("sphereface20", Sphere20)]
    [TestCase("atl", Res28)]
    public void ADeployNetIsTheEmbeddingOfItsTrainingNet(string example, long parameters)
    {
        NetParameter deploy = ProtoFiles.ReadNet(PathOf(example, "face_deploy.prototxt")),
            train = ProtoFiles.ReadNet(PathOf(example, "face_train.prototxt"));
        LayerParameter[] embedding = [.. deploy.Layer.Where(layer => layer.Type != "Input")];
        Assert.That(train.Layer.Skip(1).Take(embedding.Length), Is.EqualTo(embedding));
        foreach (Phase phase in new[] { Phase.Train, Phase.Test })
        {
            using Net built = new(deploy, new NetOptions { Phase = phase, ShapesOnly = true });
            Assert.That(built.Layers.Sum(layer => layer.Blobs.Sum(blob => blob.Count)), Is.EqualTo(parameters),
                $"{phase}");
            Assert.That(built.Outputs.Single().Name, Is.EqualTo("fc5"));
        }
    }

    private static string PathOf(string example, string file) =>
        Path.Combine(TestData.RepositoryRoot, "examples", example, file);
}
