using Atl.Layers;

namespace Atl.Nets;

/// <summary>
/// Finds where a built net would change a value or a gradient by sharing memory. It follows each blob's values
/// through the layers in order: a layer in place makes a new value in the old one's memory, a view (Flatten, Reshape,
/// Split, Concat and Slice of one) a second value there. Memory may be written over only when no value in it is
/// needed any more, by a later layer, by the backward of a layer, or by the caller.
/// </summary>
/// <remarks>
/// The time grows as the net does: values that nobody can need any more are forgotten, and of those that a layer
/// would write over no more than <see cref="MostVictims"/> are looked for.
/// </remarks>
/// <param name="nodes">The layers, shaped, with what backward must reach.</param>
/// <param name="reads">What a layer's backward reads, given whether it runs in place.</param>
/// <param name="withBackward">Whether backward may follow forward.</param>
/// <param name="isShown">Whether the caller looks at a blob after forward.</param>
internal sealed class HazardScan(
    IReadOnlyList<NetNode> nodes, Func<Layer, bool, BackwardReads> reads, bool withBackward, Predicate<Blob> isShown)
{
    /// <summary>The most victims of one hazard that are looked for.</summary>
    public const int MostVictims = 32;

    private readonly Dictionary<Blob, Value> _current = [];
    private readonly Dictionary<Blob, List<Reader>> _readers = [];
    private readonly List<Hazard> _hazards = [];

    /// <summary>The hazards, in the order of the layers.</summary>
    public IReadOnlyList<Hazard> Find()
    {
        for (int i = 0; i < nodes.Count; i++)
        {
            for (int j = 0; j < nodes[i].Bottom.Count; j++)
            {
                Blob blob = nodes[i].Bottom[j];
                if (!_readers.TryGetValue(blob, out List<Reader>? readers)) _readers[blob] = readers = [];
                readers.Add(new Reader(i, j));
            }
        }
        for (int i = 0; i < nodes.Count; i++) Visit(i);
        return _hazards;
    }

    private void Visit(int index)
    {
        NetNode node = nodes[index];
        Value[] read = [.. node.Bottom.Select(blob => _current[blob])];
        foreach (Value value in read) value.LastRead = index;
        Value[] made = new Value[node.Top.Count];
        Value?[] overwrittenBy = new Value?[read.Length];
        BottomPlaces bottoms = new(node.Bottom);
        for (int i = 0; i < made.Length; i++)
        {
            Blob top = node.Top[i];
            int source = bottoms.IndexOf(top);
            int viewed = source >= 0 ? -1 : bottoms.IndexOfMemory(top);
            List<HazardVictim> victims = [];
            if (source >= 0 && !Resolve(index, i, source, read, victims))
            {
                overwrittenBy[source] = made[i] = Overwrite(index, top, read[source]);
            }
            else
            {
                // A top in place that gets memory of its own still has its diff in place, unless it is the diff that
                // must be apart.
                bool sharesDiff = viewed >= 0 ? top.Diff.Memory == node.Bottom[viewed].Diff.Memory
                    : source >= 0 && !victims.Exists(static victim => victim.Kind == HazardKind.Gradient);
                Storage storage = viewed >= 0 ? read[viewed].Storage : new Storage();
                made[i] = MakeValue(storage, index, top, sharesDiff ? read[Math.Max(viewed, source)] : null);
                made[i].IsFilledOnce = node.Layer.KeepsTop(i);
                if (viewed >= 0 && sharesDiff) CheckDiff(index, i, viewed, read[viewed]);
            }
            CheckLossWeight(index, i);
        }
        for (int i = 0; i < made.Length; i++) _current[node.Top[i]] = made[i];
        if (withBackward && node.NeedsBackward) AddNeeds(node, read, made, overwrittenBy);
    }

    private Value MakeValue(Storage storage, int maker, Blob blob, Value? sharesDiffWith)
    {
        Value value = new(storage, maker, blob)
        {
            ReaderOfDiff = nodes[maker].NeedsBackward ? nodes[maker] : sharesDiffWith?.ReaderOfDiff,
        };
        storage.List(value);
        return value;
    }

    // What is needed of the old value that the new one has, too, is needed of that from now on: a sign that is kept.
    // (What else was needed was switched to another value, or the layer would not run in place.)
    private Value Overwrite(int index, Blob top, Value old)
    {
        foreach (Value value in old.Storage.Values) value.IsLive = false;
        old.Storage.Values.Clear();
        Value made = MakeValue(old.Storage, index, top, old);
        if (nodes[index].Layer.KeepsSign) made.SignNeeds = old.SignNeeds;
        return made;
    }

    // Notes the hazard of a layer in place; true where the top must have memory of its own.
    private bool Resolve(int index, int top, int bottom, Value[] read, List<HazardVictim> victims)
    {
        NetNode node = nodes[index];
        Value own = read[bottom];
        List<Need> needs = [];
        FindVictims(index, own, victims, needs);
        if (withBackward && node.NeedsBackward && !node.BottomNeedsBackward[bottom] && own.ReaderOfDiff is { } maker)
            victims.Add(new HazardVictim(HazardKind.Gradient, maker.Layer, own.Blob));
        if (victims.Count == 0) return false;
        bool canSwitch = victims.Count < MostVictims && needs.Count == victims.Count
            && needs.TrueForAll(static need => need.Instead is { IsLive: true });
        HazardRemedy remedy = canSwitch ? HazardRemedy.ReadBottom : HazardRemedy.OwnMemory;
        _hazards.Add(new Hazard(index, top, bottom, remedy, victims));
        if (canSwitch)
            foreach (Need need in needs)
            {
                need.Instead!.Needs.Add(new Need(need.Node, IsResult: false));
                need.Instead.Storage.List(need.Instead);
            }
        return !canSwitch;
    }

    // What a layer in place would destroy, were it to run there; values that nobody needs any more are forgotten.
    private void FindVictims(int index, Value own, List<HazardVictim> victims, List<Need> needs)
    {
        LinkedList<Value> values = own.Storage.Values;
        for (LinkedListNode<Value>? at = values.First; at is not null && victims.Count < MostVictims;)
        {
            Value value = at.Value;
            LinkedListNode<Value>? next = at.Next;
            if (value != own && IsDone(value, index))
                own.Storage.Forget(value, at);
            else
                AddVictims(index, own, value, victims, needs);
            at = next;
        }
    }

    private void AddVictims(int index, Value own, Value value, List<HazardVictim> victims, List<Need> needs)
    {
        NetNode node = nodes[index];
        if (value.IsFilledOnce) Add(HazardKind.FilledOnce, nodes[value.Maker]);
        if (value != own && _current[value.Blob] == value)
        {
            List<Reader> readers = _readers.GetValueOrDefault(value.Blob) ?? [];
            for (int i = FirstAfter(readers, index); i < readers.Count && victims.Count < MostVictims; i++)
                Add(HazardKind.LaterReader, nodes[readers[i].Node]);
            if (readers.Count == 0 || readers[^1].Node <= value.Maker) Add(HazardKind.Output, null);
            else if (isShown(value.Blob)) Add(HazardKind.Shown, null);
            if (value.LastRead == index) Add(HazardKind.OwnBottom, node);
        }
        AddNeeded(value.Needs);
        if (!node.Layer.KeepsSign) AddNeeded(value.SignNeeds);

        void AddNeeded(List<Need> needed)
        {
            for (int i = 0; i < needed.Count && victims.Count < MostVictims; i++)
            {
                needs.Add(needed[i]);
                Add(needed[i].IsResult ? HazardKind.Result : HazardKind.Argument, needed[i].Node);
            }
        }

        void Add(HazardKind kind, NetNode? who) => victims.Add(new HazardVictim(kind, who?.Layer, value.Blob));
    }

    // Whether no layer from this one on can need a value: all have read it, and no backward will.
    private bool IsDone(Value value, int index)
    {
        if (value.IsFilledOnce || value.Needs.Count > 0 || value.SignNeeds.Count > 0) return false;
        if (_current[value.Blob] != value) return true;
        List<Reader> readers = _readers.GetValueOrDefault(value.Blob) ?? [];
        return readers.Count > 0 && readers[^1].Node > value.Maker && readers[^1].Node < index && !isShown(value.Blob);
    }

    // A view whose diff is its bottom's passes the gradient whatever propagate_down says.
    private void CheckDiff(int index, int top, int bottom, Value source)
    {
        NetNode node = nodes[index];
        if (!withBackward || (node.NeedsBackward && node.BottomNeedsBackward[bottom])) return;
        if (source.ReaderOfDiff is not { } maker || !IsDiffWritten(index, top)) return;
        HazardVictim victim = new(HazardKind.Gradient, maker.Layer, source.Blob);
        _hazards.Add(new Hazard(index, top, bottom, HazardRemedy.OwnDiff, [victim]));
    }

    // Splits give an explicit loss weight a copy of its own; the weight that a loss has by default is in the top
    // itself.
    private void CheckLossWeight(int index, int top)
    {
        if (!withBackward || nodes[index].LossWeight(top) == 0) return;
        Blob blob = nodes[index].Top[top];
        if (!_readers.TryGetValue(blob, out List<Reader>? readers)) return;
        int next = FirstAfter(readers, index);
        if (next == readers.Count || !GivesGradient(readers[next])) return;
        HazardVictim victim = new(HazardKind.LossWeight, nodes[index].Layer, blob);
        _hazards.Add(new Hazard(index, top, -1, HazardRemedy.AddLossWeight, [victim]));
    }

    // Whether a view's diff is written: by a reader, by a loss weight, or for what a layer in place makes of it.
    private bool IsDiffWritten(int index, int top)
    {
        Blob blob = nodes[index].Top[top];
        if (nodes[index].LossWeight(top) != 0) return true;
        if (!_readers.TryGetValue(blob, out List<Reader>? readers)) return false;
        for (int i = FirstAfter(readers, index); i < readers.Count; i++)
        {
            NetNode reader = nodes[readers[i].Node];
            if (GivesGradient(readers[i])) return true;
            if (reader.Layer.LossWeights.Count > 0 && reader.LossWeight(reader.Top.IndexOf(blob)) != 0) return true;
        }
        return false;
    }

    private bool GivesGradient(Reader reader) =>
        nodes[reader.Node].NeedsBackward && nodes[reader.Node].BottomNeedsBackward[reader.Bottom];

    // The first of a blob's readers that comes after a layer; readers are in the order of the layers.
    private static int FirstAfter(List<Reader> readers, int index)
    {
        int low = 0, high = readers.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (readers[middle].Node > index)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }

    private void AddNeeds(NetNode node, Value[] read, Value[] made, Value?[] overwrittenBy)
    {
        BackwardReads wanted = reads(node.Layer, Array.Exists(overwrittenBy, static value => value is not null));
        bool sign = wanted.HasFlag(BackwardReads.SignOfTops);
        for (int i = 0; i < read.Length; i++)
        {
            if (!wanted.HasFlag(i == 0 ? BackwardReads.FirstBottom : BackwardReads.OtherBottoms)) continue;
            bool isResult = overwrittenBy[i] is not null;
            (overwrittenBy[i] ?? read[i]).Add(new Need(node, isResult), sign && isResult);
        }
        if (wanted.HasFlag(BackwardReads.Tops))
            foreach (Value value in made) value.Add(new Need(node, IsResult: true), sign);
        if (wanted.HasFlag(BackwardReads.TopOrBottom))
            made[0].Add(new Need(node, IsResult: true) { Instead = overwrittenBy[0] is null ? read[0] : null }, sign);
    }

    /// <summary>A layer that reads a blob, and as which of its bottoms.</summary>
    private readonly record struct Reader(int Node, int Bottom);

    /// <summary>A backward that reads a value, and the value that would do as well.</summary>
    private sealed record Need(NetNode Node, bool IsResult)
    {
        public Value? Instead { get; init; }
    }

    /// <summary>What a layer wrote to a blob.</summary>
    private sealed class Value(Storage storage, int maker, Blob blob)
    {
        public Storage Storage { get; } = storage;

        public int Maker { get; } = maker;

        public Blob Blob { get; } = blob;

        public bool IsLive { get; set; } = true;

        public bool IsListed { get; set; }

        public bool IsFilledOnce { get; set; }

        /// <summary>The last layer that read it so far.</summary>
        public int LastRead { get; set; } = -1;

        /// <summary>The layer that takes this value's diff for its top's; null where none runs backward.</summary>
        public NetNode? ReaderOfDiff { get; init; }

        /// <summary>Who needs the value as it is.</summary>
        public List<Need> Needs { get; } = [];

        /// <summary>Who needs to know where it is above 0, which a layer in place may leave.</summary>
        public List<Need> SignNeeds { get; set; } = [];

        public void Add(Need need, bool sign) => (sign ? SignNeeds : Needs).Add(need);
    }

    /// <summary>Memory, and the values in it that may be needed.</summary>
    private sealed class Storage
    {
        public LinkedList<Value> Values { get; } = [];

        public void List(Value value)
        {
            if (value.IsListed) return;
            value.IsListed = true;
            Values.AddLast(value);
        }

        public void Forget(Value value, LinkedListNode<Value> at)
        {
            value.IsListed = false;
            Values.Remove(at);
        }
    }

    /// <summary>Where a layer's bottoms are among them, by blob and by memory; of several the first.</summary>
    private sealed class BottomPlaces
    {
        private readonly Dictionary<object, int> _places = [];

        public BottomPlaces(List<Blob> bottoms)
        {
            for (int i = 0; i < bottoms.Count; i++)
            {
                _places.TryAdd(bottoms[i], i);
                _places.TryAdd(bottoms[i].Data.Memory, i);
            }
        }

        public int IndexOf(Blob blob) => _places.GetValueOrDefault(blob, -1);

        public int IndexOfMemory(Blob blob) => _places.GetValueOrDefault(blob.Data.Memory, -1);
    }
}
