using Atl.Layers;

namespace Atl.Nets;

/// <summary>
/// Finds where a built net would change a value or a gradient by sharing memory. It follows each blob's values
/// through the layers in order: a layer in place makes a new value in the old one's memory, a view (Flatten, Reshape,
/// Split, Concat and Slice of one) a second value there. Memory may be written over only when no value in it is
/// needed any more, by a later layer, by the backward of a layer, or by the caller.
/// </summary>
/// <param name="nodes">The layers, shaped, with what backward must reach.</param>
/// <param name="reads">What a layer's backward reads, given whether it runs in place.</param>
/// <param name="withBackward">Whether backward may follow forward.</param>
/// <param name="isShown">Whether the caller looks at a blob after forward.</param>
internal sealed class HazardScan(
    IReadOnlyList<NetNode> nodes, Func<Layer, bool, BackwardReads> reads, bool withBackward, Predicate<Blob> isShown)
{
    private readonly Dictionary<Blob, Value> _current = [];
    private readonly Dictionary<Blob, List<int>> _readers = [];
    private readonly List<Hazard> _hazards = [];

    /// <summary>The hazards, in the order of the layers.</summary>
    public IReadOnlyList<Hazard> Find()
    {
        for (int i = 0; i < nodes.Count; i++)
        {
            foreach (Blob blob in nodes[i].Bottom)
            {
                if (!_readers.TryGetValue(blob, out List<int>? readers)) _readers[blob] = readers = [];
                readers.Add(i);
            }
        }
        for (int i = 0; i < nodes.Count; i++) Visit(i);
        return _hazards;
    }

    private void Visit(int index)
    {
        NetNode node = nodes[index];
        Value[] read = [.. node.Bottom.Select(blob => _current[blob])];
        Value[] made = new Value[node.Top.Count];
        bool[] overwritten = new bool[read.Length];
        for (int i = 0; i < made.Length; i++)
        {
            Blob top = node.Top[i];
            int source = node.Bottom.IndexOf(top);
            int viewed = source >= 0 ? -1 : node.Bottom.FindIndex(bottom => bottom.Data.Memory == top.Data.Memory);
            List<HazardVictim> victims = source >= 0 ? FindVictims(index, source, read) : [];
            if (source >= 0 && !Resolve(index, i, source, victims))
            {
                overwritten[source] = true;
                made[i] = Overwrite(index, top, read[source]);
            }
            else
            {
                // A top in place that gets memory of its own still has its diff in place, unless it is the diff that
                // must be apart.
                bool sharesDiff = viewed >= 0 ? top.Diff.Memory == node.Bottom[viewed].Diff.Memory
                    : source >= 0 && !victims.Exists(static victim => victim.Kind == HazardKind.Gradient);
                made[i] = new Value(viewed >= 0 ? read[viewed].Storage : new Storage(), index, top)
                {
                    IsFilledOnce = node.Layer.KeepsTop(i),
                    SharesDiffWith = sharesDiff ? read[Math.Max(viewed, source)] : null,
                };
                made[i].Storage.Values.Add(made[i]);
                if (viewed >= 0 && sharesDiff) CheckDiff(index, i, viewed, read[viewed]);
            }
            CheckLossWeight(index, i);
        }
        for (int i = 0; i < made.Length; i++) _current[node.Top[i]] = made[i];
        if (withBackward && node.NeedsBackward) AddNeeds(node, read, made, overwritten);
    }

    // What is needed of the old value that the new one has, too, is needed of that from now on.
    private Value Overwrite(int index, Blob top, Value old)
    {
        Value value = new(old.Storage, index, top) { SharesDiffWith = old };
        value.Needs.AddRange(old.Needs.Where(need => IsLeft(need, nodes[index])));
        old.Storage.Values.Clear();
        old.Storage.Values.Add(value);
        return value;
    }

    private static bool IsLeft(Need need, NetNode writer) => need.IsSign && writer.Layer.KeepsSign;

    // What a layer in place would destroy, were it to run there.
    private List<HazardVictim> FindVictims(int index, int bottom, Value[] read)
    {
        NetNode node = nodes[index];
        Value own = read[bottom];
        List<HazardVictim> victims = [];
        foreach (Value value in own.Storage.Values)
        {
            if (value.IsFilledOnce) Add(HazardKind.FilledOnce, nodes[value.Maker]);
            if (value != own && _current[value.Blob] == value)
            {
                List<int> readers = _readers.GetValueOrDefault(value.Blob) ?? [];
                foreach (int reader in readers.Where(reader => reader > index))
                    Add(HazardKind.LaterReader, nodes[reader]);
                if (!readers.Exists(reader => reader > value.Maker)) Add(HazardKind.Output, null);
                else if (isShown(value.Blob)) Add(HazardKind.Shown, null);
                if (read.Contains(value)) Add(HazardKind.OwnBottom, node);
            }
            foreach (Need need in value.Needs.Where(need => !IsLeft(need, node)))
                Add(need.IsResult ? HazardKind.Result : HazardKind.Argument, need.Node);

            void Add(HazardKind kind, NetNode? who) => victims.Add(new HazardVictim(kind, who?.Layer, value.Blob));
        }
        if (withBackward && node.NeedsBackward && !node.BottomNeedsBackward[bottom] && ReaderOfDiff(own) is { } maker)
            victims.Add(new HazardVictim(HazardKind.Gradient, maker.Layer, own.Blob));
        return victims;
    }

    // Notes a hazard; true where the top must have memory of its own.
    private bool Resolve(int index, int top, int bottom, List<HazardVictim> victims)
    {
        if (victims.Count == 0) return false;
        List<Value> values = _current[nodes[index].Bottom[bottom]].Storage.Values;
        Need[] needs = [.. values.SelectMany(value => value.Needs).Where(need => !IsLeft(need, nodes[index]))];
        bool canSwitch = needs.Length == victims.Count
            && Array.TrueForAll(needs, need => need.Instead is { IsLive: true });
        HazardRemedy remedy = canSwitch ? HazardRemedy.ReadBottom : HazardRemedy.OwnMemory;
        _hazards.Add(new Hazard(index, top, bottom, remedy, victims));
        if (canSwitch)
            foreach (Need need in needs) need.Instead!.Needs.Add(new Need(need.Node, IsResult: false));
        return !canSwitch;
    }

    // A view whose diff is its bottom's passes the gradient whatever propagate_down says.
    private void CheckDiff(int index, int top, int bottom, Value source)
    {
        NetNode node = nodes[index];
        if (!withBackward || (node.NeedsBackward && node.BottomNeedsBackward[bottom])) return;
        if (!IsDiffWritten(node.Top[top], index)) return;
        if (ReaderOfDiff(source) is not { } maker) return;
        HazardVictim victim = new(HazardKind.Gradient, maker.Layer, source.Blob);
        _hazards.Add(new Hazard(index, top, bottom, HazardRemedy.OwnDiff, [victim]));
    }

    // Splits give an explicit loss weight a copy of its own; the weight that a loss has by default is in the top
    // itself.
    private void CheckLossWeight(int index, int top)
    {
        Blob blob = nodes[index].Top[top];
        if (!withBackward || nodes[index].LossWeight(top) == 0 || !GetsGradient(blob, index)) return;
        HazardVictim victim = new(HazardKind.LossWeight, nodes[index].Layer, blob);
        _hazards.Add(new Hazard(index, top, -1, HazardRemedy.AddLossWeight, [victim]));
    }

    // The layer that takes a value's diff for its top's; null where none runs backward.
    private NetNode? ReaderOfDiff(Value value)
    {
        for (Value? below = value; below is not null; below = below.SharesDiffWith)
            if (nodes[below.Maker].NeedsBackward) return nodes[below.Maker];
        return null;
    }

    // Whether a view's diff is written: by a reader, by a loss weight, or for what a layer in place makes of it.
    private bool IsDiffWritten(Blob blob, int from) =>
        Enumerable.Range(from, nodes.Count - from).Any(i => GetsGradient(blob, i)
            || nodes[i].LossWeight(nodes[i].Top.IndexOf(blob)) != 0);

    // Whether the next reader of a blob writes its diff.
    private bool GetsGradient(Blob blob, int after)
    {
        int next = _readers.GetValueOrDefault(blob)?.Find(reader => reader > after) ?? 0;
        if (next == 0) return false;
        NetNode reader = nodes[next];
        return reader.NeedsBackward && reader.BottomNeedsBackward[reader.Bottom.IndexOf(blob)];
    }

    private void AddNeeds(NetNode node, Value[] read, Value[] made, bool[] overwritten)
    {
        BackwardReads wanted = reads(node.Layer, overwritten.Contains(true));
        bool sign = wanted.HasFlag(BackwardReads.SignOfTops);
        for (int i = 0; i < read.Length; i++)
        {
            if (!wanted.HasFlag(i == 0 ? BackwardReads.FirstBottom : BackwardReads.OtherBottoms)) continue;
            Value value = overwritten[i] ? made[node.Top.IndexOf(node.Bottom[i])] : read[i];
            value.Needs.Add(new Need(node, IsResult: overwritten[i]) { IsSign = overwritten[i] && sign });
        }
        if (wanted.HasFlag(BackwardReads.Tops))
            foreach (Value value in made) value.Needs.Add(new Need(node, IsResult: true) { IsSign = sign });
        if (wanted.HasFlag(BackwardReads.TopOrBottom))
        {
            Value? instead = overwritten[0] ? null : read[0];
            made[0].Needs.Add(new Need(node, IsResult: true) { IsSign = sign, Instead = instead });
        }
    }

    /// <summary>A backward that reads a value, and the value that would do as well.</summary>
    private sealed record Need(NetNode Node, bool IsResult)
    {
        public bool IsSign { get; init; }

        public Value? Instead { get; init; }
    }

    /// <summary>What a layer wrote to a blob.</summary>
    private sealed class Value(Storage storage, int maker, Blob blob)
    {
        public Storage Storage { get; } = storage;

        public int Maker { get; } = maker;

        public Blob Blob { get; } = blob;

        public bool IsLive => Storage.Values.Contains(this);

        public bool IsFilledOnce { get; init; }

        public Value? SharesDiffWith { get; init; }

        public List<Need> Needs { get; } = [];
    }

    /// <summary>Memory, and the values that it holds at present.</summary>
    private sealed class Storage
    {
        public List<Value> Values { get; } = [];
    }
}
