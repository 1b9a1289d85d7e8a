using Atl.Proto;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Tests.Nets;

/// <summary>Nets for tests, from prototxt text.</summary>
internal static class NetText
{
    public static Net Build(string text, Phase phase = Phase.Train, bool keepAll = true, int level = 0,
        ILogger? logger = null, params string[] stages)
    {
        NetParameter parameter = TextFormat.Parse<NetParameter>(text, "net.prototxt");
        NetUpgrade.Apply(parameter);
        return new Net(parameter, new NetOptions
        {
            Phase = phase,
            Level = level,
            Stages = stages,
            KeepAll = keepAll,
            Seed = 1,
            Logger = logger ?? NullLogger.Instance,
        });
    }

    public static string[] LayerNames(this Net net) => [.. net.Layers.Select(layer => layer.Name)];
}
