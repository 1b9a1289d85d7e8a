using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Proto;

namespace Atl.Cli.Commands;

/// <summary>
/// The common part of the three upgrade commands: read IN, upgrade it, write OUT, report the changes.
/// </summary>
internal abstract class UpgradeCommand(string name, string kind, string example, string written) : Command
{
    public override string Name => name;

    public override string Summary => $"upgrade {kind} of an old format to the current one";

    public override IReadOnlyList<Argument> Arguments =>
        [new("IN", $"{kind} of any format"), new("OUT", "the new file")];

    public override IReadOnlyList<Flag> Flags => [];

    public override IReadOnlyList<(string What, string Line)> Examples =>
        [("from any format to the current one", $"atl {name} old{example} new{example}")];

    public override void Run(FlagValues flags, GlogLogger log)
    {
        bool upgraded = false;
        Upgrade(flags.Argument("IN"), flags.Argument("OUT"), CommonOptions.TextFormat(flags, log) with
        {
            Note = note =>
            {
                upgraded = true;
                log.Info($"{note}");
            },
        });
        if (!upgraded) log.Warning($"File already in latest proto format: {flags.Argument("IN")}");
        log.Info($"Wrote upgraded {written} proto to {flags.Argument("OUT")}");
    }

    /// <summary>Reads with the options' note for everything upgraded, and writes.</summary>
    protected abstract void Upgrade(string from, string to, TextFormatOptions options);
}

/// <summary>upgrade_net_proto_text.</summary>
internal sealed class UpgradeNetTextCommand()
    : UpgradeCommand("upgrade_net_proto_text", "a text net", ".prototxt", "NetParameter text")
{
    protected override void Upgrade(string from, string to, TextFormatOptions options) =>
        ProtoFiles.WriteNet(to, ProtoFiles.ReadNet(from, options));
}

/// <summary>upgrade_net_proto_binary.</summary>
internal sealed class UpgradeNetBinaryCommand()
    : UpgradeCommand("upgrade_net_proto_binary", "a binary net with weights", ".caffemodel", "NetParameter binary")
{
    protected override void Upgrade(string from, string to, TextFormatOptions options)
    {
        NetParameter net = ProtoFiles.ReadNetBinary(from, options.Note);
        StoredBlobs.Check(net, from);
        ProtoFiles.WriteNetBinary(to, net);
    }
}

/// <summary>upgrade_solver_proto_text.</summary>
internal sealed class UpgradeSolverTextCommand()
    : UpgradeCommand("upgrade_solver_proto_text", "a text solver", "_solver.prototxt", "SolverParameter text")
{
    protected override void Upgrade(string from, string to, TextFormatOptions options) =>
        ProtoFiles.WriteSolver(to, ProtoFiles.ReadSolver(from, options));
}
