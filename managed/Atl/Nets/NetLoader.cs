using Atl.Logging;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Nets;

/// <summary>Makes a net and gives it its weights: what everything that runs a trained net begins with.</summary>
internal static class NetLoader
{
    private const string Tag = "net_loader.cpp";

    /// <summary>Builds a net and copies weights into it, later files over earlier ones.</summary>
    /// <param name="parameter">The net in the current format.</param>
    /// <param name="options">How it is made.</param>
    /// <param name="weights">The weights; null to leave all parameters to their fillers.</param>
    /// <param name="allowMissing">Whether a layer that finds no weights is a warning or an error.</param>
    /// <param name="warns">Whether what is allowed is warned of, as it is unless somebody was warned before.</param>
    /// <exception cref="AtlException">The net does not fit together, a file cannot be read, weights do not fit or are
    /// missing.</exception>
    public static Net Load(NetParameter parameter, NetOptions options, IEnumerable<WeightsFile>? weights,
        bool allowMissing, bool warns = true)
    {
        Net net = new(parameter, options);
        try
        {
            if (weights is null) return net;
            WeightsReport report = WeightsReport.Load(net, weights);
            if (warns || !allowMissing) report.Require(allowMissing);
            return net;
        }
        catch
        {
            net.Dispose();
            throw;
        }
    }

    /// <summary>Weights' files, each read when it is asked for.</summary>
    public static IEnumerable<WeightsFile> Read(IEnumerable<string> paths, ILogger logger) =>
        paths.Select(path => WeightsFile.Read(path, Note(logger)));

    /// <summary>Weights from a stream.</summary>
    public static IEnumerable<WeightsFile> Read(Stream stream, string name, ILogger logger)
    {
        yield return new WeightsFile(name, ProtoFiles.ReadNetBinary(stream, name, Note(logger)));
    }

    /// <summary>Options for reading text: as asked for, else strict; upgrades are logged.</summary>
    public static TextFormatOptions TextFormat(TextFormatOptions? options, ILogger logger) =>
        options ?? new TextFormatOptions { Note = Note(logger) };

    private static Action<string> Note(ILogger logger) => note => logger.Info(Tag, $"{note}");
}
