using System.Globalization;
using Atl.Layers;
using Atl.Proto;
using Atl.Solvers;

namespace Atl.Tests.Reference;

/// <summary>Every case below solvers: losses, rates, weights, history and the last update of each iteration equal BVLC
/// Caffe's.</summary>
public class SolverReferenceTests
{
    private const double Tolerance = 1e-5;

    private static IEnumerable<TestCaseData> SolverCases => ReferenceCase.All("solvers");

    [TestCaseSource(nameof(SolverCases))]
    public void EveryIterationEqualsBvlcCaffes(string folder)
    {
        SolverReference reference = new(folder);
        using SgdSolver solver = reference.Create();
        solver.Net.CopyTrainedLayersFrom(ProtoFiles.ReadNetBinary(Path.Combine(folder, "init.caffemodel")));
        reference.CompareParameters(solver, "param.init");
        reference.Run(solver, 1);
    }

    // With a falling lambda BVLC's own resumed run strays from its uninterrupted one; here it must not.
    [TestCaseSource(nameof(SolverCases))]
    public void ARestoredSnapshotOfBvlcCaffeGoesOnAsIfNothingHadHappened(string folder)
    {
        SolverReference reference = new(folder);
        using SgdSolver solver = reference.Create();
        int snapshot = reference.Case.Number("snapshot_files_at_iteration");
        solver.Restore(Path.Combine(folder, $"snap_iter_{snapshot}.solverstate"));
        Assert.That(solver.Iteration, Is.EqualTo(snapshot));
        reference.CompareParameters(solver, $"param.iter{snapshot}");
        reference.CompareHistory(solver, $"history.iter{snapshot}");
        reference.Run(solver, snapshot + 1);
    }

    private sealed class SolverReference(string folder) : ISolverObserver
    {
        private readonly List<string> _differences = [];
        private SolverProgress? _progress;

        public ReferenceCase Case { get; } = new(folder);

        public void OnIteration(Solver solver, SolverProgress progress) => _progress = progress;

        public SgdSolver Create()
        {
            SolverParameter parameter = ProtoFiles.ReadSolver(Path.Combine(Case.Folder, "solver.prototxt"));
            return (SgdSolver)Solver.Create(parameter, new SolverOptions { Observers = [this] });
        }

        public void Run(SgdSolver solver, int first)
        {
            foreach (ReferenceLine line in Case.Of("input"))
            {
                Assert.That(solver.Net.Blobs[line.Index].Name, Is.EqualTo(line.Name));
                Case.Values(line).CopyTo(solver.Net.Blobs[line.Index].Data.AsWriteOnlySpan());
            }
            int last = Case.Number("iterations");
            for (int iteration = first; iteration <= last; iteration++)
            {
                solver.Step(1);
                CompareParameters(solver, $"param.iter{iteration}");
                CompareHistory(solver, $"history.iter{iteration}");
                // The recorded loss is that of the last pass; inputs are the same in each, so all passes agree unless
                // lambda falls between them.
                if (solver.Parameter.IterSize == 1 || !solver.Net.Layers.OfType<IAnnealedLayer>().Any())
                    CompareNumber(_progress!.Loss, $"loss_before_update:{iteration}");
                CompareNumber(_progress!.LearningRate, $"lr_used_in_iteration:{iteration}");
            }
            CompareHistory(solver, "history.end");
            foreach (ReferenceLine line in Case.Of("param.diff.end"))
                Compare(solver.Net.FindLayer(line.Name)?.Blobs[line.Index].Diff, line);
            Assert.That(_differences, Is.Empty);
        }

        public void CompareParameters(SgdSolver solver, string kind)
        {
            foreach (ReferenceLine line in Case.Of(kind))
                Compare(solver.Net.FindLayer(line.Name)?.Blobs[line.Index].Data, line);
        }

        public void CompareHistory(SgdSolver solver, string kind)
        {
            foreach (ReferenceLine line in Case.Of(kind))
                Compare(line.Index < solver.History.Count ? solver.History[line.Index] : null, line);
        }

        private void CompareNumber(float found, string fact)
        {
            float expected = float.Parse(Case.Fact(fact)!, CultureInfo.InvariantCulture);
            if (Closeness.Difference([found], [expected], 0, Tolerance, 1) is { } difference)
                _differences.Add($"{fact} {difference}");
        }

        private void Compare(Tensor? found, ReferenceLine line)
        {
            if (Case.Difference(found, line, Tolerance) is { } difference) _differences.Add(difference);
        }
    }
}
