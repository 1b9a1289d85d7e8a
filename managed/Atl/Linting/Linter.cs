using Atl.Layers;
using Atl.Nets;
using Atl.Proto;
using Atl.Solvers;
using Google.Protobuf;

namespace Atl.Linting;

/// <summary>
/// Looks through a prototxt without running it: reads it, names deprecated fields, upgrades it, and builds its nets for
/// their shapes in each phase, on generated data where data is not here (<see cref="GeneratedData"/>).
/// </summary>
/// <param name="allowUnknownFields">Whether fields that the schema lacks are noted and ignored.</param>
/// <param name="shapes">The shapes of inputs and data, by the names of tops.</param>
/// <param name="weights">Trained weights with which nets are compared.</param>
internal sealed class Linter(
    bool allowUnknownFields, IReadOnlyDictionary<string, Shape>? shapes = null, WeightsComparison? weights = null)
{
    // The most layers that are built to find a stage that a net is written for.
    private const int MostLayers = 200_000;

    /// <summary>Looks through a net or a solver; what is wrong with it is in the answer, not thrown.</summary>
    public LintedFile Check(string path)
    {
        Reading<NetParameter> net = Read(options => ProtoFiles.ReadNetAsWritten(path, options));
        if (net.Message is { } found && found.Layer.Count + found.Layers.Count > 0) return Net(path, net);
        Reading<SolverParameter> solver = Read(options => ProtoFiles.ReadSolverAsWritten(path, options));
        if (net.UnknownAtTop > 0 && solver.UnknownAtTop > 0 && IsLabelMap(path))
            return new LintedFile(path, "label map", LintStatus.Built, "", [], [], []);
        if (IsNet(net, solver)) return Net(path, net);
        bool hasPassedOver = solver.Notes.Count > 0;
        return (solver.Sound is { } settings ? Solver(path, settings, solver.Notes) : Faulty(path, "solver", solver))
            with
        { HasUnknownFields = hasPassedOver };
    }

    private LintedFile Net(string path, Reading<NetParameter> net)
    {
        bool hasPassedOver = net.Notes.Count > 0;
        return (net.Sound is { } whole ? Net(path, whole, net.Notes) : Faulty(path, "net", net))
            with
        { HasUnknownFields = hasPassedOver };
    }

    // Each reads as the other where unknown fields are ignored. Solvers have no layers; without any the one that
    // knows more of the file's own fields was meant, or the one whose first fault comes later.
    private static bool IsNet(Reading<NetParameter> net, Reading<SolverParameter> solver)
    {
        int comparison = net.UnknownAtTop.CompareTo(solver.UnknownAtTop);
        if (comparison == 0) comparison = (net.Message is null).CompareTo(solver.Message is null);
        if (comparison == 0) comparison = solver.FirstFault.CompareTo(net.FirstFault);
        return comparison <= 0;
    }

    // SSD's names of classes, which lie beside its nets.
    private static bool IsLabelMap(string path)
    {
        try
        {
            return TextFormat.Parse<LabelMap>(UserFile.ReadAll(path, "text"), path).Item.Count > 0;
        }
        catch (AtlException)
        {
            return false;
        }
    }

    private Reading<T> Read<T>(Func<TextFormatOptions, T> read)
        where T : class, IMessage
    {
        List<string> notes = [];
        List<PrototxtProblem> unknown = [];
        try
        {
            return new Reading<T>(read(TextOptions(notes, unknown.Add)), notes, unknown, "");
        }
        catch (PrototxtException e)
        {
            return new Reading<T>(null, notes, [.. unknown, .. e.Problems], "");
        }
        catch (AtlException e)
        {
            return new Reading<T>(null, notes, unknown, e.Message);
        }
    }

    // With unknown fields a net is not built, for what they would have said is lost; unknown layers are named all the
    // same.
    private static LintedFile Faulty<T>(string path, string kind, Reading<T> reading)
        where T : class, IMessage
    {
        List<string> lines = [];
        if (reading.Faults.Count > 0) lines.Add(PrototxtProblem.Describe(reading.Faults));
        if (reading.Error.Length > 0) lines.Add(reading.Error);
        if (reading.Message is NetParameter net)
        {
            try
            {
                NetUpgrade.Apply(net);
                // A type of the old format that is unknown is named already, and is none here.
                LayerRegistry.CheckTypes(net.Layer.Where(
                    layer => layer.Type.Length > 0 && (layer.Bottom.Count > 0 || layer.Top.Count == 0)));
            }
            catch (AtlException e)
            {
                lines.Add(e.Message);
            }
        }
        string message = string.Join('\n', lines);
        return new LintedFile(
            path, reading.Message is null ? "unreadable" : kind, LintStatus.Error, message, [], reading.Notes, []);
    }

    private TextFormatOptions TextOptions(List<string> notes, Action<PrototxtProblem>? unknown = null) =>
        new() { AllowUnknownFields = allowUnknownFields, Note = notes.Add, UnknownField = unknown };

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
        if (net.Layer.Count == 0) notes.Add($"{PathText.Show(path)}: the net has no layers");
        List<LintedNet> nets = BuildPhases(net, notes);
        if (IsForTests(net, nets)) nets[0] = nets[0] with { Status = LintStatus.OtherPhase, Message = "" };
        return Judged(path, "net", deprecated, notes, nets) with { Upgraded = net };
    }

    // A net that nobody trains, whose inputs are fed from outside and which has no loss, need not be built in TRAIN.
    private static bool IsForTests(NetParameter net, List<LintedNet> nets) =>
        nets is [{ Phase: "TRAIN", Status: LintStatus.Error or LintStatus.NeedsShape }, ..]
        && nets.Skip(1).All(built => built.Status == LintStatus.Built)
        && net.Layer.All(layer => layer.Bottom.Count > 0 || layer.Type == "Input")
        && !net.Layer.Any(IsLoss);

    private static bool IsLoss(LayerParameter layer) =>
        layer.Type.EndsWith("Loss", StringComparison.Ordinal) || layer.LossWeight.Any(weight => weight != 0);

    private LintedFile Solver(string path, SolverParameter solver, List<string> notes)
    {
        IReadOnlyList<DeprecatedField> deprecated = DeprecatedFields.Find(solver);
        List<LintedNet> nets = [];
        try
        {
            SolverUpgrade.Apply(solver, notes.Add);
            SolverSettings.Check(solver);
            notes.AddRange(SolverSettings.Warnings(solver));
            if (SnapshotFiles.MissingFolder(solver) is { } folder) notes.Add(folder);
            if (MissingNets(solver, path) is { } missing)
                return new LintedFile(path, "solver", LintStatus.NeedsFile, missing, deprecated, notes,
                    [])
                { Upgraded = solver };
            SolverNets named = new(solver, path, TextOptions(notes), notes.Add);
            foreach (SolverNet net in named.Tests().Prepend(named.Train()))
            {
                bool stored = net.Phase == Phase.Train
                    && solver.SnapshotFormat == SolverParameter.Types.SnapshotFormat.Hdf5;
                nets.Add(Build(net.Parameter, net.Phase, [.. net.Parameter.State.Stage], net.Parameter.State.Level,
                    notes, new PhaseWatch(),
                    stored ? built => built.CheckHdf5Names(solver.SnapshotDiff) : null));
            }
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
        (int Field, string Net)[] missing = [.. all.Where(named => named.Net.Length > 0
            && SolverNets.Find(named.Net, path) is null)];
        if (missing.Length == 0) return null;
        string place = SourceMap.Find(solver, missing[0].Field)?.ToString() ?? path;
        return $"{place}: names "
            + $"{string.Join(", ", missing.Select(named => PathText.Show(named.Net)).Distinct())}: not here"
            + PathText.Hint(string.Concat(missing.Select(named => named.Net)));
    }

    private static LintedFile Judged(string path, string kind, IReadOnlyList<DeprecatedField> deprecated,
        List<string> notes, List<LintedNet> nets)
    {
        LintedNet? worst = nets.MaxBy(net => net.Status);
        return new LintedFile(path, kind, worst?.Status ?? LintStatus.Built, worst?.Message
            ?? "", deprecated, [.. notes.Distinct()], nets);
    }

    // A net that has no rules, and whose layers ask for no phase, is the same in both, and has the same notes.
    private List<LintedNet> BuildPhases(NetParameter net, List<string> notes)
    {
        PhaseWatch watch = new();
        LintedNet[] train = [.. Build(net, Phase.Train, notes, watch)];
        bool isSame = weights is null && !watch.WasAsked
            && net.Layer.All(layer => layer.Include.Count == 0 && layer.Exclude.Count == 0);
        return
        [
            .. train,
            .. isSame ? train.Select(built => built with { Phase = "TEST" })
                : Build(net, Phase.Test, notes, new PhaseWatch()),
        ];
    }

    // A net whose rules ask for stages may have no data without one: then each stage is tried, and those that build
    // count.
    private IEnumerable<LintedNet> Build(NetParameter net, Phase phase, List<string> notes, PhaseWatch watch)
    {
        int level = net.State?.Level ?? 0;
        LintedNet plain = Build(net, phase, [], level, notes, watch);
        if (plain.Status == LintStatus.Built) return [plain];
        string[] stages = [.. net.Layer.SelectMany(layer => layer.Include.Concat(layer.Exclude))
            .SelectMany(rule => rule.Stage.Concat(rule.NotStage))
            .Distinct()];
        int most = (int)Math.Max(1, MostLayers / Math.Max(1, net.Layer.Count));
        if (stages.Length > most)
            notes.Add($"{SourceMap.Prefix(net)}only the first {most} of {stages.Length} stages were tried");
        LintedNet[] staged = [.. stages.Take(most).Select(stage => Build(net, phase, [stage], level, notes,
            watch))
            .Where(built => built.Status == LintStatus.Built)];
        if (staged.Length > 0) return staged;
        bool foreign = plain.Status == LintStatus.Error && IsOfTheOtherPhaseAlone(net, phase, level, stages);
        return [foreign ? plain with { Status = LintStatus.OtherPhase, Message = "" } : plain];
    }

    // A net may be written for one phase alone, as the train.prototxt beside a test.prototxt: then nothing gives the
    // other phase its data.
    private static bool IsOfTheOtherPhaseAlone(NetParameter net, Phase phase, int level, string[] stages)
    {
        LayerParameter[] sources = [.. net.Layer.Where(layer => layer.Bottom.Count == 0)];
        return net.Layer.All(layer => layer.Include.Count == 0 || layer.Exclude.Count == 0)
            && !GivesData(phase) && GivesData(phase == Phase.Train ? Phase.Test : Phase.Train);

        bool GivesData(Phase of) => stages.Select(stage => new[] { stage }).Prepend([]).Any(asked =>
            Array.Exists(sources,
                layer => NetFilter.Admits(layer, new NetState { Phase = of, Level = level, Stage = { asked } })));
    }

    private LintedNet Build(
        NetParameter parameter, Phase phase, string[] stages, int level, List<string> notes, PhaseWatch watch,
        Action<Net>? check = null)
    {
        NetOptions options = new()
        {
            Phase = phase,
            Level = level,
            Stages = stages,
            KeepAll = true,
            ShapesOnly = true,
            PhaseWatch = watch,
        };
        LintedWeights? compared = null;
        IReadOnlyList<string> found = [];
        string? fault = null;
        ShapeSearch search = new(parameter, options, shapes);
        LintedNet linted = search.Run(notes, net =>
        {
            compared = weights?.Compare(net);
            found = [.. net.HazardNotes, .. CosineLogits.Notes(net)];
            fault = FaultOf(net, check);
        });
        notes.AddRange(found);
        if (fault is not null) return linted with { Weights = compared, Status = LintStatus.Error, Message = fault };
        return compared is not { Misfits.Count: > 0 }
            ? linted with { Weights = compared }
            : linted with
            {
                Weights = compared,
                Status = LintStatus.Error,
                Message = string.Join('\n', compared.Misfits)
            };
    }

    private static string? FaultOf(Net net, Action<Net>? check)
    {
        try
        {
            check?.Invoke(net);
            return null;
        }
        catch (AtlException e)
        {
            return e.Message;
        }
    }

    /// <summary>A file as read as a net, or as a solver.</summary>
    private sealed record Reading<T>(T? Message, List<string> Notes, IReadOnlyList<PrototxtProblem> Faults,
        string Error)
        where T : class, IMessage
    {
        public T? Sound => Faults.Count == 0 ? Message : null;

        // Where unknown fields are ignored, each is a note.
        public int UnknownAtTop =>
            Faults.Count > 0 ? Faults.Count(fault => fault.Message == typeof(T).Name) : Notes.Count;

        public (int Line, int Column) FirstFault =>
            Faults.Count == 0 ? (int.MaxValue, 0) : (Faults[0].Location.Line, Faults[0].Location.Column);
    }
}
