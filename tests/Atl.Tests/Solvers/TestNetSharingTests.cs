using Atl.Devices;
using Atl.Proto;
using Atl.Solvers;
using Atl.TestSupport;
using Microsoft.Extensions.Logging;

namespace Atl.Tests.Solvers;

/// <summary>Test nets whose parameters follow the training net's through param names: two towers that share must give
/// the same.</summary>
public sealed class TestNetSharingTests
{
    private const string Input = """
        layer { name: "in" type: "Input" top: "data" top: "target" input_param { shape { dim: 2 dim: 3 } shape { dim: 2 dim: 3 } } }

        """;

    private const string Loss = """
        layer { name: "loss" type: "EuclideanLoss" bottom: "a" bottom: "target" top: "loss" }

        """;

    private const string Twins = """
        layer { name: "twins" type: "EuclideanLoss" bottom: "a" bottom: "b" top: "differ" include { phase: TEST } }

        """;

    private const string TestOnly = "include { phase: TEST }";

    private static string Tower(string name, string top, string more = "", string param = "param { name: \"w\" }") =>
        $"layer {{ name: \"{name}\" type: \"InnerProduct\" bottom: \"data\" top: \"{top}\" {param} {more} "
            + $"inner_product_param {{ num_output: 3 "
            + "bias_term: false weight_filler { type: \"gaussian\" std: 1 } } }\n";

    private static IEnumerable<TestCaseData> Nets()
    {
        yield return new TestCaseData(Input + Tower("fa", "a") + Tower("fb", "b", TestOnly) + Loss
            + Twins).SetArgDisplayNames("sharer second");
        yield return new TestCaseData(Input + Tower("fb", "b", TestOnly) + Tower("fa", "a") + Loss
            + Twins).SetArgDisplayNames("owner for tests only");
        yield return new TestCaseData(Input + Tower("fa", "a") + Tower("fc", "c") + Tower("fb", "b", TestOnly)
            + "layer { name: \"lc\" type: \"EuclideanLoss\" bottom: \"c\" bottom: \"target\" top: \"lc\" }\n" + Loss
            + Twins)
            .SetArgDisplayNames("two trained sharers");
        yield return new TestCaseData(Input + Tower("f", "a") + Tower("f", "b") + Loss + Twins
            + "layer { name: \"quiet\" type: \"Silence\" bottom: \"b\" include { phase: "
            + "TRAIN } }\n").SetArgDisplayNames("one layer name");
        yield return new TestCaseData(Input + Tower("fa", "a", "include { phase: TRAIN }") + Tower("ta", "a", TestOnly)
            + Tower("tb", "b", TestOnly)
            + Loss + Twins).SetArgDisplayNames("no trained layer's name");
        yield return new TestCaseData(Input
            + "layer { name: \"pa\" type: \"PReLU\" bottom: \"data\" top: \"a\" param { name: \"s\" } }\n"
            + $"layer {{ name: \"pb\" type: \"PReLU\" bottom: \"data\" top: \"b\" param {{ name: \"s\" }} "
            + $"{TestOnly} }}\n" + Loss + Twins)
            .SetArgDisplayNames("slopes");
        yield return new TestCaseData(Input + Tower("fa", "a")
            + Tower("fb", "b", TestOnly, "param { name: \"w\" share_mode: PERMISSIVE }")
            + Loss + Twins).SetArgDisplayNames("permissive");
    }

    [TestCaseSource(nameof(Nets))]
    public void SharersOfATestNetFollowTheTrainedParameter(string net)
    {
        using SolverRig rig = new(net);
        using Solver solver = rig.Create("test_iter: 1 test_interval: 100 test_initialization: false");
        for (int i = 0; i < 3; i++)
        {
            Assert.That(Score(solver, "differ"), Is.Zero, $"after {i} steps");
            Assert.That(Score(solver, "loss"), Is.EqualTo(TrainLoss(solver)).Within(1e-6), $"after {i} steps");
            solver.Step(1);
        }
    }

