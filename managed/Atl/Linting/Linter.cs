using Atl.Layers;
using Atl.Nets;
using Atl.Proto;
using Atl.Solvers;

namespace Atl.Linting;

/// <summary>
/// Looks through a prototxt without running it: reads it, names deprecated fields, upgrades it, and builds its nets for their shapes in each phase,
/// on generated data where data is not here (<see cref="GeneratedData"/>).
/// </summary>
/// <param name="allowUnknownFields">Whether fields that the schema lacks are noted and passed over.</param>
/// <param name="shapes">The shapes of inputs and data, by the names of tops.</param>
public sealed class Linter(bool allowUnknownFields, IReadOnlyDictionary<string, Shape>? shapes = null)
{
    private static readonly Phase[] Phases = [Phase.Train, Phase.Test];

    // A net may fit only images of one size, which its prototxt does not tell: the digits of MNIST, pairs of them, and what ImageNet's nets take.
    private static readonly Shape[] ImagesToTry = [GeneratedData.UsualImage, new(1, 28, 28), new(2, 28, 28), new(3, 224, 224)];

    /// <summary>Looks through a net or a solver; what is wrong with it is in the answer, not thrown.</summary>
    public LintedFile Check(string path)
    {
        (NetParameter? net, List<string> ofNet, AtlException? notANet) = TryRead(options => ProtoFiles.ReadNetAsWritten(path, options));
        (SolverParameter? solver, List<string> ofSolver, AtlException? notASolver) = TryRead(options => ProtoFiles.ReadSolverAsWritten(path, options));
        // Where unknown fields are passed over, each reads as the other: solvers have no layers, else the one that passes over fewer was meant.
        if (net is not null && (solver is null || net.Layer.Count + net.Layers.Count > 0 || ofNet.Count <= ofSolver.Count))
        {
            bool unknown = ofNet.Count > 0;
            return Net(path, net, ofNet) with { HasUnknownFields = unknown };
        }
        if (solver is not null)
        {
            bool unknown = ofSolver.Count > 0;
            return Solver(path, solver, ofSolver) with { HasUnknownFields = unknown };
        }
        // The reading that came further is the one that was meant.
        bool solverMeant = notANet is PrototxtException first && notASolver is PrototxtException second
            && (second.Line, second.Column).CompareTo((first.Line, first.Column)) > 0;
        return new LintedFile(path, "unreadable", LintStatus.Error, (solverMeant ? notASolver : notANet)!.Message, [], solverMeant ? ofSolver : ofNet, []);
    }

    private (T? Read, List<string> Notes, AtlException? Error) TryRead<T>(Func<TextFormatOptions, T> read)
        where T : class
    {
        List<string> notes = [];
        try
        {
            return (read(TextOptions(notes)), notes, null);
        }
        catch (AtlException e)
        {
            return (null, notes, e);
        }
    }

    private TextFormatOptions TextOptions(List<string> notes) => new() { AllowUnknownFields = allowUnknownFields, Note = notes.Add };

    private LintedFile Net(string path, NetParameter net, List<string> notes)
    {
        IReadOnlyList<DeprecatedField> deprecated = DeprecatedFields.Find(net);
        try
        {
            NetUpgrade.Apply(net, notes.Add);
        }
        catch (AtlException e)
        {
            return new LintedFile(path, "net", LintStatus.Error, e.Message, deprecated, notes, []);
        }
        List<LintedNet> nets = [.. Phases.SelectMany(phase => Build(net, phase, notes))];
        return Judged(path, "net", deprecated, notes, nets) with { Upgraded = net };
    }

    private LintedFile Solver(string path, SolverParameter solver, List<string> notes)
    {
        IReadOnlyList<DeprecatedField> deprecated = DeprecatedFields.Find(solver);
        List<LintedNet> nets = [];
        try
        {
            SolverUpgrade.Apply(solver, notes.Add);
            SolverRegistry.Check(solver);
            _ = new LearningRate(solver);
            if (MissingNets(solver, path) is { } missing)
                return new LintedFile(path, "solver", LintStatus.NeedsFile, missing, deprecated, notes, []) { Upgraded = solver };
            SolverNets named = new(solver, path, TextOptions(notes), notes.Add);
            foreach (SolverNet net in named.Tests().Prepend(named.Train()))
                nets.Add(Build(net.Parameter, net.Phase, [.. net.Parameter.State.Stage], net.Parameter.State.Level, notes));
        }
        catch (AtlException e)
        {
            return new LintedFile(path, "solver", LintStatus.Error, e.Message, deprecated, notes, nets);
        }
        return Judged(path, "solver", deprecated, notes, nets) with { Upgraded = solver };
    }

