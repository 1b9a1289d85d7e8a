using Atl.Devices;
using Atl.Layers;
using Atl.Proto;
using Atl.Tests.Nets;
using Atl.TestSupport;

namespace Atl.Tests.Devices;

/// <summary>Where memory runs out, the error says how much was asked for, for which blob of which layer, and what to
/// change.</summary>
[NonParallelizable]
public sealed class OutOfMemoryTests : FolderFixture
{
    private const string Product = """
        layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 4 dim: 1000 } } }
        layer { name: "ip" type: "InnerProduct" bottom: "x" top: "y"
          inner_product_param { num_output: 1000 weight_filler { type: "xavier" } } }
        """;

    [TearDown]
    public void Unlimit() => Device.Cpu.MemoryLimit = long.MaxValue;

    [Test]
    public void AParameterIsNamed()
    {
        Limit(1 << 20);
        LayerException? error = Assert.Throws<LayerException>(() => NetText.Build(Product));
        Assert.That(error!.Message,
            Does.Match(
                @"^net\.prototxt:2:1: layer 'ip' \(InnerProduct\): 4000000 bytes for the data of parameter 'ip/0' "
            + @"of shape 1000 1000 \(1000000\) cannot be allocated: the limit is reached: [\d,]+ of [\d,]+ bytes are in use"));
        Assert.That(error.Message.Split('\n')[^1], Does.StartWith(
            "lower batch_size in the net's TRAIN data (with a solver, raise iter_size"),
            "the remedy is last");
    }

    [TestCase(Phase.Train, "iter_size")]
    [TestCase(Phase.Test, "test_iter")]
    public void ABlobIsNamedAndWhatToChangeInItsPhase(Phase phase, string remedy)
    {
        using Net net = NetText.Build(Product.Replace("dim: 4 ", "dim: 4000 "), phase);
        Limit(1 << 20);
        LayerException? error = Assert.Throws<LayerException>(() => net.Forward());
        Assert.That(error!.Message, Does.Match(
            $@"^net\.prototxt:2:1: layer 'ip' \(InnerProduct\): 16000000 bytes for the data of blob '[xy]' of shape 4000 1000 \(4000000\) cannot")
            .And.Contain(remedy));
    }

    [Test]
    public void ADiffIsNamed()
    {
        using Net net = NetText.Build(Product + """
            layer { name: "t" type: "Input" top: "t" input_param { shape { dim: 4 dim: 1000 } } }
            layer { name: "loss" type: "EuclideanLoss" bottom: "y" bottom: "t" top: "loss" }
            """);
        net.Forward();
        Limit(2 << 20);
        LayerException? error = Assert.Throws<LayerException>(net.Backward);
        Assert.That(error!.Message, Does.Contain("4000000 bytes for the diff of parameter 'ip/0' of shape"));
    }

    [Test]
    public void WhatNoMachineHasIsRefusedBeforeItIsTouched()
    {
        LayerException? error = Assert.Throws<LayerException>(() =>
            NetText.Build(Product.Replace("num_output: 1000", "num_output: 2147483647")));
        Assert.That(error!.Message, Does.Contain("8589934588000 bytes for the data of parameter 'ip/0'")
            .And.Match(@"[\d,]+ bytes are in use, of [\d,]+ bytes of memory and swap space in all"));
    }

    [Test]
    public void BatchesThatNoMachineHoldsAreRefused()
    {
        string list = _folder["list.txt"];
        File.WriteAllText(list, $"{TinyImage()} 0\n");
        string text = $$"""
            layer { name: "d" type: "ImageData" top: "x" top: "y"
              image_data_param { source: "{{list}}" batch_size: 700000000 } data_param { prefetch: 64 } }
            """;
        Assume.That(HostMemory.Most, Is.LessThan(64 * 8400000000));
        LayerException? error = Assert.Throws<LayerException>(() => NetText.Build(text));
        Assert.That(error!.Message, Does.StartWith("net.prototxt:2:").And.Contain(
            "layer 'd' (ImageData): image_data_param.batch_size: 64 batches of 8400000000 bytes"));
    }

    [TestCase("0::/a/b\n", "a/b/memory.max", "1000", 1000)]
    [TestCase("0::/a/b\n", "a/memory.max", "2000", 2000)]
    [TestCase("0::/\n", "memory.max", "3000", 3000)]
    [TestCase("0::/a\n", "a/memory.max", "max", long.MaxValue)]
    [TestCase("4:cpu:/x\n7:memory,hugetlb:/y\n", "memory/y/memory.limit_in_bytes", "4000", 4000)]
    [TestCase("nonsense\n", "memory.max", "5000", long.MaxValue)]
    public void TheLimitOfAControlGroupIsRead(string groups, string file, string limit, long expected)
    {
        string path = _folder[file];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, limit);
        if (Path.GetFileName(file) == "memory.max")
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(path)!, "memory.swap.max"), "0");
        File.WriteAllText(_folder["groups"], groups);
        Assert.That(HostMemory.OfGroups(_folder["groups"], _folder.FullName), Is.EqualTo(expected));
    }

    [Test]
    public void TheMachineHasMemory() => Assert.That(HostMemory.Most, Is.GreaterThan(1 << 26));

    private static void Limit(long more)
    {
        Device.Cpu.Trim();
        Device.Cpu.MemoryLimit = Device.Cpu.BytesInUse + more;
    }

    // A PPM of one pixel.
    private string TinyImage()
    {
        string path = _folder["one.ppm"];
        File.WriteAllBytes(path, [.. "P6 1 1 255\n"u8, 1, 2, 3]);
        return path;
    }
}
