using Atl.Layers;
using Atl.Nets;
using Atl.Proto;

namespace Atl.Linting;

/// <summary>
/// Builds a net for its shapes in one phase on data that is not here. What shape that data has is derived from the net
/// (<see cref="ShapeDemands"/>) or tried. A net that no shape suits is wrong where the failure does not depend on what
/// was assumed, else it needs to be told a shape.
/// </summary>
/// <param name="parameter">The net.</param>
/// <param name="options">Phase, level and stages.</param>
/// <param name="given">The shapes that the user gave, by the names of tops.</param>
internal sealed class ShapeSearch(NetParameter parameter, NetOptions options, IReadOnlyDictionary<string, Shape>? given)
{
    private const int MostDemands = 24;
    private const int LargestSide = 4096;

    // The most layers that are built to find a shape, all attempts after the first together, so that a net of many
    // layers is answered in time.
    private const long MostLayers = 200_000;

    // A net may fit only images of one size, which its prototxt does not tell: the digits of MNIST, pairs of them, and
    // what well-known nets take.
    private static readonly Shape[] UsualImages =
    [
        GeneratedData.UsualImage, new(1, 28, 28), new(2, 28, 28), new(3, 224, 224), new(3, 227, 227), new(3, 300, 300),
        new(3, 512, 512), new(3, 32, 32), new(3, 112, 96), new(3, 360, 480),
    ];

    private IReadOnlyList<LayerParameter> _layers = [];
    private long _layersBuilt;

    private bool CanTry => _layersBuilt + _layers.Count <= MostLayers;

    /// <summary>Builds the net; what is wrong with it is in the answer, not thrown.</summary>
    /// <param name="notes">Receives what was assumed.</param>
    /// <param name="built">Is called with the net where it is built, the last time with the one of the answer.</param>
    public LintedNet Run(ICollection<string> notes, Action<Net>? built)
    {
        Attempt first = Derive(GeneratedData.UsualImage, built);
        Attempt best = first;
        if (first is { Failure: not null, NeedsShape: true })
        {
            best = Images().Skip(1).TakeWhile(_ => CanTry).Select(image => Derive(image, built))
                .FirstOrDefault(attempt => attempt.Result.Status == LintStatus.Built) ?? first;
        }
        foreach (string note in best.Notes) notes.Add(note);
        return best.Result;
    }

    // The sizes of what SegNet's layers unpool tell that of the image.
    private IEnumerable<Shape> Images()
    {
        IEnumerable<Shape> unpooled =
            from layer in parameter.Layer
            where layer.UpsampleParam is { UpsampleH: > 0 and <= LargestSide, UpsampleW: > 0 and <= LargestSide }
            from halvings in Enumerable.Range(0, 6)
            let height = (int)layer.UpsampleParam.UpsampleH << halvings
            let width = (int)layer.UpsampleParam.UpsampleW << halvings
            where height <= LargestSide && width <= LargestSide
            select new Shape(3, height, width);
        return UsualImages.Take(1).Concat(unpooled).Concat(UsualImages.Skip(1)).Distinct();
    }

    // Builds with an image's size, and again with what layers ask for that could not be shaped.
    private Attempt Derive(Shape image, Action<Net>? built)
    {
        Dictionary<string, Shape> asked = new(StringComparer.Ordinal);
        HashSet<(string, Shape)> tried = [];
        Attempt attempt = Try(image, asked, built);
        for (int i = 0; i < MostDemands && attempt.Failure is not null && CanTry; i++)
        {
            IReadOnlyDictionary<string, Shape> wanted = Demands(attempt, image).Of(attempt.Failure);
            (string, Shape)[] demands = [.. wanted.Select(demand => (demand.Key, demand.Value)).Where(tried.Add)];
            if (demands.Length == 0) break;
            foreach ((string top, Shape shape) in demands) asked[top] = shape;
            attempt = Try(image, asked, built);
        }
        return attempt.Failure is null ? attempt : Judged(attempt, image, asked);
    }

    // Where the same failure comes whatever is assumed, the net is wrong; else it only does not fit what was assumed.
    private Attempt Judged(Attempt attempt, Shape image, Dictionary<string, Shape> asked)
    {
        LayerException failure = attempt.Failure!;
        IReadOnlyList<AssumedTop> behind = Demands(attempt, image).Behind(failure);
        if (behind.Count == 0 || !DependsOn(behind, attempt, image, asked)) return attempt;
        string shapes = string.Join(", ", behind.Select(top => $"'{top.Name}' {string.Join(' ', top.Shape)}"));
        string hints = string.Join(" ", behind.Select(top => $"-shapes {top.Hint}"));
        string message = $"{failure.Message}; assumed here: {shapes}; give the shape that the net takes: {hints}";
        LintedNet result = attempt.Result with { Status = LintStatus.NeedsShape, Message = message };
        return attempt with { NeedsShape = true, Result = result };
    }

