using System.Diagnostics;
using System.Globalization;
using Atl.Face.Datasets;
using Atl.Face.Extraction;
using Atl.Face.Report;
using Atl.Face.Runs;
using Atl.Face.Verification;
using Atl.Proto;
using Atl.Solvers;

namespace Atl.Face.Demo;

/// <summary>
/// From nothing to a trained face embedding: makes a set of synthetic faces, trains a net on it through an LMDB, and
/// verifies identities never trained on, with the net before and after.
/// </summary>
/// <param name="options">Sizes and files.</param>
/// <param name="output">Receives progress and results.</param>
/// <param name="observers">Receive the progress of training.</param>
internal sealed class FaceDemo(FaceDemoOptions options, TextWriter output, IReadOnlyList<ISolverObserver> observers)
{
    private static readonly double[] Rates = [0.1, 0.01, 0.001];

    /// <summary>Runs the demonstration and returns the path of its report.</summary>
    /// <exception cref="AtlException">A file, net or solver does not fit.</exception>
    public string Run()
    {
        string database = Path.Combine(options.OutputFolder, "train_lmdb");
        Timed($"Drawing {options.TrainIdentities} × {options.ImagesPerIdentity} faces into {database}",
            () => FaceDatabase.Write(
            database,
            SyntheticFaces.Create(options.TrainIdentities, options.ImagesPerIdentity, options.Seed),
            options.TrainIdentities * options.ImagesPerIdentity,
            options.Seed));
        List<FaceSample> verified = [];
        Timed($"Rendering {options.VerifyIdentities} × {options.VerifyImagesPerIdentity} faces of identities for "
            + "verification only", () => verified.AddRange(
            SyntheticFaces.Create(options.VerifyIdentities, options.VerifyImagesPerIdentity, options.Seed,
                options.TrainIdentities)));

        SolverParameter parameter = ProtoFiles.ReadSolver(options.Solver);
        NetParameter deploy = ProtoFiles.ReadNet(options.Deploy), before, after;
        RunHistory history = new();
        Stopwatch training = new();
        long images;
        string log = Path.Combine(options.OutputFolder, RunLog.FileName);
        using (OutputLock.Take(log, "a run's log", output.WriteLine))
        using (RunLog opened = new(log, output.WriteLine))
        using (Solver solver = Solver.Create(parameter, new SolverOptions
        {
            File = options.Solver,
            Logger = options.Logger,
            Observers = [new RunRecorder(history, opened), .. observers],
        }))
        {
            before = solver.Net.ToProto();
            output.WriteLine($"Training {options.Solver} for {parameter.MaxIter} iterations");
            training.Start();
            solver.Solve();
            training.Stop();
            images = (long)solver.Iteration * solver.Net.Blobs[0].Shape[0];
            after = solver.Net.ToProto();
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Trained in {training.Elapsed.TotalSeconds:F0} s ({images / training.Elapsed.TotalSeconds:F0} img/s)"));

        RunVerifications verifications = new(options.OutputFolder);
        Verify("untrained", before);
        Verify("trained", after);
        string report = Path.Combine(options.OutputFolder, "report.html");
        RunReport run = RunReport.OfFolder(options.OutputFolder, output.WriteLine);
        HtmlReport.Save(
            run with
            {
                Title = "Angular Triplet Loss on synthetic faces",
                Subtitle = "Verification on identities never trained on, before and after training",
                Facts =
                [
                    new("Trained on", $"{options.TrainIdentities} identities × {options.ImagesPerIdentity} images"),
                    new("Verified on",
                        $"{options.VerifyIdentities} other identities × {options.VerifyImagesPerIdentity} images"),
                    new("Training time",
                        string.Create(CultureInfo.InvariantCulture, $"{training.Elapsed.TotalSeconds:F0} s")),
                    .. run.Facts,
                ],
                Samples = [.. verified.GroupBy(face => face.Label).Take(3)
                    .Select(person => (IReadOnlyList<FaceSample>)[.. person])],
            },
            report);
        output.WriteLine($"Report: {Path.GetFullPath(report)}");
        return report;

        void Verify(string name, NetParameter weights)
        {
            VerificationOptions wanted = new() { Rates = Rates, Bootstrap = new BootstrapOptions() };
            VerificationRecorder recorder = EmbeddingEvaluation.Verify(deploy, weights, verified, wanted, options.Seed,
                "faces drawn for verification", options.Logger);
            Print(name, recorder.Result);
            verifications.Add(RunVerification.Of(name, recorder.Record(), ProtocolDigest.Of(recorder),
                names => Pictures(names, recorder.Names, verified)));
        }
    }

    private static Dictionary<string, Thumbnail> Pictures(IReadOnlyCollection<string> names, ImageNames all,
        List<FaceSample> faces) =>
        names.ToDictionary(name => name, name => Thumbnail.Of(faces[all.Find(name)!.Value]));

    private void Print(string name, VerificationResult result)
    {
        string accuracy = result.Accuracy is { } folds
            ? string.Create(CultureInfo.InvariantCulture,
                $", 10-fold accuracy {100 * folds.Mean:F2} % ± {100 * folds.StandardDeviation:F2}")
            : "";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: EER {100 * result.EqualErrorRate:F2} %{accuracy}"));
        foreach (TarAtFar rate in result.Tars) output.WriteLine($"  {rate}");
    }

    private void Timed(string what, Action action)
    {
        Stopwatch watch = Stopwatch.StartNew();
        output.Write(what);
        action();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $" ({watch.Elapsed.TotalSeconds:F1} s)"));
    }
}
