using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Atl.Layers;
using Atl.Logging;
using Atl.Proto;

namespace Atl.Nets;

/// <summary>
/// Turns a net's message into a graph of connected layers: tops made, parameters shared, what backward must reach found
/// out, and hazards of shared memory resolved.
/// </summary>
internal sealed class NetBuilder(NetParameter net, NetOptions options, LayerContext context)
{
    private readonly Dictionary<string, NamedBlob> _blobs = new(net.Layer.Count, StringComparer.Ordinal);
    // By the blobs' numbers.
    private readonly List<bool> _needsBackward = [];
    private readonly ParameterSharing _parameters = new();
    private readonly LayerNames _names = new(options.Logger);
    private readonly List<NetNode> _nodes = new(net.Layer.Count);
    private readonly List<Blob> _made = [], _superseded = [], _inputs = [];
    private readonly List<(Blob Blob, float LossWeight)> _outputs = [];
    private readonly List<string> _hazardNotes = [];
    private IReadOnlyList<Hazard> _hazards = [];

    // The tops that no layer has read so far.
    private IEnumerable<string> Unread => _blobs.Where(named => named.Value.IsUnread).Select(named => named.Key);

    /// <summary>Builds the graph; once. What was built is freed where a layer fails.</summary>
    /// <exception cref="LayerException">A layer does not fit its parameters, bottoms or tops.</exception>
    /// <exception cref="NetException">The message as a whole does not fit.</exception>
    public LayerGraph Build()
    {
        try
        {
            Connect();
            options.Tamper?.Invoke(_nodes);
            TellLayers();
        }
        catch
        {
            // What kept the net from being built says more than what then failed to close.
            LayerGraph.Free(_nodes, _made.Concat(_superseded));
            throw;
        }
        return new LayerGraph
        {
            Nodes = [.. _nodes],
            Blobs = [.. _made],
            Superseded = [.. _superseded],
            Inputs = [.. _inputs],
            Outputs = [.. _outputs],
            Learnable = _parameters.Learnable,
            Shared = _parameters.Named,
            Hazards = _hazards,
            HazardNotes = [.. _hazardNotes],
        };
    }

    private void Connect()
    {
        foreach (LayerParameter parameter in net.Layer) Add(parameter);
        FindWhatBackwardMustReach();
        if (net.ForceBackward) ForceBackward();
        CheckBackwardIsPossible();
        LogBackward();
        ResolveHazards();
        FindOutputs();
    }

    // What a layer must know of the net around it.
    private void TellLayers()
    {
        bool forwardOnly = options.Phase == Phase.Test && !options.KeepAll;
        foreach (NetNode node in _nodes) node.Layer.NeedsBackward = node.NeedsBackward && !forwardOnly;
        CosineLogits.Tell(_nodes, _made.Count + _superseded.Count);
        foreach (NetNode node in _nodes) node.EndBuilding();
    }

    private void FindOutputs()
    {
        string[] names = [.. Unread];
        Array.Sort(names, StringComparer.Ordinal);
        // Of the last layer that has the blob as a top, by the blobs' numbers.
        float[] lossWeights = new float[_made.Count + _superseded.Count];
        foreach (NetNode node in _nodes)
            for (int i = 0; i < node.Top.Count; i++) lossWeights[node.Top[i].Index] = node.LossWeight(i);
        foreach (string name in names)
        {
            Blob blob = _blobs[name].Blob;
            _outputs.Add((blob, lossWeights[blob.Index]));
            options.Logger.Info("net_builder.cpp", $"This network produces output {name}");
        }
    }

    private void Add(LayerParameter parameter)
    {
        // Layers of other assemblies may read it from the message; Atl's own ask, and where the net is never run their
        // messages are those of the file.
        bool isOwn = LayerRegistry.IsOwn(parameter.Type);
        if (!isOwn) options.PhaseWatch.Ask();
        if (!parameter.HasPhase && (!isOwn || !options.ShapesOnly)) parameter.Phase = options.Phase;
        if (parameter.PropagateDown.Count > 0 && parameter.PropagateDown.Count != parameter.Bottom.Count)
            throw new LayerException(parameter,
                $"propagate_down must be given once for each bottom ({parameter.Bottom.Count}) or not at all, found "
                    + $"{parameter.PropagateDown.Count}");
        Layer layer = LayerRegistry.Create(parameter, context);
        _names.Add(layer);
        options.Logger.Info("net_builder.cpp", $"Creating Layer {parameter.Name}");
        NetNode node = new(layer);
        _nodes.Add(node);
        for (int i = 0; i < parameter.Bottom.Count; i++) AddBottom(node, i);
        for (int i = 0; i < parameter.Top.Count; i++) AddTop(node, parameter.Top[i], i);
        if (layer.AutoTops)
            while (node.Top.Count < layer.Tops.Min) AddTop(node, "(automatic)", node.Top.Count);
        Initialize(node);
        options.Logger.Info("net_builder.cpp", $"Setting up {parameter.Name}");
        foreach (Blob top in node.Top) options.Logger.Info("net_builder.cpp", $"Top shape: {top.Shape}");
        _names.Check(layer);
        AddParameters(node);
        if (node.NeedsBackward)
            foreach (Blob top in node.Top) _needsBackward[top.Index] = true;
        if (parameter.Type == "Input") _inputs.AddRange(node.Top);
    }

