using System.Numerics.Tensors;
using Atl.Devices;
using Atl.Layers;
using Atl.Logging;
using Atl.Nets;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl;

/// <summary>
/// A directed acyclic graph of layers, run forward and backward in the order of its prototxt. (Caffe's Net: rules,
/// splits, in-place layers, shared parameters, loss weights, and backward only where it is needed.)
/// </summary>
/// <remarks>
/// <para>One thread at a time: a net that is running, is being shaped or is taking parameters refuses every other
/// thread with an <see cref="InvalidOperationException"/>, <see cref="Dispose"/> included.</para>
/// <para>Any number of nets run at once, each on a thread of its own. So do nets that share parameters
/// (<see cref="ShareTrainedLayersWith"/>), as long as none of them writes a shared parameter meanwhile; every net then
/// gives the same bits as it does alone. TEST nets write none. Do not update, load, reshape or dispose the parameters
/// of one net while another that shares them runs, and run no TRAIN net beside it whose layers change parameters in
/// forward (BatchNorm, BN, ChannelScale, mining margins).</para>
/// <para>A net that is forgotten, not disposed, gives its memory back after the garbage collector has found it. It is
/// not found while it runs. Addresses in its blobs are valid only as long as the net, or the blob, is
/// reachable.</para>
/// </remarks>
public sealed class Net : IDisposable
{
    private readonly LayerContext _context;
    private readonly LayerGraph _graph;
    private readonly BlobLifetimes? _lifetimes;
    private readonly Lazy<Dictionary<string, Layer>> _layersByName;
    private readonly Lazy<Dictionary<string, Blob>> _blobsByName;
    private bool _disposed;
    private int _inUse;

    /// <summary>Builds the net that a message in the current format describes (files are upgraded when they are
    /// read).</summary>
    /// <exception cref="LayerException">A layer does not fit its parameters, bottoms or tops.</exception>
    /// <exception cref="NetException">The message as a whole does not fit.</exception>
    public Net(NetParameter parameter, NetOptions options)
    {
        if (parameter.Layers.Count > 0 || parameter.Input.Count > 0)
            throw new NetException($"{SourceMap.Prefix(parameter)}net '{parameter.Name}' is in an old format and "
                + "was not upgraded before it was built");
        NetState state = StateOf(parameter, options);
        NetParameter filtered = NetFilter.Filter(parameter, state);
        LayerRegistry.CheckTypes(filtered.Layer);
        NetParameter net = SplitInserter.Insert(filtered, new UnknownBottom(parameter, state),
            isRun: !options.ShapesOnly);
        net.State = state;
        Name = net.Name;
        Phase = options.Phase;
        DebugInfo = net.DebugInfo;
        _context = new LayerContext(options.Device, options.Seed)
        {
            ShapesOnly = options.ShapesOnly,
            FillsParameters = options.FillsParameters && !options.ShapesOnly,
            Logger = options.Logger,
            Phase = options.Phase,
            PhaseWatch = options.PhaseWatch,
        };
        _graph = new NetBuilder(net, options, _context).Build();
        Layers = [.. _graph.Nodes.Select(node => node.Layer)];
        Outputs = [.. _graph.Outputs.Select(output => output.Blob)];
        _layersByName = new(NameLayers);
        _blobsByName = new(NameBlobs);
        Blob[] all = [.. _graph.Blobs, .. _graph.Superseded];
        if (!options.KeepAll) _lifetimes = new BlobLifetimes(_graph.Nodes, all, Outputs, options.Keep);
        Logger.Info("net.cpp", $"Network initialization done.");
    }

    /// <summary>The state that decides which layers of a net take part: its own, and what the options add.</summary>
    internal static NetState StateOf(NetParameter parameter, NetOptions options)
    {
        NetState state = parameter.State?.Clone() ?? new NetState();
        state.Phase = options.Phase;
        if (options.Level != 0) state.Level = options.Level;
        foreach (string stage in options.Stages)
            if (!state.Stage.Contains(stage))
                state.Stage.Add(stage);
        return state;
    }

    /// <summary>The net's name.</summary>
    public string Name { get; }

    /// <summary>TRAIN or TEST.</summary>
    public Phase Phase { get; }

    /// <summary>The device on which operators run.</summary>
    public Device Device => _context.Device;

