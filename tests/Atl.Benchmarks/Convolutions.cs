using Atl.Native;
using Atl.Operators;

namespace Atl.Benchmarks;

/// <summary>Single 3 × 3 convolutions as face nets have them; the floor is oneDNN's fastest.</summary>
internal static class Convolutions
{
    /// <summary>About as large as the residual blocks' of the 28-layer resface: all passes at batch 32, inference at
    /// batch 1.</summary>
    public static IEnumerable<Benchmark> All =>
        from images in (int[])[32, 1]
        from shape in ((int Channels, int Extent)[])[(64, 55), (128, 27), (256, 13), (512, 6)]
        let name = $"convolution-{shape.Channels}-{images}"
        let passes = images == 1 ? "forward" : "forward and backward"
        select new Benchmark(
            name, $"3 × 3, {shape.Channels} channels, {shape.Extent} × {shape.Extent}, batch {images}, {passes}",
            output => Measure(name, images, shape.Channels, shape.Extent, Options.Rounds ?? 20, output));

    private static Measurement Measure(string name, int images, int channels, int extent, int rounds, TextWriter output)
    {
        const int Runs = 2;
        ConvolutionGeometry geometry = new(
            images, channels, channels, 1, new Shape(extent, extent), new Shape(3, 3), new Shape(1, 1), new Shape(1, 1),
            new Shape(1, 1), 1);
        bool training = images > 1;
        ConvolutionPass[] computed = training ? Enum.GetValues<ConvolutionPass>() : [ConvolutionPass.Forward];
        ConvolutionCandidates[] passes =
            [.. computed.Select(pass => new ConvolutionCandidates(geometry, bias: true, training, pass))];
        for (int round = 0; round < rounds; round++)
            foreach (ConvolutionCandidates pass in passes) pass.Round(Runs);
        output.WriteLine($"{name}: least times");
        foreach (ConvolutionCandidates pass in passes)
        {
            output.WriteLine($"  {pass}");
            pass.Dispose();
        }
        return new Measurement(name, passes.Sum(pass => pass.Ours), passes.Sum(pass => pass.OneDnn),
            Machine.PeakMemory());
    }
}