    [TestCaseSource(nameof(Nets))]
    public void SavedWeightsAndAResumedRunGiveTheSame(string net)
    {
        foreach (string format in new[] { "BINARYPROTO", "HDF5" })
        {
            using SolverRig rig = new(net);
            string settings = $"test_iter: 1 test_interval: 100 test_initialization: false snapshot_format: {format} ";
            using Solver solver = rig.Create(settings), other = rig.Create(settings + "random_seed: 9");
            solver.Step(2);
            string state = solver.Snapshot();
            other.Restore(state);
            Assert.That((Score(other, "differ"), Score(other, "loss")), Is.EqualTo((0, Score(solver, "loss"))));
            solver.Step(2);
            other.Step(2);
            Assert.That((Score(other, "differ"), Score(other, "loss")), Is.EqualTo((0, Score(solver, "loss"))));

            // The net as `test` builds it, with weights of the training net alone.
            solver.Snapshot();
            string weights = rig.PathOf("snap_iter_4.caffemodel" + (format == "HDF5" ? ".h5" : ""));
            using Net alone = new(ProtoFiles.ReadNet(rig.PathOf("net.prototxt")),
                new NetOptions { Seed = 77, KeepAll = true });
            alone.CopyTrainedLayersFrom(ProtoFiles.ReadNetBinary(weights));
            foreach ((Blob mine, Blob its) in alone.Inputs.Zip(solver.Net.Inputs)) mine.Data.CopyFrom(its.Data,
                Device.Cpu);
            alone.Forward();
            Assert.That(alone.FindBlob("differ")!.Data.AsReadOnlySpan()[0], Is.Zero);
            Assert.That((double)alone.FindBlob("loss")!.Data.AsReadOnlySpan()[0], Is.EqualTo(Score(solver, "loss")));
        }
    }

    // In BVLC Caffe a layer that both nets have follows its own.
    [Test]
    public void ALayerOfBothNetsFollowsItsOwnThoughTheTestNetSharesIt()
    {
        string net = Input + Tower("fa", "a", "include { phase: TRAIN }", "")
            + Tower("fb", "b", "include { phase: TRAIN }", "")
            + Tower("fa", "a", TestOnly) + Tower("fb", "b", TestOnly)
            + "layer { name: \"lb\" type: \"EuclideanLoss\" bottom: \"b\" bottom: \"target\" top: \"lb\" }\n" + Loss;
        using SolverRig rig = new(net);
        using Solver solver = rig.Create("test_iter: 1 test_interval: 100");
        solver.Test();
        foreach (string layer in new[] { "fa", "fb" })
            Assert.That(solver.TestNets[0].FindLayer(layer)!.Blobs[0].Data.Memory,
                Is.SameAs(solver.Net.FindLayer(layer)!.Blobs[0].Data.Memory), layer);
    }

    [Test]
    public void TestNetsKeepTheirOwnParametersWhereNothingIsShared()
    {
        using SolverRig rig = new(Input + Tower("fa", "a") + Tower("fb", "b", TestOnly, "param { name: \"other\" }")
            + Loss + Twins);
        LogCapture log = rig.CaptureLog();
        using Solver solver = rig.Create("test_iter: 1 test_interval: 100");
        Assert.That(Score(solver, "differ"), Is.GreaterThan(0));
        Assert.That(Warnings(log),
            Is.EqualTo(["test net #0: the training net has no parameters for layer 'fb', left at the fillers' "
                + "values in every test"]));
        Assert.That(solver.TestNets[0].FindLayer("fb")!.Blobs[0].Data.AsReadOnlySpan().ToArray(), Has.Some.Not.Zero);
    }

    [TestCaseSource(nameof(Nets))]
    public void NothingIsSaidOfParametersThatFollow(string net)
    {
        using SolverRig rig = new(net);
        LogCapture log = rig.CaptureLog();
        using Solver solver = rig.Create("test_iter: 1 test_interval: 100");
        Assert.That(Warnings(log), Is.Empty);
    }

    [Test]
    public void SeveralTestNetsFollowEachWithItsOwnSharers()
    {
        using SolverRig rig = new(Input + Tower("fa", "a") + Tower("fb", "b", "include { phase: TEST stage: \"two\" }")
            + "layer { name: \"twins\" type: \"EuclideanLoss\" bottom: \"a\" bottom: \"b\" top: \"differ\" include "
            + "{ phase: TEST stage: \"two\" } }\n" + Loss);
        using Solver solver =
            rig.Create("test_iter: 1 test_iter: 1 test_interval: 100 test_state {} test_state { stage: 'two' }");
        solver.Step(2);
        Assert.That(solver.Test(0)!.Scores.Select(score => score.Name), Is.EqualTo(["loss"]));
        Assert.That(solver.Test(1)!.Scores.Single(score => score.Name == "differ").Value, Is.Zero);
    }

