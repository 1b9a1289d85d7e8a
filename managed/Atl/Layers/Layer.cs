using Atl.Devices;
using Atl.Fillers;
using Atl.Operators;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Layers;

/// <summary>
/// One step of a net: bottoms in, tops out, parameters to learn. A layer knows shapes, parameters and meaning; it
/// computes by calling operators of its device (<see cref="Atl.Operators"/>) and never asks which device that is.
/// </summary>
/// <remarks>
/// Life: construction (reads nothing but its parameter message), <see cref="Initialize"/> once, then any number of
/// <see cref="Reshape"/>, <see cref="Forward"/>, <see cref="Backward"/>. Backward writes bottom diffs (it does not add
/// to them) and adds to parameter diffs.
/// </remarks>
public abstract class Layer : IDisposable
{
    private static readonly FillerParameter Zeros = new();

    private readonly List<bool> _paramPropagateDown = [];
    private float[] _lossWeights = [];
    private List<ParamSpec>? _ownParams;

    /// <summary>Keeps the parameter message and the context.</summary>
    protected Layer(LayerParameter parameter, LayerContext context)
    {
        Parameter = parameter;
        Context = context;
    }

    /// <summary>The message that describes the layer; its phase is the net's where the net is run.</summary>
    public LayerParameter Parameter { get; }

    /// <summary>The layer's name.</summary>
    public string Name => Parameter.Name;

    /// <summary>
    /// The name of the layer's random streams: the layer's name, except for the second and further layers of one name.
    /// </summary>
    internal string StreamName { get => field ?? Name; set; }

    /// <summary>The layer's type, as in the prototxt.</summary>
    public string Type => Parameter.Type;

    /// <summary>TRAIN or TEST.</summary>
    public Phase Phase
    {
        get
        {
            Context.PhaseWatch.Ask();
            return PhaseOfOperators;
        }
    }

    /// <summary>The phase where shapes do not depend on it, and nothing else that a net made for its shapes
    /// has.</summary>
    private protected Phase PhaseOfOperators => Parameter.HasPhase ? Parameter.Phase : Context.Phase;

    /// <summary>The learnable parameters, in Caffe's order (weights, then bias).</summary>
    public IList<Blob> Blobs { get; } = [];

    /// <summary>
    /// The names and multipliers of the parameters, in their order and perhaps not of all: the message's, but for those
    /// that the layer has set itself (<see cref="SetParam"/>).
    /// </summary>
    public IReadOnlyList<ParamSpec> Params => _ownParams ?? (IReadOnlyList<ParamSpec>)Parameter.Param;

    /// <summary>The number of bottoms that the layer takes.</summary>
    public virtual BlobCount Bottoms => BlobCount.Exactly(1);

    /// <summary>
    /// The advice where a prototxt gives another number of bottoms, as another Caffe takes; null for none.
    /// </summary>
    protected virtual string? BottomsAdvice => null;

    /// <summary>The number of tops that the layer makes.</summary>
    public virtual BlobCount Tops => BlobCount.Exactly(1);

    /// <summary>Whether there must be as many tops as bottoms.</summary>
    public virtual bool SameBottomTopCount => false;

    /// <summary>Whether tops that the prototxt leaves out are made without a name (losses).</summary>
    public virtual bool AutoTops => false;

    /// <summary>The weights of the tops in the net's loss, after <see cref="Initialize"/>; empty where no top has
    /// any.</summary>
    public IReadOnlyList<float> LossWeights => _lossWeights;

    // Made when they are asked for, which a net that is never run does not.
    private List<(string Purpose, RandomStream Stream)> Streams => field ??= [];

    private List<IDisposable> Operators => field ??= [];

    /// <summary>The context that the net gives to its layers.</summary>
    protected LayerContext Context { get; }

    /// <summary>The device on which operators run.</summary>
    protected Device Device => Context.Device;

    /// <summary>The logger for the layer's messages.</summary>
    protected ILogger Logger => Context.Logger;

    /// <summary>The weight of a top in the net's loss where the prototxt gives none: 1 for a loss layer's first
    /// top.</summary>
    public virtual float DefaultLossWeight(int top) => 0;

    /// <summary>Whether a bottom can be given a gradient; labels and indices cannot.</summary>
    public virtual bool CanPropagateDown(int bottom) => true;

    /// <summary>
    /// Whether a bottom is given no gradient though something above it may learn: the layer's Caffe writes nothing
    /// there, which counts as 0, and does not ask. Where this is false and <see cref="CanPropagateDown"/> is, too, such
    /// a net is an error.
    /// </summary>
    public virtual bool LeavesWithoutGradient(int bottom) => false;

    /// <summary>
    /// The multiply-add pairs of one forward on blobs of these shapes, by the usual count: those of convolutions and
    /// matrix products; what works element by element counts as nothing.
    /// </summary>
    public virtual long MultiplyAdds(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) => 0;

