using System.Runtime.CompilerServices;
using Atl.Devices;
using Atl.Devices.Cpu;
using Atl.Operators;
using Atl.Proto;
using Atl.Solvers;
using Atl.Tests.Solvers;

namespace Atl.Tests.Nets;

/// <summary>Blobs, nets and solvers that nobody disposes leak no native memory, and none is taken from them while they
/// run.</summary>
[NonParallelizable]
public sealed class ForgottenNetTests
{
    private const int Many = 100;

    private const string Text = """
        name: "forgotten"
        layer { name: 'in' type: 'Input' top: 'x' top: 'label'
            input_param { shape { dim: 2 dim: 3 dim: 16 dim: 16 } shape { dim: 2 } } }
        layer { name: 'conv' type: 'Convolution' bottom: 'x' top: 'conv'
            convolution_param { num_output: 16 kernel_size: 3 pad: 1 weight_filler { type: 'xavier' } } }
        layer { name: 'bn' type: 'BatchNorm' bottom: 'conv' top: 'bn' }
        layer { name: 'act' type: 'PReLU' bottom: 'bn' top: 'bn' }
        layer { name: 'deep' type: 'Convolution' bottom: 'bn' top: 'deep'
            convolution_param { num_output: 16 kernel_size: 3 pad: 1 weight_filler { type: 'xavier' } } }
        layer { name: 'pool' type: 'Pooling' bottom: 'deep' top: 'pool' pooling_param { kernel_size: 2 stride: 2 } }
        layer { name: 'score' type: 'InnerProduct' bottom: 'pool' top: 'score'
            inner_product_param { num_output: 5 weight_filler { type: 'xavier' } } }
        layer { name: 'loss' type: 'SoftmaxWithLoss' bottom: 'score' bottom: 'label' top: 'loss' }
        """;

    private (long InUse, long Held, int Convolutions) _before;
    private int _threads;

    [SetUp]
    public void Count()
    {
        // One core is left to the collector; sums of oneDNN's follow the number of threads.
        _threads = CpuDevice.Threads;
        CpuDevice.Threads = 1;
        // Whatever is loaded or made once.
        Forgotten.Run(1, seed => RunNet(seed));
        _before = Forgotten.Left();
    }

    [TearDown]
    public void Restore() => CpuDevice.Threads = _threads;

    [Test]
    public void BlobsGiveTheirMemoryBack()
    {
        Forgotten.Run(Many, _ =>
        {
            Blob blob = new(new Shape(64, 64));
            blob.Data.Fill(1);
            blob.Diff.Fill(2);
        });
        Assert.That(Forgotten.Left(), Is.EqualTo(_before));
    }

    [Test]
    public void NetsGiveTheirMemoryBack()
    {
        Forgotten.Run(Many, seed => RunNet(seed));
        Assert.That(Device.Cpu.BytesInUse, Is.GreaterThan(_before.InUse), "there is something to forget");
        Assert.That(Forgotten.Left(), Is.EqualTo(_before));
    }

    [Test]
    public void SolversGiveTheirMemoryBack()
    {
        using SolverRig rig = new(Text);
        Forgotten.Run(Many, seed => Train(rig, seed));
        Assert.That(Forgotten.Left(), Is.EqualTo(_before));
    }

    [Test]
    public void ANetThatCannotBeBuiltLeavesNothing()
    {
        string broken = Text.Replace("label' top: 'loss'", "nothing' top: 'loss'", StringComparison.Ordinal);
        Forgotten.Run(10, _ => Assert.Catch<AtlException>(() => NetText.Build(broken)));
        Assert.That(Forgotten.Left(), Is.EqualTo(_before));
    }

    [Test]
    public void ParametersLiveAsLongAsANetThatSharesThem()
    {
        Net sharing = NetText.Build(Text, Phase.Test);
        float[] expected = ShareWithAForgottenNet(sharing);
        _ = Forgotten.Left();
        // What was forgotten would be lent here.
        Forgotten.Run(10, seed => RunNet(seed));
        Assert.That(Outputs(sharing), Is.EqualTo(expected));
        sharing.Dispose();
    }

    [Test]
    public void NetsKeepTheirMemoryWhileTheyRun()
    {
        float[][] expected = [.. Enumerable.Range(0, Many).Select(RunNet)];
        float[][] found = Forgotten.WhileCollecting(() => Enumerable.Range(0, Many).Select(RunNet).ToArray());
        Assert.That(found, Is.EqualTo(expected));
    }

    [Test]
    public void SolversKeepTheirMemoryWhileTheyRun()
    {
        using SolverRig rig = new(Text);
        float[][][] expected = [.. Enumerable.Range(0, Many).Select(seed => Train(rig, seed))];
        float[][][] found = Forgotten.WhileCollecting(
            () => Enumerable.Range(0, Many).Select(seed => Train(rig, seed)).ToArray());
        Assert.That(found, Is.EqualTo(expected));
    }

    [Test]
    public void OperatorsAndTensorsKeepTheirMemoryWhileTheyRun() => Forgotten.WhileCollecting(() =>
    {
        for (int i = 0; i < 2000; i++) Assert.That(Doubled(i), Is.EqualTo(2f * i));
        return true;
    });

    [Test]
    public void WhatIsForgottenIsFoundBeforeMemoryIsRefused()
    {
        using Tensor wanted = new(new Shape(1 << 20));
        Forgotten.Run(1, _ => new Tensor(new Shape(1 << 20)).Fill(1));
        Device.Cpu.MemoryLimit = Device.Cpu.BytesInUse + (1 << 20);
        try
        {
            Assert.DoesNotThrow(() => wanted.Fill(2));
        }
        finally
        {
            Device.Cpu.MemoryLimit = long.MaxValue;
        }
    }

    // Many tensors at a time, whose last use is the native call.
    private static float Doubled(int value)
    {
        Shape shape = new(5000);
        Tensor x = new(shape), y = new(shape);
        x.Fill(value);
        Device.Cpu.Create(new SumSpec(shape.Count)).Forward([x, x], y);
        Tensor result = new(shape);
        result.CopyFrom(y, Device.Cpu);
        float[] values = result.ToArray();
        return Array.TrueForAll(values, found => found == values[0]) ? values[0] : float.NaN;
    }

    // Forward and backward; what is returned is every gradient.
    private static float[] RunNet(int seed)
    {
        NetParameter parameter = TextFormat.Parse<NetParameter>(Text, "net.prototxt");
        Net net = new(parameter, new NetOptions { Phase = Phase.Train, Seed = (ulong)seed });
        Fill(net);
        net.Forward();
        net.ClearParameterDiffs();
        net.Backward();
        return [.. net.LearnableParameters.SelectMany(learned => learned.Blob.Diff.ToArray())];
    }

    private static float[][] Train(SolverRig rig, int seed)
    {
        Solver solver = rig.Create($"random_seed: {seed + 1} clip_gradients: 1");
        solver.Step(2);
        return SolverRig.Parameters(solver);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float[] ShareWithAForgottenNet(Net sharing)
    {
        sharing.ShareTrainedLayersWith(NetText.Build(Text));
        return Outputs(sharing);
    }

    private static float[] Outputs(Net net)
    {
        Fill(net);
        net.Forward();
        return net.FindBlob("score")!.Data.ToArray();
    }

    private static void Fill(Net net)
    {
        RandomStream stream = new(5);
        net.Inputs[0].Data.CopyFrom([.. Enumerable.Range(0, 2 * 3 * 16 * 16).Select(_ => stream.NextSingle())]);
        net.Inputs[1].Data.CopyFrom([1, 3]);
    }
}