    /// <summary>Whether the mean absolute value of every blob and parameter is logged as it is computed
    /// (debug_info).</summary>
    public bool DebugInfo { get; set; }

    /// <summary>The logger for the net's messages.</summary>
    internal ILogger Logger => _context.Logger;

    /// <summary>The seed of the net's random streams.</summary>
    public ulong Seed => _context.Seed;

    /// <summary>The layers in order, with the Split layers that were inserted.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>All blobs in the order in which layers make them.</summary>
    public IReadOnlyList<Blob> Blobs => _graph.Blobs;

    /// <summary>The tops of Input layers.</summary>
    public IReadOnlyList<Blob> Inputs => _graph.Inputs;

    /// <summary>The tops that no layer reads, sorted by name as in Caffe.</summary>
    public IReadOnlyList<Blob> Outputs { get; }

    /// <summary>The parameters that a solver updates; shared ones once.</summary>
    public IReadOnlyList<LearnableParameter> LearnableParameters => _graph.Learnable;

    /// <summary>The parameters that have a param name, by that name, the owner first.</summary>
    internal IReadOnlyDictionary<string, List<SharedParameter>> SharedParameters => _graph.Shared;

    /// <summary>The weight of an output in the net's loss; 0 where it is none.</summary>
    public float OutputLossWeight(int output) => _graph.Outputs[output].LossWeight;

    /// <summary>The bottoms of a layer.</summary>
    public IReadOnlyList<Blob> Bottoms(int layer) => _graph.Nodes[layer].Bottom;

    /// <summary>The tops of a layer.</summary>
    public IReadOnlyList<Blob> Tops(int layer) => _graph.Nodes[layer].Top;

    /// <summary>The multiply-add pairs of a layer's forward, <see cref="Layer.MultiplyAdds"/>.</summary>
    public long MultiplyAdds(int layer) =>
        _graph.Nodes[layer].Layer.MultiplyAdds(_graph.Nodes[layer].Bottom, _graph.Nodes[layer].Top);

    /// <summary>The places at which shared memory would change a result.</summary>
    internal IReadOnlyList<Hazard> Hazards => _graph.Hazards;

    /// <summary>
    /// The notes on shared memory, and on results that differ in BVLC Caffe; only for a net built for its shapes.
    /// </summary>
    internal IReadOnlyList<string> HazardNotes => _graph.HazardNotes;

    /// <summary>Whether backward visits a layer.</summary>
    public bool NeedsBackward(int layer) => _graph.Nodes[layer].NeedsBackward;

    /// <summary>Whether backward gives a bottom of a layer a gradient.</summary>
    public bool BottomNeedsBackward(int layer, int bottom) => _graph.Nodes[layer].NeedsBackward
        && _graph.Nodes[layer].BottomNeedsBackward[bottom];

    /// <summary>The blob of a name; null where there is none.</summary>
    public Blob? FindBlob(string name) => _blobsByName.Value.GetValueOrDefault(name);

    /// <summary>The layer of a name, of several the first that has parameters; null where there is none.</summary>
    public Layer? FindLayer(string name) => _layersByName.Value.GetValueOrDefault(name);

    /// <summary>Reshapes every top after the inputs have changed their shapes.</summary>
    public void Reshape()
    {
        using Turn turn = Begin();
        foreach (NetNode node in _graph.Nodes) node.Reshape();
    }

    /// <summary>Runs every layer and returns the weighted sum of the losses.</summary>
    /// <exception cref="LayerException">A layer cannot run on what it was given.</exception>
    /// <exception cref="InvalidOperationException">The net was made for its shapes only
    /// (<see cref="NetOptions.ShapesOnly"/>), or another thread uses it.</exception>
    public float Forward() => Forward(CancellationToken.None);

    /// <summary>Runs every layer and returns the weighted sum of the losses, unless it is canceled before.</summary>
    /// <param name="cancellation">Ends the run between two layers.</param>
    /// <exception cref="OperationCanceledException">It was canceled; the next run starts from the
    /// beginning.</exception> <inheritdoc cref="Forward()"/>
    public float Forward(CancellationToken cancellation)
    {
        using Turn turn = Begin();
        double loss = 0;
        for (int i = 0; i < _graph.Nodes.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            loss += RunForward(i);
        }
        return (float)loss;
    }