    private bool DependsOn(
        IReadOnlyList<AssumedTop> behind, Attempt failed, Shape image, Dictionary<string, Shape> asked)
    {
        ShapeDemands demands = Demands(failed, image);
        int? place = demands.IndexOf(failed.Failure!);
        bool told = false;
        foreach (AssumedTop top in behind)
            foreach (Shape other in Variants(top))
            {
                if (!CanTry) return true;
                Dictionary<string, Shape> changed = new(asked, StringComparer.Ordinal) { [top.Name] = other };
                Attempt attempt = Try(image, changed, null);
                int? failedAt = attempt.Failure is null ? null : demands.IndexOf(attempt.Failure);
                if (failedAt < place) continue;
                if (failedAt != place || Reason(attempt.Failure!) != Reason(failed.Failure!)) return true;
                told = true;
            }
        return !told;
    }

    // The reason as the layer gives it, without the shapes that the net adds.
    private static string Reason(LayerException failure) =>
        (failure.InnerException as LayerException ?? failure).Reason;

    private static IEnumerable<Shape> Variants(AssumedTop top)
    {
        int batch = top.Shape.Legacy(0);
        if (top.IsFree && top.Shape.NumAxes != 4)
        {
            yield return new Shape(batch);
            yield return new Shape(batch, 7);
            yield return new Shape(batch, 3, 65, 33);
        }
        if (top.Shape.NumAxes != 4) yield break;
        if (top.IsFree || top.Assumed.HasFlag(AssumedParts.Channels)) yield return top.Shape.With(1, top.Shape[1] + 1);
        if (!top.IsFree && !top.Assumed.HasFlag(AssumedParts.Size)) yield break;
        yield return new Shape(batch, top.Shape[1], 512, 512);
        yield return new Shape(batch, top.Shape[1], 97, 61);
    }

    private ShapeDemands Demands(Attempt attempt, Shape image) => new(_layers, attempt.Assumed, image);

    private Attempt Try(Shape image, IReadOnlyDictionary<string, Shape> asked, Action<Net>? built)
    {
        List<string> notes = [];
        string stage = string.Join(",", options.Stages), phase = options.Phase.ToString().ToUpperInvariant();
        IReadOnlyList<AssumedTop> assumed = [];
        try
        {
            NetState state = Net.StateOf(parameter, options);
            (NetParameter generated, assumed) = GeneratedData.Replace(parameter, given, notes.Add, image, asked, state);
            if (_layers.Count == 0)
                _layers = [.. generated.Layer.Where(layer => NetFilter.Admits(layer, state))];
            else
                _layersBuilt += _layers.Count;
            using Net net = new(generated, options);
            built?.Invoke(net);
            return new Attempt(new LintedNet(phase, stage, LintStatus.Built, "", net.Layers.Count,
                Extents.Total(net.LearnableParameters.Select(learned => learned.Blob.Count))), notes, assumed);
        }
        catch (LayerException e)
        {
            LintStatus status = !LayerRegistry.Knows(e.Parameter.Type) ? LintStatus.UnknownLayer
                : !e.IsWrongNumber && LayerFiles.Missing(e.Parameter).Count > 0 ? LintStatus.NeedsFile
                : LintStatus.Error;
            return new Attempt(new LintedNet(phase, stage, status, e.Message, 0, 0), notes, assumed)
            {
                Failure = status == LintStatus.Error ? e : null,
            };
        }
        catch (AtlException e)
        {
            string place = SourceMap.Prefix(parameter);
            string message = e.Message.StartsWith(place, StringComparison.Ordinal) ? e.Message : place + e.Message;
            return new Attempt(new LintedNet(phase, stage, LintStatus.Error, message, 0, 0), notes, assumed);
        }
    }

    /// <summary>The outcome of building the net with some shapes.</summary>
    private sealed record Attempt(LintedNet Result, IReadOnlyList<string> Notes, IReadOnlyList<AssumedTop> Assumed)
    {
        /// <summary>The layer that could not be shaped, if that is what failed.</summary>
        public LayerException? Failure { get; init; }

        public bool NeedsShape { get; init; }
    }
}
