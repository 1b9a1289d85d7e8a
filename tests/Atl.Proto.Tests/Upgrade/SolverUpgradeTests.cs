using Atl.TestSupport;

namespace Atl.Proto.Tests.Upgrade;

public sealed class SolverUpgradeTests
{
    [TestCase("SGD", "SGD")]
    [TestCase("NESTEROV", "Nesterov")]
    [TestCase("ADAGRAD", "AdaGrad")]
    [TestCase("RMSPROP", "RMSProp")]
    [TestCase("ADADELTA", "AdaDelta")]
    [TestCase("ADAM", "Adam")]
    [TestCase("3", "RMSProp")]
    [CaffeBehaviour(CaffeBehaviour.SolverTypeEnum)]
    public void TheTypeBecomesAName(string old, string type)
    {
        List<string> notes = [];
        SolverParameter solver = TextFormat.Parse<SolverParameter>($"base_lr: 1\nsolver_type: {old}", "s");
        SolverUpgrade.Apply(solver, notes.Add);
        Assert.That(solver, Is.EqualTo(new SolverParameter { BaseLr = 1, Type = type }));
        Assert.That(notes, Is.EqualTo([$"s:2:1: solver_type became type: \"{type}\""]));
    }

    [Test]
    public void RefusesBothTypes()
    {
        SolverParameter solver = TextFormat.Parse<SolverParameter>("type: 'Adam'\nsolver_type: SGD", "s");
        Assert.That(() => SolverUpgrade.Apply(solver), Throws.TypeOf<AtlException>()
            .With.Message.EqualTo("s:2:1: 'solver_type' (old) beside 'type' (current), expected one of them"));
    }

    [Test]
    public void NetsInsideAreUpgraded()
    {
        SolverParameter solver = TextFormat.Parse<SolverParameter>(
            "net_param { layers { type: RELU } } train_net_param { layers { type: LRN } } test_net_param { layers { type: "
                + "TANH } } test_net_param { layer { type: 'Power' } }");
        SolverUpgrade.Apply(solver);
        string[] types = [solver.NetParam.Layer[0].Type, solver.TrainNetParam.Layer[0].Type,
            .. solver.TestNetParam.Select(n => n.Layer[0].Type)];
        Assert.That(types, Is.EqualTo(["ReLU", "LRN", "TanH", "Power"]));
    }
}
