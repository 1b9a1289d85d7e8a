using Atl.Devices;
using Atl.Layers;
using Atl.Operators;
using Atl.Proto;
using Atl.Tests.Devices;

namespace Atl.Tests.Operators;

/// <summary>What a slot holds, in every order of creations, failures and disposals.</summary>
public sealed class OperatorSlotTests : IDisposable
{
    private static readonly List<string> Events = [];

    private readonly FaultyDevice _device = new();

    static OperatorSlotTests() => OperatorCatalog.Register(typeof(FaultyDevice), typeof(BlockSpec), typeof(Block),
        static (device, spec) => new Block(device, (BlockSpec)spec));

    [SetUp]
    public void Forget() => Events.Clear();

    [TearDown]
    public void NothingIsLeftOver() => Assert.That(_device.BytesInUse, Is.Zero);

    public void Dispose() => _device.Dispose();

    [Test]
    public void TheNewOperatorIsCreatedBeforeTheOldOneGoes()
    {
        using OperatorSlot<Block, BlockSpec> slot = new();
        slot.Ensure(_device, new BlockSpec(1));
        slot.Ensure(_device, new BlockSpec(2));
        Assert.That(Events, Is.EqualTo(["create 1", "create 2", "dispose 1"]));
        Assert.That((slot.Value.Spec, slot.Spec), Is.EqualTo((new BlockSpec(2), new BlockSpec(2))));
    }

    [Test]
    public void AnEqualSpecificationKeepsTheOperator()
    {
        using OperatorSlot<Block, BlockSpec> slot = new();
        slot.Ensure(_device, new BlockSpec(1));
        Block made = slot.Value;
        slot.Ensure(_device, new BlockSpec(1));
        Assert.That((slot.Value, Events.Count), Is.EqualTo((made, 1)));
    }

    [Test]
    public void AFailedCreationKeepsTheOldOperatorForItsShapesAndGivesNoneOutUntilThen()
    {
        using OperatorSlot<Block, BlockSpec> slot = new();
        slot.Ensure(_device, new BlockSpec(1));
        Block made = slot.Value;
        Assert.Throws<DeviceException>(() => slot.Ensure(_device, BlockSpec.Impossible));
        Assert.Throws<InvalidOperationException>(() => _ = slot.Value);
        Assert.Throws<InvalidOperationException>(() => _ = slot.Spec);
        slot.Ensure(_device, new BlockSpec(1));
        Assert.That((slot.Value, string.Join(' ', Events)), Is.EqualTo((made, "create 1")));
    }

    [Test]
    public void AfterAFailedCreationAnotherOneTakesTheOldOnesPlace()
    {
        using OperatorSlot<Block, BlockSpec> slot = new();
        slot.Ensure(_device, new BlockSpec(1));
        Assert.Throws<DeviceException>(() => slot.Ensure(_device, BlockSpec.Impossible));
        slot.Ensure(_device, new BlockSpec(2));
        Assert.That(Events, Is.EqualTo(["create 1", "create 2", "dispose 1"]));
    }

    [Test]
    public void AFailedFirstCreationLeavesTheSlotEmpty()
    {
        using OperatorSlot<Block, BlockSpec> slot = new();
        Assert.Throws<DeviceException>(() => slot.Ensure(_device, BlockSpec.Impossible));
        Assert.Throws<InvalidOperationException>(() => _ = slot.Value);
        slot.Ensure(_device, new BlockSpec(1));
        Assert.That(slot.Value.Spec.Bytes, Is.EqualTo(1));
    }

    [Test]
    public void WhereMemoryDoesNotSufficeForBothTheOldOperatorGoesFirst()
    {
        using OperatorSlot<Block, BlockSpec> slot = new();
        using FaultyDevice small = new() { MemoryLimit = 1 << 20 };
        slot.Ensure(small, new BlockSpec(1 << 19));
        slot.Ensure(small, new BlockSpec(1 << 20));
        Assert.That(Events, Is.EqualTo(["create 524288", "dispose 524288", "create 1048576"]));
        Assert.Throws<DeviceMemoryException>(() => slot.Ensure(small, new BlockSpec(1 << 21)));
        Assert.Throws<InvalidOperationException>(() => _ = slot.Value, "the old one is gone");
        Assert.That((Events[^1], small.BytesInUse), Is.EqualTo(("dispose 1048576", 0L)));
        slot.Ensure(small, new BlockSpec(1 << 20));
        Assert.That(slot.Value.Spec.Bytes, Is.EqualTo(1 << 20), "as good as new");
    }