    [Test]
    public void SharedBatchNormStatisticsAreThoseOfTheTrainingNet()
    {
        static string Norm(string name, string top, string more) =>
            $"layer {{ name: \"{name}\" type: \"BatchNorm\" bottom: \"data\" top: \"{top}\" {more} "
            + "param { name: \"m\" lr_mult: 0 } param { name: \"v\" lr_mult: 0 } param { name: \"f\" lr_mult: 0 } }\n";

        using SolverRig rig = new(Input + Norm("na", "x", "") + Norm("nb", "b", TestOnly)
            + "layer { name: \"gain\" type: \"Scale\" bottom: \"x\" top: \"a\" scale_param { filler { value: 1 } } "
            + "param { lr_mult: 0 } }\n" + Loss + Twins);
        using Solver solver = rig.Create("test_iter: 1 test_interval: 100 test_initialization: false");
        solver.Step(3);
        Assert.That(Score(solver, "differ"), Is.Zero);
        Assert.That(solver.TestNets[0].FindLayer("nb")!.Blobs[2].Data.AsReadOnlySpan()[0],
            Is.EqualTo(1 + 0.999f + 0.999f * 0.999f).Within(1e-6));
    }

    [TestCase(3)]
    [TestCase(2)]
    public void StatisticsSharedByNameAreOneSet(int named)
    {
        string[] names = ["param { name: \"m\" lr_mult: 0 } ", "param { name: \"v\" lr_mult: 0 } ",
            "param { name: \"f\" lr_mult: 0 }"];
        string Norm(string name, string bottom) =>
            $"layer {{ name: \"{name}\" type: \"BatchNorm\" bottom: \"{bottom}\" top: \"{name}\" "
            + $"{string.Concat(names[..named])} batch_norm_param {{ moving_average_fraction: 0.9 }} }}\n";

        NetParameter parameter = TextFormat.Parse<NetParameter>("""
            layer { name: "in" type: "DummyData" top: "one" top: "three" dummy_data_param {
              data_filler { value: 1 } data_filler { value: 3 } shape { dim: 2 dim: 1 } shape { dim: 2 dim: 1 } } }

            """ + Norm("a", "one") + Norm("b", "three"), "net.prototxt");
        NetUpgrade.Apply(parameter);
        using Net train = new(parameter, new NetOptions { Phase = Phase.Train, KeepAll = true }),
            test = new(parameter, new NetOptions { KeepAll = true });
        train.Forward();
        Assert.That(train.FindLayer("b")!.Blobs[0].Data.AsReadOnlySpan()[0], Is.EqualTo(0.9f * 1 + 3).Within(1e-6));
        Assert.That(train.FindLayer("b")!.Blobs[2].Data.AsReadOnlySpan()[0], Is.EqualTo(named == 3 ? 1.9f : 1)
            .Within(1e-6));
        test.ShareTrainedLayersWith(train);
        Assert.That(test.FindLayer("a")!.Blobs[0].Data.Memory, Is.SameAs(train.FindLayer("b")!.Blobs[0].Data.Memory));
        using Net loaded = new(parameter, new NetOptions { KeepAll = true });
        loaded.CopyTrainedLayersFrom(train.ToProto());
        test.Forward();
        loaded.Forward();
        foreach (string top in new[] { "a", "b" })
            Assert.That(loaded.FindBlob(top)!.Data.AsReadOnlySpan().ToArray(),
                Is.EqualTo(test.FindBlob(top)!.Data.AsReadOnlySpan().ToArray()), top);
    }

    private static IEnumerable<string> Warnings(LogCapture log) => log.Lines
        .Where(static entry => entry.Severity == LogLevel.Warning)
        .Select(static entry => entry.Line[(entry.Line.IndexOf("] ", StringComparison.Ordinal) + 2)..]);

    private static double Score(Solver solver, string name) =>
        solver.Test()!.Scores.Single(score => score.Name == name).Value;

    private static double TrainLoss(Solver solver)
    {
        solver.Net.Forward();
        return solver.Net.FindBlob("loss")!.Data.AsReadOnlySpan()[0];
    }
}