    /// <summary>Runs one layer and returns its part of the loss.</summary>
    /// <exception cref="LayerException">The layer cannot run on what it was given.</exception>
    /// <exception cref="InvalidOperationException">The net was made for its shapes only
    /// (<see cref="NetOptions.ShapesOnly"/>), or another thread uses it.</exception>
    public double ForwardLayer(int index)
    {
        using Turn turn = Begin();
        return RunForward(index);
    }

    /// <summary>
    /// Runs every layer backward that needs it: bottom diffs are overwritten, parameter diffs are added to
    /// (<see cref="ClearParameterDiffs"/>).
    /// </summary>
    /// <exception cref="InvalidOperationException">The net was made for forward only: phase TEST without
    /// <see cref="NetOptions.KeepAll"/>; or another thread uses it.</exception>
    public void Backward()
    {
        using Turn turn = Begin();
        if (Phase == Phase.Test && _lifetimes is not null)
            throw new InvalidOperationException("a TEST net that shares activation memory cannot run backward; build "
                + "it with KeepAll");
        FillLossDiffs();
        for (int i = _graph.Nodes.Count - 1; i >= 0; i--) RunBackward(i);
        if (DebugInfo) NetDebug.BackwardTotals(LearnableParameters, Logger);
    }

    /// <summary>Writes the loss weights into the diffs of the tops that have one: where backward begins.</summary>
    public void SetLossDiffs()
    {
        using Turn turn = Begin();
        FillLossDiffs();
    }

    /// <summary>Runs one layer backward if it needs it.</summary>
    public void BackwardLayer(int index)
    {
        using Turn turn = Begin();
        RunBackward(index);
    }

    /// <summary>Sets the gradients of all parameters to 0.</summary>
    public void ClearParameterDiffs()
    {
        using Turn turn = Begin();
        foreach (LearnableParameter parameter in LearnableParameters) parameter.Blob.Diff.Zero(Device);
    }

    /// <summary>
    /// Copies the parameters of the layers whose names are the same; layers that only one of the two nets has are left
    /// alone. A layer of a TEST net that the weights lack takes the parameters that it shares by param name with one of
    /// theirs, as a solver's test net does.
    /// </summary>
    /// <param name="source">The layers with their parameters.</param>
    /// <param name="file">What messages call them, such as the file's path.</param>
    /// <exception cref="LayerException">A layer's parameters differ in number or shape.</exception>
    /// <remarks><see cref="WeightsReport"/> tells which layers found none.</remarks>
    public void CopyTrainedLayersFrom(NetParameter source, string file = "the weights")
    {
        using Turn turn = Begin();
        StoredLayers weights = new(source, file);
        foreach (LayerParameter stored in source.Layer)
        {
            if (FindLayer(stored.Name) is not { } layer)
                Logger.Info("net.cpp", $"Ignoring source layer {stored.Name}");
            else if (weights.Find(stored.Name) is not { } kept || kept == stored)
                Copy(stored, layer, weights, file);
        }
        CopySharedFrom(weights, file);
    }

    /// <summary>
    /// Makes this net's parameters views of another's, by layer name: how a solver's test nets follow its training net.
    /// Parameters of layers that the other net lacks follow those that they share by param name.
    /// </summary>
    /// <remarks>
    /// Both nets may then run forward at once, each on a thread of its own, as long as nobody writes the parameters
    /// (<see cref="Net"/>). The other net owns them: it must not be disposed before this one's last run. It may be
    /// forgotten; the parameters stay.
    /// </remarks>
    /// <exception cref="LayerException">A layer's parameters differ in number or shape.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses one of the nets.</exception>
    public void ShareTrainedLayersWith(Net other)
    {
        if (other == this) return;
        using Turn turn = Begin();
        using Turn others = other.Begin();
        ParameterViews.Share(this, other);
    }

    /// <summary>The net with its parameters (and their gradients, when asked), to be stored.</summary>
    public NetParameter ToProto(bool withDiff = false)
    {
        using Turn turn = Begin();
        NetParameter stored = new() { Name = Name };
        foreach (Layer layer in Layers)
        {
            LayerParameter parameter = layer.Parameter.CloneWithoutBlobs();
            parameter.Param.Add(layer.Params.Select(spec => spec.Clone()));
            foreach (Blob blob in layer.Blobs) parameter.Blobs.Add(blob.ToProto(withDiff));
            stored.Layer.Add(parameter);
        }
        return stored;
    }

