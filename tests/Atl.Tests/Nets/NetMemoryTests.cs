using Atl.Devices;
using Atl.Proto;

namespace Atl.Tests.Nets;

public class NetMemoryTests
{
    private const int Blobs = 20;

    private static string Chain(int count) =>
        "force_backward: true layer { name: 'in' type: 'Input' top: 'b0' input_param { shape { dim: 64 dim: 1024 } } }\n"
        + string.Concat(Enumerable.Range(1, count)
            .Select(i => $"layer {{ name: 'r{i}' type: 'ReLU' bottom: 'b{i - 1}' top: 'b{i}' "
                + $"{(i == count ? "loss_weight: 1" : "")} }}\n"));

    private static long PeakOf(Net net, Action<Net> run)
    {
        net.Device.ResetPeak();
        long before = net.Device.BytesInUse;
        run(net);
        return net.Device.PeakBytes - before;
    }

    [Test]
    public void ATestNetSharesMemoryBetweenActivationsWhoseLifetimesDoNotMeet()
    {
        const long Blob = 64 * 1024 * sizeof(float);
        using Net sharing = NetText.Build(Chain(Blobs), Phase.Test, keepAll: false),
            keeping = NetText.Build(Chain(Blobs), Phase.Test);
        long shared = PeakOf(sharing, net => net.Forward()), kept = PeakOf(keeping, net => net.Forward());
        Assert.That(kept, Is.GreaterThanOrEqualTo(Blobs * Blob));
        Assert.That(shared, Is.LessThan(5 * Blob));
        Assert.That(sharing.Outputs[0].Data.AsReadOnlySpan().ToArray(), Is.All.Zero);
        Assert.That(() => sharing.FindBlob("b3")!.Data.AsReadOnlySpan(),
            Throws.InvalidOperationException.With.Message.Contains("keep this blob"));
        Assert.That(sharing.Backward, Throws.InvalidOperationException);
    }

    [Test]
    public void WhatTheUserAsksForIsKept()
    {
        NetParameter parameter = TextFormat.Parse<NetParameter>(Chain(Blobs));
        using Net net = new(parameter, new NetOptions { Phase = Phase.Test, Keep = ["b3"] });
        net.Inputs[0].Data.Fill(2);
        net.Forward();
        Assert.That(net.FindBlob("b3")!.Data.AsReadOnlySpan().ToArray(), Is.All.EqualTo(2));
    }

    [Test]
    public void TrainingGivesDiffsBackAsBackwardPasses()
    {
        using Net sharing = NetText.Build(Chain(Blobs), keepAll: false), keeping = NetText.Build(Chain(Blobs));
        void Step(Net net)
        {
            net.Inputs[0].Data.Fill(1);
            net.Forward();
            net.Backward();
        }
        long shared = PeakOf(sharing, Step), kept = PeakOf(keeping, Step);
        Assert.That(shared, Is.LessThan(kept * 0.65));
        Assert.That(sharing.FindBlob("b0")!.Diff.AsReadOnlySpan().ToArray(), Is.All.EqualTo(1));
        Step(sharing);
        Assert.That(sharing.FindBlob("b0")!.Diff.AsReadOnlySpan().ToArray(), Is.All.EqualTo(1));
    }

    [Test]
    public void DisposingGivesAllMemoryBack()
    {
        long before = Device.Cpu.BytesInUse;
        using (Net net = NetText.Build(Chain(Blobs))) net.Forward();
        Assert.That(Device.Cpu.BytesInUse, Is.EqualTo(before));
    }
}
