using Atl.Face.Demo;
using Atl.Face.Report;
using Atl.TestSupport;

namespace Atl.Face.Tests.Demo;

/// <summary>The demonstration from end to end, on few faces and for few iterations.</summary>
public class FaceDemoTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("atl-demo-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ItDrawsTrainsVerifiesAndReports()
    {
        FaceDemoOptions options = new()
        {
            Solver = Adapt("face_solver.prototxt", ("examples/demo/", _folder + "/"), ("build/demo/", _folder + "/"),
                ("max_iter: 480", "max_iter: 3")),
            Deploy = Path.Combine(TestData.RepositoryRoot, "examples", "demo", "face_deploy.prototxt"),
            OutputFolder = _folder,
            TrainIdentities = 6,
            ImagesPerIdentity = 2,
            VerifyIdentities = 6,
            VerifyImagesPerIdentity = 4,
        };
        Adapt("face_train.prototxt", ("build/demo/", _folder + "/"), ("batch_size: 64", "batch_size: 4"),
            ("num_output: 400", "num_output: 6"));
        StringWriter output = new();

        string report = new FaceDemo(options, output, []).Run();

        string text = output.ToString();
        Assert.Multiple(() =>
        {
            Assert.That(text,
                Does.Contain("untrained: EER").And.Contain("\ntrained: EER").And.Contain("TAR@FAR=0.1:").And.Contain(
                    "accuracy"));
            Assert.That(text, Does.Contain("TAR@FAR=0.001: too few impostor pairs (240, need"));
            Assert.That(text, Does.Contain(Path.GetFullPath(report)));
            Assert.That(File.Exists(Path.Combine(_folder, "face_iter_3.caffemodel")));
        });
        ReportPage.Check(
            report, "Angular Triplet Loss on synthetic faces", "TAR @ FAR = 0.1",
            "too few impostor pairs (240, need ≥ 1,000)", "untrained: ",
            "Some identities in the plane", "One identity per row.", "Hardest pairs", "Trained on",
            "6 identities × 2 images");
        // What it leaves is a run like any other.
        RunReport run = RunReport.OfFolder(_folder, Assert.Fail);
        Assert.That(run.Training, Has.Count.EqualTo(3));
        Assert.That(run.Verifications.Select(one => (one.Name, one.Thumbnails.Count > 0)),
            Is.EqualTo([("trained", true), ("untrained", true)]));
    }

    // A copy of an example file in the test's folder with some words replaced; each must be there.
    private string Adapt(string name, params (string From, string To)[] words)
    {
        string text = File.ReadAllText(Path.Combine(TestData.RepositoryRoot, "examples", "demo", name));
        foreach ((string from, string to) in words)
        {
            Assert.That(text, Does.Contain(from));
            text = text.Replace(from, to, StringComparison.Ordinal);
        }
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