    /// <summary>Checks that the layers do not collide in HDF5 weights, before there is anything to write.</summary>
    /// <param name="withDiff">Whether gradients will be written too.</param>
    /// <exception cref="AtlException">Two layers' names fall together in HDF5; the message has both and their
    /// places.</exception>
    internal void CheckHdf5Names(bool withDiff) =>
        ProtoFiles.CheckHdf5Names(Layers.Select(layer => (layer.Parameter, layer.Blobs.Count)), withDiff);

    /// <summary>
    /// The state that a resumed run needs beyond the parameters: the seed and every layer's running state.
    /// </summary>
    public NetRunningState SaveState()
    {
        using Turn turn = Begin();
        NetRunningState state = new() { RandomSeed = Seed };
        foreach (Layer layer in Layers)
        {
            LayerState entry = StateOf(layer);
            if (entry.Entry.Count > 0) state.LayerState.Add(entry);
        }
        return state;
    }

    /// <summary>Takes up what <see cref="SaveState"/> wrote.</summary>
    public void LoadState(NetRunningState state)
    {
        using Turn turn = Begin();
        if (state.HasRandomSeed) _context.Seed = state.RandomSeed;
        foreach (IGrouping<string, LayerState> entries in state.LayerState.GroupBy(entry => entry.Layer))
        {
            // Layers of one name are told apart by their order.
            Layer[] layers = [.. Layers.Where(layer => layer.Name == entries.Key)];
            if (layers.Length > 1) layers = [.. layers.Where(layer => StateOf(layer).Entry.Count > 0)];
            foreach ((Layer layer, LayerState entry) in layers.Zip(entries)) layer.LoadState(entry);
            if (layers.Length == 0)
                Logger.Warning("net.cpp",
                    $"the saved state of layer '{entries.Key}' is ignored: the net has no such layer");
        }
    }

    /// <summary>Frees layers, blobs and parameters; parameters shared with another net stay that net's. Running,
    /// reading and writing are errors from then on (<see cref="ObjectDisposedException"/>).</summary>
    /// <exception cref="InvalidOperationException">Another thread uses the net, whose memory stays.</exception>
    public void Dispose()
    {
        if (_disposed) return;
        using Turn turn = Begin();
        _disposed = true;
        _graph.Dispose();
    }

