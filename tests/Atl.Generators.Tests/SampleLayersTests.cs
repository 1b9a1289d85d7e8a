using Atl.Devices;
using Atl.Layers;
using Atl.Proto;
using Atl.SampleLayers;
using Atl.Solvers;
using Atl.TestSupport;

namespace Atl.Generators.Tests;

/// <summary>
/// An assembly that brings a layer, an operator and a solver: they are there though nothing calls for them.
/// </summary>
public sealed class SampleLayersTests : FolderFixture
{
    private const string Data = """
        layer { name: 'x' type: 'Input' top: 'x' input_param { shape { dim: 2 dim: COLUMNS } } }
        layer { name: 's' type: 'SoftSign' bottom: 'x' top: 'y' }
        """;

    private const string Learning = """
        layer { name: 'x' type: 'DummyData' top: 'x' top: 't'
          dummy_data_param {
            shape { dim: 4 dim: 3 }
            data_filler { type: 'constant' value: 1 }
            data_filler { type: 'constant' value: 0.25 }
          } }
        layer { name: 'ip' type: 'InnerProduct' bottom: 'x' top: 'h' inner_product_param { num_output: 3 } }
        layer { name: 's' type: 'SoftSign' bottom: 'h' top: 'y' }
        layer { name: 'loss' type: 'EuclideanLoss' bottom: 'y' bottom: 't' top: 'loss' }
        """;

    [Test]
    public void TheLayerRuns()
    {
        using Net net = Build(Data.Replace("COLUMNS", "3"), Device.Cpu);
        Assert.That(Run(net, [-3, -1, 0, 1, 3, 7]), Is.EqualTo((float[])[-0.75f, -0.5f, 0, 0.5f, 0.75f, 0.875f]));
    }

    [Test]
    public void ADeviceWithoutTheOperatorRunsTheHosts()
    {
        using HostDevice device = new();
        using Net net = Build(Data.Replace("COLUMNS", "3"), device);
        Assert.That(Run(net, [-3, -1, 0, 1, 3, 7]), Is.EqualTo((float[])[-0.75f, -0.5f, 0, 0.5f, 0.75f, 0.875f]));
        using SoftSign made = device.Create(new SoftSignSpec(6));
        Assert.That(made.GetType().Name, Is.EqualTo("CpuSoftSign"));
    }

    [Test]
    public void ADeviceOfAnotherAssemblyHasOperatorsOfItsOwnForWhatTheyServe()
    {
        using HostDevice device = new();
        using Net net = Build(Data.Replace("COLUMNS", "2"), device);
        Assert.That(Run(net, [-3, -1, 1, 3]), Is.EqualTo((float[])[-0.75f, -0.5f, 0.5f, 0.75f]));
        using SoftSign made = device.Create(new SoftSignSpec(4));
        Assert.That(made, Is.TypeOf<HostSoftSign>());
    }

    [Test]
    public void TheSolverTrains()
    {
        File.WriteAllText(_folder["net.prototxt"], Learning);
        SolverParameter settings = TextFormat.Parse<SolverParameter>(
            "net: 'net.prototxt' type: 'WarmUp' base_lr: 0.1 lr_policy: 'fixed' snapshot_after_train: false",
            _folder["solver.prototxt"]);
        using Solver solver = Solver.Create(settings);
        Assert.That(solver, Is.TypeOf<WarmUpSolver>());
        solver.Step(1);
        // The gradient of the bias is (0 - 0.25) times the slope 1 at 0, and the first update has a tenth of the rate.
        float bias = solver.Net.LearnableParameters[1].Blob.Data.ToArray()[0];
        Assert.That(bias, Is.EqualTo(0.1f * 0.1f * 0.25f).Within(1e-7f));
        solver.Step(200);
        Assert.That(solver.SmoothedLoss, Is.LessThan(1e-3f));
    }

    [Test]
    public void ItsTypesAreOfferedForMisspeltOnes()
    {
        Assert.That(() => Build("layer { name: 's' type: 'SoftSing' }", Device.Cpu), Throws.TypeOf<LayerException>()
            .With.Message.EqualTo("net.prototxt:1:1: layer 's' (SoftSing): unknown layer type 'SoftSing', "
                + "did you mean 'SoftSign'?"));
        SolverParameter settings = TextFormat.Parse<SolverParameter>("type: 'WarmUpp'", "solver.prototxt");
        Assert.That(() => Solver.Create(settings), Throws.TypeOf<SolverException>().With.Message.Match(
            "^solver.prototxt:1:1: unknown solver type 'WarmUpp', did you mean 'WarmUp'[?], "
            + "expected one of AdaDelta, .*SGD, .*WarmUp$"));
    }

    [Test]
    public void ClassesAreRegisteredByHandToo()
    {
        LayerRegistry.Register(
            "ByHand", typeof(SoftSignLayer), static (parameter, context) => new SoftSignLayer(parameter, context));
        using Net net = Build("""
            layer { name: 'x' type: 'Input' top: 'x' input_param { shape { dim: 1 } } }
            layer { name: 's' type: 'ByHand' bottom: 'x' top: 'y' }
            """, Device.Cpu);
        Assert.That(net.Layers[1], Is.TypeOf<SoftSignLayer>());
        Assert.That(
            () => LayerRegistry.Register(" ", typeof(SoftSignLayer), static (_, _) => null!), Throws.ArgumentException);
    }

    private static Net Build(string text, Device device) => new(
        TextFormat.Parse<NetParameter>(text, "net.prototxt"),
        new NetOptions { Phase = Phase.Test, Device = device, Seed = 1 });

    private static float[] Run(Net net, float[] values)
    {
        net.Inputs[0].Data.CopyFrom(values);
        net.Forward();
        return net.Outputs[0].Data.ToArray();
    }
}