    // Bottoms that do not fit one another are told apart by who made them.
    private void Initialize(NetNode node)
    {
        try
        {
            node.Layer.Initialize(node.Bottom, node.Top);
        }
        catch (LayerException e)
        {
            string origins = node.Bottom.Count > 1
                ? $" (the bottoms are {string.Join(", ", node.Bottom.Select(Origin))})" : "";
            throw new LayerException(node.Layer.Parameter, e.Reason + origins, e)
            {
                Bottoms = [.. node.Bottom.Select(blob => new BlobSummary(Original(blob).Blob.Name, [.. blob.Shape]))],
            };
        }
    }

    private string Origin(Blob blob)
    {
        (Blob original, LayerParameter producer) = Original(blob);
        return $"'{original.Name}' {original.Shape} from layer '{producer.Name}'";
    }

    // The blob as the prototxt has it: copies by Split are what they copy.
    private (Blob Blob, LayerParameter Producer) Original(Blob blob)
    {
        NamedBlob original = _blobs[blob.Name];
        while (original.Producer.Type == "Split") original = _blobs[original.Producer.Bottom[0]];
        return (original.Blob, original.Producer);
    }

    private void AddBottom(NetNode node, int index)
    {
        LayerParameter parameter = node.Layer.Parameter;
        string name = parameter.Bottom[index];
        ref NamedBlob named = ref CollectionsMarshal.GetValueRefOrNullRef(_blobs, name);
        if (Unsafe.IsNullRef(ref named) || !named.IsUnread)
            throw new LayerException(parameter,
                $"unknown bottom blob '{name}' (bottom {index}){NearestName.Hint(name, Unread)}");
        named.IsUnread = false;
        Blob blob = named.Blob;
        options.Logger.Info("net_builder.cpp", $"{parameter.Name} <- {name}");
        node.Bottom.Add(blob);
        bool upstream = _needsBackward[blob.Index];
        node.NeedsBackward |= upstream;
        bool wanted = parameter.PropagateDown.Count > 0 ? parameter.PropagateDown[index] : upstream;
        node.BottomNeedsBackward.Add(wanted && !node.Layer.LeavesWithoutGradient(index));
    }

    private void AddTop(NetNode node, string name, int index)
    {
        LayerParameter parameter = node.Layer.Parameter;
        bool named = index < parameter.Top.Count;
        if (named && index < parameter.Bottom.Count && parameter.Bottom[index] == name)
        {
            options.Logger.Info("net_builder.cpp", $"{parameter.Name} -> {name} (in-place)");
            node.Top.Add(node.Bottom[index]);
            CollectionsMarshal.GetValueRefOrNullRef(_blobs, name).IsUnread = true;
        }
        else
        {
            Blob blob = new(Shape.Scalar, name) { Index = _made.Count };
            if (named) Name(blob, parameter, index);
            options.Logger.Info("net_builder.cpp", $"{parameter.Name} -> {name}");
            _made.Add(blob);
            _needsBackward.Add(false);
            node.Top.Add(blob);
        }
    }

    private void Name(Blob top, LayerParameter producer, int index)
    {
        ref NamedBlob named = ref CollectionsMarshal.GetValueRefOrAddDefault(_blobs, top.Name, out bool isTaken);
        if (isTaken)
            throw new LayerException(producer, WhyNotInPlace(producer, top.Name, index)
                ?? $"top blob '{top.Name}' is already the top of {Describe(named.Producer)}; give this layer's top "
                    + "another name");
        named = new NamedBlob(top, producer, IsUnread: true);
    }

    // Null where the layer does not read what it would write.
    private string? WhyNotInPlace(LayerParameter parameter, string name, int index)
    {
        int bottom = parameter.Bottom.IndexOf(name);
        if (bottom >= 0)
            return $"top {index} is bottom {bottom} ('{name}'): an in-place layer has its blob as top and bottom of "
                + $"the same index; give top {index} another name";
        LayerParameter? split = net.Layer.FirstOrDefault(layer => layer.Type == "Split" && layer.Bottom[0] == name
            && layer.Top.Any(parameter.Bottom.Contains));
        if (split is null) return null;
        string[] readers = [.. net.Layer.Where(layer => layer != parameter && layer.Bottom.Any(split.Top.Contains))
            .Select(Describe)];
        string by = readers.Length > 0 ? string.Join(" and ", readers)
            : split.LossWeight.Count > 0 ? "the loss (it has a loss_weight)" : "another bottom of this layer";
        return $"cannot write '{name}' in place, because it is read by {by} too; give this layer's top a name of "
            + "its own, and its readers that name";
    }

