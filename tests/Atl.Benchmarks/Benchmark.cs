using System.Text.Json.Serialization;

namespace Atl.Benchmarks;

/// <summary>Something to measure, found by its name.</summary>
/// <param name="Name">The name on the command line and in the results.</param>
/// <param name="Description">What is measured.</param>
/// <param name="Run">Measures it; the writer takes remarks.</param>
internal sealed record Benchmark(string Name, string Description, Func<TextWriter, Measurement> Run);

/// <summary>What was measured; all from one run, our steps and the floor's in turn.</summary>
/// <param name="Name">The benchmark.</param>
/// <param name="OursMs">The least time of one step in milliseconds.</param>
/// <param name="FloorMs">The least time in milliseconds of the bare oneDNN convolutions of the same step, each by its
/// fastest algorithm; of products with few samples, of one product each; of face images, of decoding and encoding
/// alone; of pairs, of a plain program.</param>
/// <param name="PeakRssMb">The most memory, in millions of bytes, that the process held up to the first floor.</param>
internal sealed record Measurement(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("ours_ms")] double OursMs,
    [property: JsonPropertyName("floor_ms")] double FloorMs,
    [property: JsonPropertyName("peak_rss_mb")] double PeakRssMb)
{
    /// <summary>Ours over the floor.</summary>
    [JsonPropertyName("ratio")]
    public double Ratio => OursMs / FloorMs;
}
