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
/// <param name="readers">The readers of their blobs.</param>
/// <param name="reads">What a layer's backward reads, given whether it runs in place.</param>
/// <param name="withBackward">Whether backward may follow forward.</param>
/// <param name="isShown">Whether the caller reads a blob after forward.</param>
internal sealed class HazardScan(
    IReadOnlyList<NetNode> nodes, BlobReaders readers, Func<Layer, bool, BackwardReads> reads, bool withBackward,
    Predicate<Blob> isShown)
{
    /// <summary>The most victims of one hazard that are looked for.</summary>
    public const int MostVictims = 32;

    // By the blobs' numbers.
    private readonly Value[] _current = new Value[readers.Blobs];
    private readonly List<Hazard> _hazards = [];

    // What is found for one top; and the values of one layer's bottoms and tops: a net may have very many layers.
    private readonly List<HazardVictim> _victims = [];
    private readonly List<Need> _needs = [];
    private Value[] _read = [];
    private Value[] _made = [];
    private Value?[] _overwrittenBy = [];

    /// <summary>The hazards, in the order of the layers.</summary>
    public IReadOnlyList<Hazard> Find()
    {
        for (int i = 0; i < nodes.Count; i++) Visit(i);
        return _hazards;
    }

    private void Visit(int index)
    {
        NetNode node = nodes[index];
        Span<Value> read = Room(ref _read, node.Bottom.Count), made = Room(ref _made, node.Top.Count);
        Span<Value?> overwrittenBy = Room(ref _overwrittenBy, read.Length);
        overwrittenBy.Clear();
        for (int i = 0; i < read.Length; i++)
        {
            read[i] = _current[node.Bottom[i].Index];
            read[i].LastRead = index;
        }
        BottomPlaces bottoms = new(node.Bottom);
        for (int i = 0; i < made.Length; i++)
        {
            Blob top = node.Top[i];
            int source = bottoms.IndexOf(top);
            Hazard? hazard = source >= 0 ? Resolve(index, i, source, read[source]) : null;
            if (source >= 0 && hazard?.Remedy != HazardRemedy.OwnMemory)
            {
                overwrittenBy[source] = made[i] = Overwrite(index, top, read[source]);
            }
            else
            {
                int viewed = source >= 0 ? -1 : bottoms.IndexOfMemory(top);
                // A top in place that gets memory of its own still has its diff in place, unless it is the diff that
                // must be apart.
                bool sharesDiff = viewed >= 0 ? top.Diff.Memory == node.Bottom[viewed].Diff.Memory
                    : source >= 0 && !hazard!.Has(HazardKind.Gradient);
                Storage storage = viewed >= 0 ? read[viewed].Storage : new Storage();
                made[i] = MakeValue(storage, index, top, sharesDiff ? read[Math.Max(viewed, source)] : null);
                made[i].IsFilledOnce = node.Layer.KeepsTop(i);
                if (viewed >= 0 && sharesDiff) CheckDiff(index, i, viewed, read[viewed]);
            }
            CheckLossWeight(index, i);
        }
        for (int i = 0; i < made.Length; i++) _current[node.Top[i].Index] = made[i];
        if (withBackward && node.NeedsBackward) AddNeeds(node, read, made, overwrittenBy);
    }

    private static Span<T> Room<T>(ref T[] values, int count)
    {
        if (values.Length < count) values = new T[Math.Max(count, 2 * values.Length)];
        return values.AsSpan(0, count);
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
        old.Storage.End();
        Value made = MakeValue(old.Storage, index, top, old);
        if (nodes[index].Layer.KeepsSign) made.SignNeeds = old.SignNeeds;
        return made;
    }

    // Notes the hazard of a layer in place and what is to be done; null where there is none.
    private Hazard? Resolve(int index, int top, int bottom, Value own)
    {
        NetNode node = nodes[index];
        _victims.Clear();
        _needs.Clear();
        FindVictims(index, own);
        if (withBackward && node.NeedsBackward && !node.BottomNeedsBackward[bottom] && own.ReaderOfDiff is { } maker)
            _victims.Add(new HazardVictim(HazardKind.Gradient, maker.Layer, own.Blob));
        if (_victims.Count == 0) return null;
        bool canSwitch = _victims.Count < MostVictims && _needs.Count == _victims.Count
            && _needs.TrueForAll(static need => need.Instead is { IsLive: true });
        HazardRemedy remedy = canSwitch ? HazardRemedy.ReadBottom : HazardRemedy.OwnMemory;
        Hazard hazard = new(index, top, bottom, remedy, [.. _victims]);
        _hazards.Add(hazard);
        if (canSwitch)
            foreach (Need need in _needs)
            {
                need.Instead!.Add(new Need(need.Node, IsResult: false), sign: false);
                need.Instead.Storage.List(need.Instead);
            }
        return hazard;
    }

    // What a layer in place would destroy, were it to run there; values that nobody needs any more are forgotten.
    private void FindVictims(int index, Value own)
    {
        for (Value? value = own.Storage.First; value is not null && _victims.Count < MostVictims;)
        {
            Value? next = value.Next;
            if (value != own && IsDone(value, index))
                own.Storage.Forget(value);
            else
                AddVictims(index, own, value);
            value = next;
        }
    }

    private void AddVictims(int index, Value own, Value value)
    {
        NetNode node = nodes[index];
        if (value.IsFilledOnce) Add(HazardKind.FilledOnce, nodes[value.Maker]);
        if (value != own && _current[value.Blob.Index] == value)
        {
            foreach (BlobReader reader in readers.After(value.Blob, index))
            {
                if (_victims.Count >= MostVictims) break;
                Add(HazardKind.LaterReader, nodes[reader.Node]);
            }
            if (readers.After(value.Blob, value.Maker).IsEmpty) Add(HazardKind.Output, null);
            else if (isShown(value.Blob)) Add(HazardKind.Shown, null);
            if (value.LastRead == index) Add(HazardKind.OwnBottom, node);
        }
        AddNeeded(value.Needs);
        if (!node.Layer.KeepsSign) AddNeeded(value.SignNeeds);

        void AddNeeded(List<Need>? needed)
        {
            for (int i = 0; i < needed?.Count && _victims.Count < MostVictims; i++)
            {
                _needs.Add(needed[i]);
                Add(needed[i].IsResult ? HazardKind.Result : HazardKind.Argument, needed[i].Node);
            }
        }

        void Add(HazardKind kind, NetNode? who) => _victims.Add(new HazardVictim(kind, who?.Layer, value.Blob));
    }

    // Whether no layer from this one on can need a value: all have read it, and no backward will.
    private bool IsDone(Value value, int index)
    {
        if (value.IsFilledOnce || value.IsNeeded) return false;
        if (_current[value.Blob.Index] != value) return true;
        ReadOnlySpan<BlobReader> all = readers.Of(value.Blob);
        return all.Length > 0 && all[^1].Node > value.Maker && all[^1].Node < index && !isShown(value.Blob);
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
        ReadOnlySpan<BlobReader> later = readers.After(blob, index);
        if (later.IsEmpty || !GivesGradient(later[0])) return;
        HazardVictim victim = new(HazardKind.LossWeight, nodes[index].Layer, blob);
        _hazards.Add(new Hazard(index, top, -1, HazardRemedy.AddLossWeight, [victim]));
    }

    // Whether a view's diff is written: by a reader, by a loss weight, or for what a layer in place makes of it.
    private bool IsDiffWritten(int index, int top)
    {
        Blob blob = nodes[index].Top[top];
        if (nodes[index].LossWeight(top) != 0) return true;
        foreach (BlobReader later in readers.After(blob, index))
        {
            NetNode reader = nodes[later.Node];
            if (GivesGradient(later)) return true;
            if (reader.Layer.LossWeights.Count > 0 && reader.LossWeight(reader.Top.IndexOf(blob)) != 0) return true;
        }
        return false;
    }

    private bool GivesGradient(BlobReader reader) =>
        nodes[reader.Node].NeedsBackward && nodes[reader.Node].BottomNeedsBackward[reader.Bottom];

    private void AddNeeds(NetNode node, Span<Value> read, Span<Value> made, Span<Value?> overwrittenBy)
    {
        BackwardReads wanted = reads(node.Layer, overwrittenBy.ContainsAnyExcept((Value?)null));
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

    /// <summary>A backward that reads a value, and the value that would do as well.</summary>
    private sealed record Need(NetNode Node, bool IsResult)
    {
        public Value? Instead { get; init; }
    }

    /// <summary>A value that a layer wrote to a blob.</summary>
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

        /// <summary>The layers that need the value unchanged; null if there are none.</summary>
        public List<Need>? Needs { get; private set; }

        /// <summary>
        /// The layers that need to know where it is above 0, which an in-place layer may preserve; null if there are
        /// none.
        /// </summary>
        public List<Need>? SignNeeds { get; set; }

        public bool IsNeeded => Needs is not null || SignNeeds is not null;

        /// <summary>Its neighbors in its storage.</summary>
        public Value? Previous { get; set; }

        public Value? Next { get; set; }

        public void Add(Need need, bool sign)
        {
            if (sign)
                (SignNeeds ??= []).Add(need);
            else
                (Needs ??= []).Add(need);
        }
    }

    /// <summary>Memory, and the values in it that may be needed, in the order of their making.</summary>
    private sealed class Storage
    {
        private Value? _last;

        public Value? First { get; private set; }

        public void List(Value value)
        {
            if (value.IsListed) return;
            value.IsListed = true;
            value.Previous = _last;
            if (_last is null)
                First = value;
            else
                _last.Next = value;
            _last = value;
        }

        public void Forget(Value value)
        {
            if (value.Previous is null)
                First = value.Next;
            else
                value.Previous.Next = value.Next;
            if (value.Next is null)
                _last = value.Previous;
            else
                value.Next.Previous = value.Previous;
            value.IsListed = false;
            value.Previous = value.Next = null;
        }

        /// <summary>All values are written over.</summary>
        public void End()
        {
            for (Value? value = First; value is not null;)
            {
                Value? next = value.Next;
                value.IsLive = false;
                value.Previous = value.Next = null;
                value = next;
            }
            First = _last = null;
        }
    }

    /// <summary>The places of a layer's bottoms among them, by blob and by memory; the first of several.</summary>
    private readonly struct BottomPlaces
    {
        private const int Few = 8;

        private readonly List<Blob> _bottoms;
        private readonly Dictionary<object, int>? _places;

        public BottomPlaces(List<Blob> bottoms)
        {
            _bottoms = bottoms;
            if (bottoms.Count <= Few) return;
            _places = [];
            for (int i = 0; i < bottoms.Count; i++)
            {
                _places.TryAdd(bottoms[i], i);
                _places.TryAdd(bottoms[i].Data.Memory, i);
            }
        }

        public int IndexOf(Blob blob) => _places?.GetValueOrDefault(blob, -1) ?? _bottoms.IndexOf(blob);

        public int IndexOfMemory(Blob blob)
        {
            if (_places is not null) return _places.GetValueOrDefault(blob.Data.Memory, -1);
            for (int i = 0; i < _bottoms.Count; i++)
                if (_bottoms[i].Data.Memory == blob.Data.Memory)
                    return i;
            return -1;
        }
    }
}