    /// <summary>Whether the gradient of a parameter is wanted (it is, until the net finds that its learning rate is
    /// 0).</summary>
    public bool ParamPropagateDown(int blob) => blob >= _paramPropagateDown.Count || _paramPropagateDown[blob];

    /// <summary>Says whether the gradient of a parameter is wanted.</summary>
    public void SetParamPropagateDown(int blob, bool value)
    {
        while (_paramPropagateDown.Count <= blob) _paramPropagateDown.Add(true);
        _paramPropagateDown[blob] = value;
    }

    /// <summary>
    /// Whether backward may follow forward. It may until the net finds that it does not; a layer then keeps nothing
    /// that only backward reads (the input of an in-place activation, masks).
    /// </summary>
    public bool NeedsBackward { get; set; } = true;

    /// <summary>
    /// Which blobs' data <see cref="Backward"/> reads, so that a net lets no layer in place write over it; by default
    /// all of them. A bottom that is the first top's own blob counts as that top: forward has written over it. Asked
    /// after <see cref="Initialize"/>.
    /// </summary>
    /// <param name="inPlace">Whether the layer writes over a bottom.</param>
    public virtual BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Everything;

    /// <summary>
    /// Whether a top may be the bottom of its number, which forward then writes over; by default not: a layer reads its
    /// bottoms after it has begun to write, or its tops have other shapes.
    /// </summary>
    public virtual bool CanRunInPlace => false;

    /// <summary>
    /// Whether an element of the first top is above 0 just where the first bottom's is; or else passes no gradient,
    /// as a dropped one: then such a layer may run in place over what <see cref="BackwardReads.SignOfTops"/> needs.
    /// </summary>
    public virtual bool KeepsSign => false;

    /// <summary>
    /// Whether a top is filled once and then stays from one forward to the next, so that nobody may write over it.
    /// </summary>
    public virtual bool KeepsTop(int top) => false;

    /// <summary>
    /// Whether the net found that backward must read the first bottom where <see cref="BackwardReads.TopOrBottom"/>
    /// leaves the choice.
    /// </summary>
    internal bool ReadsBottom { get; set; }

    /// <summary>Whether a view's diff is its bottom's; not so where propagate_down stops the gradient.</summary>
    internal bool PassesGradient { get; set; } = true;

    /// <summary>Checks the numbers of bottoms and tops, sets the layer up, shapes its tops and reads the loss
    /// weights.</summary>
    /// <exception cref="LayerException">Something does not fit.</exception>
    public void Initialize(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        CheckCount("bottom", Bottoms, bottom.Count);
        CheckCount("top", Tops, top.Count);
        if (SameBottomTopCount && bottom.Count != top.Count)
            throw Error($"needs as many tops as bottoms, found {bottom.Count} bottoms and {top.Count} tops");
        if (!CanRunInPlace && CommonBlobs.Any(top, bottom))
            throw Error(
                $"cannot run in place: give the top{(top.Count > 1 ? "s names of their own" : " a name of its own")}");
        LayerGuard.Run(Parameter, (Layer: this, bottom, top), static made =>
        {
            made.Layer.SetUp(made.bottom, made.top);
            made.Layer.OnReshape(made.bottom, made.top);
        });
        ReadLossWeights(top.Count);
    }

    /// <summary>Shapes the tops after the bottoms' shapes.</summary>
    /// <exception cref="LayerException">The shapes do not fit.</exception>
    public void Reshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        LayerGuard.Run(
            Parameter, (Layer: this, bottom, top), static made => made.Layer.OnReshape(made.bottom, made.top));