    private static string Describe(LayerParameter layer) =>
        $"{SourceMap.Prefix(layer)}layer '{layer.Name}' ({layer.Type})";

    private void AddParameters(NetNode node)
    {
        Layer layer = node.Layer;
        if (layer.Params.Count > layer.Blobs.Count)
            throw new LayerException(layer.Parameter,
                $"has {layer.Blobs.Count} parameters, found {layer.Params.Count} param entries");
        for (int i = 0; i < layer.Blobs.Count; i++)
        {
            bool learned = i >= layer.Params.Count || layer.Params[i].LrMult != 0;
            node.NeedsBackward |= learned;
            layer.SetParamPropagateDown(i, learned);
            _parameters.Add(layer, i);
        }
    }

    // Backward is needed where a parameter learns from a loss: from each loss up, down to the last blob below which
    // something learns.
    private void FindWhatBackwardMustReach()
    {
        // By the blobs' numbers.
        bool[] underLoss = new bool[_made.Count], skipped = new bool[_made.Count];
        for (int n = _nodes.Count - 1; n >= 0; n--)
        {
            NetNode node = _nodes[n];
            bool contributes = false, skips = true;
            for (int i = 0; i < node.Top.Count; i++)
            {
                contributes |= node.LossWeight(i) != 0 || underLoss[node.Top[i].Index];
                // A loss whose reader stops the gradient still has its own.
                skips &= skipped[node.Top[i].Index] && node.LossWeight(i) == 0;
            }
            if (node.NeedsBackward && skips)
            {
                node.NeedsBackward = false;
                for (int i = 0; i < node.Bottom.Count; i++) node.BottomNeedsBackward[i] = false;
            }
            if (!contributes) node.NeedsBackward = false;
            for (int i = 0; i < node.Bottom.Count; i++)
            {
                if (contributes)
                    underLoss[node.Bottom[i].Index] = true;
                else
                    node.BottomNeedsBackward[i] = false;
                if (!node.BottomNeedsBackward[i]) skipped[node.Bottom[i].Index] = true;
            }
        }
    }

    private void ForceBackward()
    {
        foreach (NetNode node in _nodes)
        {
            node.NeedsBackward = true;
            for (int i = 0; i < node.Bottom.Count; i++)
                node.BottomNeedsBackward[i] |= node.Layer.CanPropagateDown(i);
            for (int i = 0; i < node.Layer.Blobs.Count; i++) node.Layer.SetParamPropagateDown(i, true);
        }
    }

    private void CheckBackwardIsPossible()
    {
        foreach (NetNode node in _nodes)
            for (int i = 0; i < node.Bottom.Count; i++)
                if (node.NeedsBackward && node.BottomNeedsBackward[i] && !node.Layer.CanPropagateDown(i))
                    throw new LayerException(
                        node.Layer.Parameter,
                        $"bottom {i} ('{node.Bottom[i].Name}') gets no gradient, but an earlier layer learns; set "
                            + "propagate_down: false for this bottom if no gradient is needed");
    }

    // Where a layer in place would destroy what is still needed, its top gets memory of its own.
    private void ResolveHazards()
    {
        bool withBackward = options.Phase == Phase.Train || options.KeepAll;
        bool IsShown(Blob blob) => !options.ShapesOnly && (options.KeepAll || options.Keep.Contains(blob.Name));
        BlobReaders readers = new(_nodes, _made.Count);
        _hazards = new HazardScan(
            _nodes, readers, static (layer, inPlace) => layer.ReadInBackward(inPlace), withBackward, IsShown).Find();
        HazardNotes notes = new(_nodes, readers);
        if (options.ShapesOnly) _hazardNotes.AddRange(notes.Of(_hazards, withBackward));
        if (options.IgnoreHazards || _hazards.Count == 0) return;
        foreach (Hazard hazard in _hazards)
            options.Logger.Info("net_builder.cpp", $"{notes.Describe(hazard, differsInBvlc: false)}");
        Dictionary<Blob, int> places = [];
        for (int i = 0; i < _made.Count; i++) places.Add(_made[i], i);
        foreach ((Blob old, Blob later) in HazardRemedies.Apply(_hazards, _nodes, _made.Count))
        {
            _superseded.Add(old);
            int place = places[old];
            _made[place] = later;
            places[later] = place;
            _blobs[old.Name] = _blobs[old.Name] with { Blob = later };
        }
    }

    private void LogBackward()
    {
        for (int i = _nodes.Count - 1; i >= 0; i--)
        {
            NetNode node = _nodes[i];
            options.Logger.Info("net_builder.cpp",
                $"{node.Layer.Name} {(node.NeedsBackward ? "needs" : "does not need")} backward computation.");
        }
    }

    /// <summary>The blob of a name, the layer that makes it, and whether no layer has read it so far.</summary>
    private record struct NamedBlob(Blob Blob, LayerParameter Producer, bool IsUnread);
}
