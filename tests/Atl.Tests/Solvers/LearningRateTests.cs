using Atl.Proto;
using Atl.Solvers;
using Atl.TestSupport;

namespace Atl.Tests.Solvers;

public class LearningRateTests
{
    // Base rate 0.1 throughout; the expected figures are the formulas worked out by hand.
    [TestCase("lr_policy: 'fixed'", 123, 0.1)]
    [TestCase("lr_policy: 'step' gamma: 0.5 stepsize: 3", 2, 0.1)]
    [TestCase("lr_policy: 'step' gamma: 0.5 stepsize: 3", 3, 0.05)]
    [TestCase("lr_policy: 'step' gamma: 0.5 stepsize: 3", 9, 0.0125)]
    [TestCase("lr_policy: 'exp' gamma: 0.9", 2, 0.081)]
    [TestCase("lr_policy: 'inv' gamma: 0.1 power: 0.5", 30, 0.05)]
    [TestCase("lr_policy: 'poly' power: 2 max_iter: 10", 5, 0.025)]
    [TestCase("lr_policy: 'poly' power: 2 max_iter: 10", 10, 0)]
    [TestCase("lr_policy: 'sigmoid' gamma: 0.6 stepsize: 4", 4, 0.05)]
    [TestCase("lr_policy: 'sigmoid' gamma: -0 stepsize: 4", 9, 0.05)]
    [CaffeBehaviour(CaffeBehaviour.LearningRatePolicies)]
    public void PoliciesFollowTheirFormulas(string settings, int iteration, double expected) =>
        Assert.That(new LearningRate(Read(settings)).At(iteration), Is.EqualTo(expected).Within(1e-8));

    [Test]
    [CaffeBehaviour(CaffeBehaviour.LearningRatePolicies)]
    [CaffeBehaviour(CaffeBehaviour.MultistepOneStepAtATime)]
    public void MultistepTakesOneStepAnIterationAndRemembersIt()
    {
        SolverParameter parameter = Read("lr_policy: 'multistep' gamma: 0.5 stepvalue: 2 stepvalue: 5");
        LearningRate rate = new(parameter);
        float[] rates = [.. Enumerable.Range(0, 7).Select(rate.At)];
        Assert.That(rates, Is.EqualTo([0.1f, 0.1f, 0.05f, 0.05f, 0.05f, 0.025f, 0.025f]).Within(1e-8f));
        // A run that begins late, without the saved step, catches up by one step an iteration, as in Caffe.
        LearningRate late = new(parameter);
        Assert.That(new[] { late.At(6), late.At(7) }, Is.EqualTo([0.05f, 0.025f]).Within(1e-8f));
        Assert.That(new LearningRate(parameter) { CurrentStep = 2 }.At(6), Is.EqualTo(0.025f).Within(1e-8f));
    }

    [TestCase("lr_policy: 'stp'", "unknown lr_policy 'stp', did you mean 'step'?")]
    [TestCase("", "unknown lr_policy ''")]
    [TestCase("lr_policy: 'step' gamma: 0.1", "needs stepsize to be more than 0, found 0")]
    [TestCase("lr_policy: 'sigmoid' gamma: 0.1 stepsize: -1", "needs stepsize to be more than 0, found -1")]
    [TestCase("lr_policy: 'exp' gamma: -0.5", "needs gamma to be 0 or more, found -0.5")]
    [TestCase("lr_policy: 'poly' power: 1", "needs max_iter to be more than 0, found 0")]
    public void SettingsThatDoNotFitAreNamed(string settings, string message) =>
        Assert.That(() => new LearningRate(Read(settings)),
            Throws.TypeOf<SolverException>().With.Message.Contains(message));

    [Test]
    public void ErrorsNameThePlaceInTheFile() => Assert.That(
        () => new LearningRate(TextFormat.Parse<SolverParameter>("base_lr: 1\n  lr_policy: 'exp' gamma: -1\n",
            "face_solver.prototxt")),
        Throws.TypeOf<SolverException>().With.Message.StartsWith("face_solver.prototxt:2:20: "));

    private static SolverParameter Read(string settings) =>
        TextFormat.Parse<SolverParameter>("base_lr: 0.1 " + settings);
}
