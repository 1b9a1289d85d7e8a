using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Cli.Tests.RealInput;

/// <summary>The face net and solver that the published loss came with, as they stand.</summary>
public sealed class FaceFilesTests
{
    [Test]
    public void TheDeployNetRuns()
    {
        string net = Seed("face_deploy.prototxt");
        using TemporaryFolder folder = new();
        Blob image = new(new Shape(1, 3, 112, 112));
        RandomStream stream = new(1, "image");
        image.Data.CopyFrom([.. Enumerable.Range(0, (int)image.Count).Select(_ => 2 * stream.NextSingle() - 1)]);
        NpyFile.Write(folder["image.npy"], image.Data);
        ProgramResult result = AtlProgram.Run(folder.FullName, "run", "-model", net, "-input", "data=image.npy", "-out",
            "blobs");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        (Shape shape, float[] embedding) = NpyFile.Read(folder["blobs/fc5.npy"]);
        Assert.That(shape[0], Is.EqualTo(1));
        Assert.That(embedding, Has.All.Matches<float>(float.IsFinite).And.Some.Not.Zero);
    }

    [Test]
    public void TheSolverLoads()
    {
        SolverParameter solver = ProtoFiles.ReadSolver(Seed("face_solver.prototxt"));
        Assert.That((solver.Net, solver.BaseLr, solver.LrPolicy, solver.MaxIter),
            Is.EqualTo(("face_model.prototxt", 0.1f, "multistep", 120000)));
        Assert.That(solver.Stepvalue, Is.EqualTo([30000, 60000, 90000]));
    }

    [Test]
    public void ATrainingNetThatIsNotThereIsNamedWithTheSolversLine()
    {
        using TemporaryFolder folder = new();
        ProgramResult result = AtlProgram.Run(folder.FullName, "train", "-solver", Seed("face_solver.prototxt"));
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.LastError,
            Does.Contain("face_solver.prototxt:1:1: net 'face_model.prototxt': no such file"));
    }

    private static string Seed(string name)
    {
        string data = TestData.Require();
        string path = Path.Combine(Path.GetDirectoryName(data)!, "seed", name);
        Assert.That(path, Does.Exist);
        return path;
    }
}
