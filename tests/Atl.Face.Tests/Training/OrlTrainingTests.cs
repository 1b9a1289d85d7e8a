using System.Globalization;
using Atl.Face.Datasets;
using Atl.Face.Extraction;
using Atl.Face.Verification;
using Atl.Proto;
using Atl.Solvers;
using Atl.TestSupport;

namespace Atl.Face.Tests.Training;

/// <summary>The Angular Triplet Loss of examples/orl on real faces: 30 people are trained on, 10 others
/// verified.</summary>
public class OrlTrainingTests
{
    private const double FalseAcceptRate = 0.01;
    private const double LeastGain = 0.1;
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("atl-orl-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void TrainingRaisesTarOnPeopleNeverTrainedOn()
    {
        OrlFaces faces = OrlFaces.Read(TestData.Require("faces", "orl"));
        string database = Path.Combine(_folder, "train_lmdb"),
            examples = Path.Combine(TestData.RepositoryRoot, "examples", "orl");
        FaceDatabase.Write(database, faces.Train, faces.Train.Count, 1);
        NetParameter net = ProtoFiles.ReadNet(Path.Combine(examples, "face_train.prototxt")),
            deploy = ProtoFiles.ReadNet(Path.Combine(examples, "face_deploy.prototxt"));
        net.Layer.Single(layer => layer.Type == "Data").DataParam.Source = database;
        SolverParameter parameter = ProtoFiles.ReadSolver(Path.Combine(examples, "face_solver.prototxt"));
        parameter.ClearNet();
        parameter.NetParam = net;
        parameter.SnapshotAfterTrain = false;
        parameter.SnapshotPrefix = Path.Combine(_folder, "face");

        using Solver solver = Solver.Create(parameter, new SolverOptions());
        double before = Tar(deploy, solver.Net.ToProto(), faces.Verify);
        solver.Solve();
        double after = Tar(deploy, solver.Net.ToProto(), faces.Verify);

        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"TAR@FAR={FalseAcceptRate}: {before:P1} untrained, {after:P1} trained"));
        Assert.That(after, Is.GreaterThan(before + LeastGain));
    }

    private static double Tar(NetParameter deploy, NetParameter weights, IReadOnlyList<FaceSample> faces)
    {
        VerificationResult result = EmbeddingEvaluation.Verify(deploy, weights, faces,
            new VerificationOptions { Rates = [FalseAcceptRate] }, 1, "ORL").Result;
        return result.Tars[0].Tar ?? throw new AssertionException(result.Tars[0].ToString());
    }
}