    [Test]
    public void ANetThatIsNeverRunHasSpecificationsAlone()
    {
        using OperatorSlot<Block, BlockSpec> slot = new();
        slot.Ensure(null, new BlockSpec(1));
        Assert.That(slot.Spec.Bytes, Is.EqualTo(1));
        Assert.Throws<InvalidOperationException>(() => _ = slot.Value);
        Assert.That(Events, Is.Empty);
    }

    [Test]
    public void ADisposedSlotHoldsNothingAndTakesNothing()
    {
        OperatorSlot<Block, BlockSpec> slot = new();
        slot.Ensure(_device, new BlockSpec(1));
        slot.Dispose();
        slot.Dispose();
        Assert.That(Events, Is.EqualTo(["create 1", "dispose 1"]));
        Assert.Throws<ObjectDisposedException>(() => _ = slot.Value);
        Assert.Throws<ObjectDisposedException>(() => _ = slot.Spec);
        Assert.Throws<ObjectDisposedException>(() => slot.Ensure(_device, new BlockSpec(1)));
    }

    [Test]
    public void ALayerDisposesItsOperatorsThoughItsOwnDisposalFails()
    {
        BlockLayer layer = new(_device);
        layer.Initialize([], [new Blob()]);
        Assert.Throws<IOException>(layer.Dispose);
        Assert.That(Events, Is.EqualTo(["create 1", "create 2", "dispose 1", "dispose 2"]));
    }

    [Test]
    public void ALayerWhoseReshapeFailedDoesNotRunItsOldOperatorOnNewShapes()
    {
        using BlockLayer layer = new(_device) { ClosesWell = true };
        Blob[] top = [new Blob()];
        layer.Initialize([], top);
        layer.Forward([], top);
        layer.Fails = true;
        Assert.That(() => layer.Reshape([], top), Throws.InstanceOf<LayerException>());
        Assert.Throws<InvalidOperationException>(() => layer.Forward([], top));
        layer.Fails = false;
        layer.Reshape([], top);
        layer.Forward([], top);
        Assert.That(Events, Is.EqualTo(["create 1", "create 2"]));
    }

    private sealed record BlockSpec(long Bytes) : OperatorSpec<Block>
    {
        public static readonly BlockSpec Impossible = new(-1);
    }

    private sealed class Block : Operator
    {
        private readonly MemoryBlock _memory;

        public Block(Device device, BlockSpec spec)
            : base(device)
        {
            if (spec == BlockSpec.Impossible) throw new DeviceException("no such block");
            _memory = device.Allocate(spec.Bytes);
            Spec = spec;
            Events.Add($"create {spec.Bytes}");
        }

        public BlockSpec Spec { get; }

        protected override void Dispose(bool disposing)
        {
            _memory.Dispose();
            Events.Add($"dispose {Spec.Bytes}");
        }
    }

    private sealed class BlockLayer(Device device)
        : Layer(new LayerParameter { Name = "b" }, new LayerContext(device, 1))
    {
        private readonly OperatorSlot<Block, BlockSpec> _first = new(), _second = new();

        public bool ClosesWell { get; init; }

        public bool Fails { get; set; }

        public override BlobCount Bottoms => BlobCount.Exactly(0);

        public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
            Assert.That((_first.Value.Spec.Bytes, _second.Value.Spec.Bytes), Is.EqualTo((1L, 2L)));

        public override void Backward(
            IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown, IReadOnlyList<Blob> bottom)
        {
        }

        protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
        {
            EnsureOperator(_first, new BlockSpec(1));
            EnsureOperator(_second, Fails ? BlockSpec.Impossible : new BlockSpec(2));
        }

        protected override void Dispose(bool disposing)
        {
            if (!ClosesWell) throw new IOException("the disk is full");
        }
    }
}