    // What to say of the nets that a solver names and that are not here; null where all are.
    private static string? MissingNets(SolverParameter solver, string path)
    {
        (int Field, string Net)[] all =
        [
            (SolverParameter.NetFieldNumber, solver.Net), (SolverParameter.TrainNetFieldNumber, solver.TrainNet),
            .. solver.TestNet.Select(net => (SolverParameter.TestNetFieldNumber, net)),
        ];
        (int Field, string Net)[] missing = [.. all.Where(named => named.Net.Length > 0 && SolverNets.Find(named.Net, path) is null)];
        if (missing.Length == 0) return null;
        string place = SourceMap.Find(solver, missing[0].Field)?.ToString() ?? path;
        return $"{place}: names {string.Join(", ", missing.Select(named => PathText.Show(named.Net)).Distinct())}: not here";
    }

    private static LintedFile Judged(string path, string kind, IReadOnlyList<DeprecatedField> deprecated, List<string> notes, List<LintedNet> nets)
    {
        LintedNet? worst = nets.MaxBy(net => net.Status);
        return new LintedFile(path, kind, worst?.Status ?? LintStatus.Built, worst?.Message ?? "", deprecated, [.. notes.Distinct()], nets);
    }

    // A net whose rules ask for stages may have no data without one: then each stage is tried, and those that build count.
    private IEnumerable<LintedNet> Build(NetParameter net, Phase phase, List<string> notes)
    {
        int level = net.State?.Level ?? 0;
        LintedNet plain = Build(net, phase, [], level, notes);
        if (plain.Status == LintStatus.Built) return [plain];
        string[] stages = [.. net.Layer.SelectMany(layer => layer.Include.Concat(layer.Exclude)).SelectMany(rule => rule.Stage.Concat(rule.NotStage))
            .Distinct()];
        LintedNet[] staged = [.. stages.Select(stage => Build(net, phase, [stage], level, notes)).Where(built => built.Status == LintStatus.Built)];
        if (staged.Length > 0) return staged;
        bool foreign = plain.Status == LintStatus.Error && IsOfTheOtherPhaseAlone(net, phase, level, stages);
        return [foreign ? plain with { Status = LintStatus.OtherPhase, Message = "" } : plain];
    }

    // A net may be written for one phase alone, as the train.prototxt beside a test.prototxt: then nothing gives the other phase its data.
    private static bool IsOfTheOtherPhaseAlone(NetParameter net, Phase phase, int level, string[] stages)
    {
        return net.Layer.All(layer => layer.Include.Count == 0 || layer.Exclude.Count == 0)
            && !GivesData(phase) && GivesData(phase == Phase.Train ? Phase.Test : Phase.Train);

        bool GivesData(Phase of) => stages.Select(stage => new[] { stage }).Prepend([]).Any(asked =>
            NetFilter.Filter(net, new NetState { Phase = of, Level = level, Stage = { asked } }).Layer.Any(layer => layer.Bottom.Count == 0));
    }

    private LintedNet Build(NetParameter parameter, Phase phase, string[] stages, int level, List<string> notes)
    {
        LintedNet? first = null;
        List<string>? saidFirst = null;
        foreach (Shape image in ImagesToTry)
        {
            List<string> said = [];
            LintedNet built = Build(parameter, phase, stages, level, image, said);
            first ??= built;
            saidFirst ??= said;
            if (built.Status == LintStatus.Built || first.Status != LintStatus.Error)
            {
                notes.AddRange(said);
                return built;
            }
        }
        notes.AddRange(saidFirst!);
        return first!;
    }

    private LintedNet Build(NetParameter parameter, Phase phase, string[] stages, int level, Shape image, List<string> notes)
    {
        string stage = string.Join(",", stages);
        try
        {
            using Net net = new(GeneratedData.Replace(parameter, shapes, notes.Add, image), new NetOptions
            {
                Phase = phase,
                Level = level,
                Stages = stages,
                KeepAll = true,
                ShapesOnly = true,
            });
            notes.AddRange(net.HazardNotes);
            notes.AddRange(CosineLogits.Notes(net));
            return new LintedNet(Name(phase), stage, LintStatus.Built, "", net.Layers.Count, net.LearnableParameters.Sum(learned => learned.Blob.Count));
        }
        catch (LayerException e)
        {
            LintStatus status = e.Parameter.Type == "Python" || !LayerRegistry.Knows(e.Parameter.Type) ? LintStatus.UnknownLayer
                : LayerFiles.Missing(e.Parameter).Count > 0 ? LintStatus.NeedsFile
                : LintStatus.Error;
            return new LintedNet(Name(phase), stage, status, e.Message, 0, 0);
        }
        catch (AtlException e)
        {
            string place = SourceMap.Prefix(parameter);
            return new LintedNet(Name(phase), stage, LintStatus.Error,
                e.Message.StartsWith(place, StringComparison.Ordinal) ? e.Message : place + e.Message, 0, 0);
        }
    }

    private static string Name(Phase phase) => phase.ToString().ToUpperInvariant();
}