    private Turn Begin()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Interlocked.CompareExchange(ref _inUse, 1, 0) != 0) throw InUse();
        return new Turn(this);
    }

    private InvalidOperationException InUse() => new(
        $"net '{Name}' is in use by another thread: give each thread a net of its own, which may share the parameters "
        + $"({nameof(ShareTrainedLayersWith)})");

    private double RunForward(int index)
    {
        if (_context.ShapesOnly) throw new InvalidOperationException("a net made for its shapes only cannot be run");
        NetNode node = _graph.Nodes[index];
        LayerGuard.Run(node.Layer.Parameter, node, static n =>
        {
            n.Reshape();
            n.Layer.Forward(n.Bottom, n.Top);
        });
        double loss = 0;
        for (int i = 0; i < node.Layer.LossWeights.Count; i++)
            if (node.Layer.LossWeights[i] != 0)
                loss += node.Layer.LossWeights[i] * (double)TensorPrimitives.Sum(node.Top[i].Data.AsReadOnlySpan());
        if (DebugInfo) NetDebug.Forward(node, Logger);
        if (Phase == Phase.Test) _lifetimes?.AfterForward(index);
        return loss;
    }

    private void RunBackward(int index)
    {
        NetNode node = _graph.Nodes[index];
        if (node.NeedsBackward)
        {
            foreach (int top in node.AddedLossWeights)
            {
                Span<float> diff = node.Top[top].Diff.AsSpan();
                TensorPrimitives.Add(diff, node.Layer.LossWeights[top], diff);
            }
            LayerGuard.Run(
                node.Layer.Parameter, node, static n => n.Layer.Backward(n.Top, n.BottomNeedsBackward, n.Bottom));
            if (DebugInfo) NetDebug.Backward(node, Logger);
        }
        _lifetimes?.AfterBackward(index);
    }

    private void FillLossDiffs()
    {
        foreach (NetNode node in _graph.Nodes)
            for (int i = 0; i < node.Layer.LossWeights.Count; i++)
                if (node.Layer.LossWeights[i] != 0 && !node.AddedLossWeights.Contains(i))
                    node.Top[i].Diff.Fill(node.Layer.LossWeights[i]);
    }

    private Dictionary<string, Layer> NameLayers()
    {
        Dictionary<string, Layer> layers = new(StringComparer.Ordinal);
        foreach (Layer layer in Layers)
            if (!layers.TryAdd(layer.Name, layer) && layers[layer.Name].Blobs.Count == 0 && layer.Blobs.Count > 0)
                layers[layer.Name] = layer;
        return layers;
    }

    private Dictionary<string, Blob> NameBlobs()
    {
        Dictionary<string, Blob> blobs = new(StringComparer.Ordinal);
        foreach (Blob blob in Blobs) blobs.TryAdd(blob.Name, blob);
        return blobs;
    }

    private static LayerState StateOf(Layer layer)
    {
        LayerState state = new() { Layer = layer.Name };
        layer.SaveState(state);
        return state;
    }

    private void Copy(LayerParameter stored, Layer layer, StoredLayers weights, string file)
    {
        bool lacks = Enumerable.Range(0, layer.Blobs.Count).Any(i => StoredLayers.IsAbsent(stored, i)
            && !ComesFromASharer(layer, i, weights));
        if (stored.Blobs.Count > layer.Blobs.Count || lacks)
        {
            int given = Enumerable.Range(0, stored.Blobs.Count).Count(i => !StoredLayers.IsAbsent(stored, i));
            bool shares = lacks && layer.Params.Any(param => param.Name.Length > 0);
            throw new LayerException(layer.Parameter,
                $"{file}: {given} parameters for this layer, the net has {layer.Blobs.Count}"
                + (shares
                    ? "; Caffe's HDF5 weights hold a shared parameter with its owner alone, which must be in the "
                        + "net too" : ""));
        }
        for (int i = 0; i < stored.Blobs.Count; i++)
        {
            if (StoredLayers.IsAbsent(stored, i)) continue;
            if (StoredBlobs.FindFault(stored.Blobs[i]) is { } fault)
                throw new LayerException(layer.Parameter, $"{file}: blobs[{i}].{fault}");
            if (!layer.Blobs[i].ShapeEquals(stored.Blobs[i]))
                throw new LayerException(
                    layer.Parameter,
                    $"cannot copy parameter {i} of {file}: the weights' shape is {stored.Blobs[i].StoredShape()}, "
                        + $"the net's is {layer.Blobs[i].Shape}; "
                    + "to learn this layer from scratch rather than copy it, give it another name");
            stored.Blobs[i].CopyDataTo(layer.Blobs[i].Data);
        }
    }

    // HDF5 weights hold a shared parameter once, with its owner.
    private bool ComesFromASharer(Layer layer, int index, StoredLayers weights) =>
        SharedParameters.Values.FirstOrDefault(sharers => sharers.Contains(new SharedParameter(layer, index)))?.Exists(
            weights.Holds) == true;

    private void CopySharedFrom(StoredLayers weights, string file)
    {
        foreach ((string name, SharedParameter owner, BlobProto values) in weights.TakenByParamName(this))
        {
            if (values.StoredShape().Count != owner.Blob.Count)
                throw new LayerException(owner.Layer.Parameter,
                    $"cannot copy the shared parameter '{name}' of {file}: the weights' shape is "
                    + $"{values.StoredShape()}, the net's is {owner.Blob.Shape}");
            values.CopyDataTo(owner.Blob.Data);
            Logger.Info("net.cpp",
                $"Parameter {owner.Index} of layer {owner.Layer.Name} is taken from the weights by its param "
                + $"name '{name}'");
        }
    }

    /// <summary>One thread's use of the net, from <see cref="Begin"/> to its end.</summary>
    private readonly ref struct Turn(Net net)
    {
        public void Dispose()
        {
            Volatile.Write(ref net._inUse, 0);
            // Layers' native code has worked on the memory of blobs that the net alone may hold.
            GC.KeepAlive(net);
        }
    }
}