    /// <summary>Computes the tops' data from the bottoms' data.</summary>
    /// <exception cref="LayerException">The values do not fit (a label out of range, a file that cannot be
    /// read).</exception>
    public abstract void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top);

    /// <summary>
    /// Computes, from the tops' diffs, the diffs of the bottoms that <paramref name="propagateDown"/> asks for
    /// (overwritten) and of the parameters (added to).
    /// </summary>
    public abstract void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom);

    /// <summary>Writes what a resumed run needs beyond the parameters; by default the places in the layer's random
    /// streams.</summary>
    public virtual void SaveState(LayerState state)
    {
        foreach ((string purpose, RandomStream stream) in Streams)
            state.Put("stream:" + purpose, (long)stream.Position);
    }

    /// <summary>
    /// Takes up what <see cref="SaveState"/> wrote, after the context has taken up the saved seed; entries that are
    /// missing leave things as they are.
    /// </summary>
    public virtual void LoadState(LayerState state)
    {
        foreach ((string purpose, RandomStream stream) in Streams)
            if (state.FindValue("stream:" + purpose) is { } position)
                stream.Resume(Context.Seed, LayerContext.StreamName(StreamName, purpose), (ulong)position);
    }

    /// <summary>Frees the layer's operators and files.</summary>
    public void Dispose()
    {
        try
        {
            Dispose(true);
        }
        finally
        {
            if (!Context.ShapesOnly)
                foreach (IDisposable slot in Operators) slot.Dispose();
            GC.SuppressFinalize(this);
        }
    }

    /// <summary>Checks the parameters, makes and fills <see cref="Blobs"/> unless they are there; called once, before
    /// the first shaping. By default there is nothing to do.</summary>
    protected virtual void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
    }

    /// <summary>Shapes the tops and makes the operators for these shapes.</summary>
    protected abstract void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top);

    /// <summary>Frees the layer's own tensors and files; the operators need no care
    /// (<see cref="EnsureOperator"/>).</summary>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>
    /// Makes a top of the bottom's count a view of the bottom: the same data and, unless the gradient stops here, the
    /// same diff.
    /// </summary>
    protected void View(Blob top, Blob bottom)
    {
        top.Data.Share(bottom.Data);
        if (PassesGradient)
            top.Diff.Share(bottom.Diff);
        else
            top.Diff.Unshare();
    }

    /// <summary>An error of this layer: place in the prototxt, name and type are added.</summary>
    protected LayerException Error(string message) => new(Parameter, message);

    /// <summary>A random stream of this layer whose place is saved and resumed with the solver's state.</summary>
    protected RandomStream CreateStream(string purpose)
    {
        if (Context.ShapesOnly) return Context.Unused;
        RandomStream stream = Context.CreateStream(StreamName, purpose);
        Streams.Add((purpose, stream));
        return stream;
    }

    /// <summary>
    /// Creates the operator of a specification in a slot, unless the slot holds it already; none where the net is never
    /// run (<see cref="LayerContext.ShapesOnly"/>). The operator is disposed with the layer.
    /// </summary>
    protected void EnsureOperator<TOperator, TSpec>(OperatorSlot<TOperator, TSpec> slot, TSpec wanted)
        where TOperator : Operator
        where TSpec : OperatorSpec<TOperator>
    {
        if (!Context.ShapesOnly && !Operators.Contains(slot)) Operators.Add(slot);
        slot.Ensure(Context.ShapesOnly ? null : Device, wanted, Logger);
    }

    /// <summary>
    /// Adds a learnable parameter: the layer message's stored blob where it holds one at this place, else filled from a
    /// random stream of the parameter's own.
    /// </summary>
    /// <param name="shape">The parameter's shape.</param>
    /// <param name="filler">The filler of the prototxt; null where it gives none (Caffe's default then: constant
    /// 0).</param>
    protected Blob AddBlob(Shape shape, FillerParameter? filler)
    {
        int index = Blobs.Count;
        Blob blob = new(shape, $"{Name}/{index}") { Role = "parameter" };
        if (index < Parameter.Blobs.Count)
        {
            BlobProto stored = Parameter.Blobs[index];
            if (StoredBlobs.FindFault(stored) is { } fault) throw Error($"blobs[{index}].{fault}");
            if (!blob.ShapeEquals(stored))
                throw Error($"the stored parameter {index} has shape {stored.StoredShape()}, expected {shape}");
            stored.CopyDataTo(blob.Data);
        }
        else if (!Context.FillsParameters)
        {
            Filler.Check(filler ?? Zeros, shape);
        }
        else
        {
            Filler.Fill(filler ?? Zeros, blob.Data,
                Context.CreateStream(StreamName, $"parameter {index}"));
        }
        Blobs.Add(blob);
        return blob;
    }

    /// <summary>Sets the name and the multipliers of a parameter in place of the message's, such as of one that nobody
    /// learns.</summary>
    protected void SetParam(int blob, ParamSpec spec)
    {
        _ownParams ??= [.. Parameter.Param];
        while (_ownParams.Count <= blob) _ownParams.Add(new ParamSpec());
        _ownParams[blob] = spec;
    }

    /// <summary>Fills a tensor; where the net is never run, the filler is checked alone.</summary>
    /// <exception cref="FillerException">The filler's type is unknown or its parameters do not fit the
    /// shape.</exception>
    protected void Fill(Tensor target, FillerParameter filler, RandomStream stream)
    {
        if (Context.ShapesOnly)
            Filler.Check(filler, target.Shape);
        else
            Filler.Fill(filler, target, stream);
    }

    private void CheckCount(string what, BlobCount allowed, int found)
    {
        if (!allowed.Allows(found))
            throw Error($"takes {allowed} {what} blobs, found "
                + $"{found}{(what == "bottom" && BottomsAdvice is { } advice ? $"; {advice}" : "")}");
    }

    private void ReadLossWeights(int tops)
    {
        int given = Parameter.LossWeight.Count;
        // A loss's further tops (probabilities) are there to be read: one weight, that of the loss, is enough.
        if (given > 0 && given != tops && !(given == 1 && AutoTops))
            throw Error($"loss_weight must be given once for each top ({tops}) or not at all, found {given}");
        float[] weights = new float[tops];
        for (int i = 0; i < tops; i++) weights[i] = i < given ? Parameter.LossWeight[i] : given > 0 ? 0
            : DefaultLossWeight(i);
        _lossWeights = Array.TrueForAll(weights, weight => weight == 0) ? [] : weights;
    }
}
