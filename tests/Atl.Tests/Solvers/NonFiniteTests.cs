using Atl.Solvers;
using Atl.TestSupport;
using Microsoft.Extensions.Logging;

namespace Atl.Tests.Solvers;

public class NonFiniteTests
{
    [Test]
    public void ALossThatIsNotFiniteStopsWithTheLayerThatMadeIt()
    {
        using SolverRig rig = new();
        using Solver solver = rig.Create();
        solver.Step(2);
        solver.Net.FindLayer("gain")!.Blobs[0].Data.AsSpan()[1] = float.NaN;
        float[][] before = SolverRig.Parameters(solver);
        Assert.That(() => solver.Step(1), Throws.TypeOf<SolverException>().With.Message.EqualTo(
            "the loss of iteration 2 is nan: the first layer whose top is not finite is 'gain' (Scale): 4 of 12 values of 'gained', "
            + "which 'slope' works on in place; its parameter 0 holds 1 non-finite value, so an earlier "
            + "update "
            + "(or the weights that were loaded) made it; parameters have run away: try a smaller base_lr or "
            + "clip_gradients")
            .Or.Message.Contains("is -nan"));
        Assert.That(SolverRig.Parameters(solver), Is.EqualTo(before), "weights are as they were");
    }

    [Test]
    public void DataThatIsNotFiniteIsTheInputsFault()
    {
        using SolverRig rig = new();
        using Solver solver = rig.Create();
        solver.Net.Inputs[0].Data.AsSpan()[5] = float.PositiveInfinity;
        Assert.That(() => solver.Step(1),
            Throws.TypeOf<SolverException>().With.Message.EndsWith("is 'in' (Input): 1 of 12 values of 'data'"));
    }

    [Test]
    public void ADivergedRunStops()
    {
        using SolverRig rig = new();
        using Solver solver = rig.Create("base_lr: 1e6");
        Assert.That(() => solver.Step(50),
            Throws.TypeOf<SolverException>().With.Message.Contains("the loss of iteration"));
        Assert.That(solver.Iteration, Is.InRange(1, 49));
    }

    [Test]
    public void ValuesTooLargeForTheirProductsAreTold()
    {
        using SolverRig rig = new();
        using Solver solver = rig.Create();
        solver.Net.FindLayer("gain")!.Blobs[0].Data.AsSpan()[1] = -4e30f;
        solver.Net.Inputs[0].Data.AsSpan()[4] = -2e10f;
        Assert.That(() => solver.Step(1), Throws.TypeOf<SolverException>().With.Message.Contains(
            "its parameters are finite, the largest 4e+30; the largest value that it was given is 2e+10; "
            + "parameters have run away: try a smaller base_lr or clip_gradients"));
    }

    [TestCase("", true)]
    [TestCase("exact_gradient: true", false)]
    public void ADivergedRunWithTheMarginsPublishedGradientIsToldOfTheExactOne(string setting, bool told)
    {
        using SolverRig rig = new(SolverRig.MarginNet.Replace("TRIPLET", setting, StringComparison.Ordinal));
        using Solver solver = rig.Create("base_lr: 1e12");
        Assert.That(() => solver.Step(50),
            Throws.TypeOf<SolverException>().With.Message.Contains("try a smaller base_lr")
            .And.Message.Matches(told ? "; 'margin' \\(MarginInnerProduct\\): exact_gradient " : "clip_gradients$"));
    }

    [Test]
    public void AGradientThatIsNotFiniteIsNoticedWhereGradientsAreClipped()
    {
        using SolverRig rig = new();
        using Solver solver = rig.Create("clip_gradients: 1");
        // With a gain of 0 the loss does not see how large the feature is; the gain's gradient, feature times error,
        // does.
        solver.Net.FindLayer("gain")!.Blobs[0].Data.Fill(0);
        solver.Net.Inputs[0].Data.AsSpan()[0] = 1e22f;
        solver.Net.Inputs[1].Data.AsSpan()[0] = 1e18f;
        Assert.That(() => solver.Step(1), Throws.TypeOf<SolverException>().With.Message.EqualTo(
            "the gradient of iteration 0 is not finite: the first in backward's order is parameter 0 of layer "
                + "'gain': 1 of 3 values"));
    }

    [Test]
    public void ARunToldToGoOnWarnsOnceForEachRowOfBadIterations()
    {
        using SolverRig rig = new();
        LogCapture log = rig.CaptureLog();
        using Solver solver = rig.Create("lr_policy: 'fixed' base_lr: 0 momentum: 0",
            new SolverOptions { ContinueOnNonFinite = true });
        float[][] before = SolverRig.Parameters(solver);
        foreach (float value in (float[])[float.NaN, float.NaN, 0, float.NaN])
        {
            solver.Net.Inputs[0].Data.AsSpan()[5] = value;
            solver.Step(1);
            // A rate of 0 times a gradient of NaN is NaN all the same.
            for (int i = 0; i < before.Length; i++)
                before[i].CopyTo(solver.Net.LearnableParameters[i].Blob.Data.AsWriteOnlySpan());
            foreach (Tensor history in ((SgdSolver)solver).History) history.Fill(0);
        }
        Assert.That(solver.Iteration, Is.EqualTo(4));
        Assert.That(
            log.Lines.Where(entry => entry.Severity == LogLevel.Warning).Select(entry => entry.Line),
            Has.Exactly(2).Contains("training continues: the first layer whose top is not finite is 'in'"));
    }
}
