using Atl.Devices;

namespace Atl.Tests.Blobs;

/// <summary>What was disposed is no zeros: whoever reads or writes it hears of it.</summary>
public class DisposedMemoryTests
{
    private static readonly Shape Pair = new(2);

    private static IEnumerable<TestCaseData> Uses()
    {
        yield return Use("Read", tensor => tensor.Read(Device.Cpu));
        yield return Use("Write", tensor => tensor.Write(Device.Cpu));
        yield return Use("ReadWrite", tensor => tensor.ReadWrite(Device.Cpu));
        yield return Use("AsReadOnlySpan", tensor => tensor.AsReadOnlySpan());
        yield return Use("AsSpan", tensor => tensor.AsSpan());
        yield return Use("ToArray", tensor => tensor.ToArray());
        yield return Use("CopyTo a span", tensor => tensor.CopyTo(new float[2]));
        yield return Use("CopyFrom a span", tensor => tensor.CopyFrom([1, 2]));
        yield return Use("Borrow", tensor => tensor.Borrow());
        yield return Use("Borrow some", tensor => tensor.Borrow(0, 1));
        yield return Use("BorrowToChange", tensor => tensor.BorrowToChange());
        yield return Use("BorrowToWrite", tensor => tensor.BorrowToWrite());
        yield return Use("Zero", tensor => tensor.Zero(Device.Cpu));
        yield return Use("Fill", tensor => tensor.Fill(1));
        yield return Use("CopyFrom", tensor => tensor.CopyFrom(new Tensor(Pair), Device.Cpu));
        yield return Use("CopyTo", tensor => new Tensor(Pair).CopyFrom(tensor, Device.Cpu));
        yield return Use("Reshape", tensor => tensor.Reshape(new Shape(3)));
        yield return Use("Release", tensor => tensor.Memory.Release());
        yield return Use("Reset", tensor => tensor.Memory.Reset());

        static TestCaseData Use(string name, Action<Tensor> use) => new TestCaseData(use).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Uses))]
    public void NeitherHalfOfADisposedBlobIsUsed(Action<Tensor> use)
    {
        Blob blob = new(Pair);
        blob.Data.Fill(1);
        blob.Dispose();
        Assert.Throws<ObjectDisposedException>(() => use(blob.Data));
        Assert.Throws<ObjectDisposedException>(() => use(blob.Diff));
    }

    [Test]
    public void AViewKeepsNothingOfADisposedOwner()
    {
        Tensor owner = new(Pair), view = new(Pair);
        owner.Fill(1);
        view.Share(owner);
        owner.Dispose();
        Assert.Throws<ObjectDisposedException>(() => view.AsReadOnlySpan());
        view.Dispose();
    }

    [Test]
    public void ADisposedViewLeavesItsOwnerAlone()
    {
        Tensor owner = new(Pair), view = new(Pair);
        owner.Fill(1);
        view.Share(owner);
        view.Dispose();
        Assert.Throws<ObjectDisposedException>(() => view.AsReadOnlySpan());
        Assert.That(owner.AsReadOnlySpan().ToArray(), Is.All.EqualTo(1));
    }

    [Test]
    public void DisposingTwiceGivesBackOnce()
    {
        long before = Device.Cpu.BytesInUse;
        Blob blob = new(Pair);
        blob.Data.Fill(1);
        blob.Dispose();
        blob.Dispose();
        Assert.That(Device.Cpu.BytesInUse, Is.EqualTo(before));
    }

    [Test]
    public void ALoanOutlivesItsTensor()
    {
        long before = Device.Cpu.BytesInUse;
        Tensor owner = new(Pair);
        owner.CopyFrom([3, 4]);
        ReadOnlyElementLoan loan = owner.Borrow();
        owner.Dispose();
        using (Tensor other = new(Pair))
        {
            other.Fill(9);
            Assert.That(loan.Span.ToArray(), Is.EqualTo(new float[] { 3, 4 }), "nobody else was given the memory");
        }
        Assert.That(Device.Cpu.BytesInUse, Is.GreaterThan(before));
        loan.Dispose();
        loan.Dispose();
        Assert.That(Device.Cpu.BytesInUse, Is.EqualTo(before));
    }

    [Test]
    public void ALoanToWriteOutlivesItsTensor()
    {
        long before = Device.Cpu.BytesInUse;
        Tensor owner = new(Pair);
        ElementLoan loan = owner.BorrowToWrite();
        owner.Reshape(new Shape(100_000));
        owner.Fill(1);
        owner.Dispose();
        using (Tensor other = new(Pair))
        {
            other.Fill(9);
            loan.Span.Fill(5);
            Assert.That(other.ToArray(), Is.All.EqualTo(9));
        }
        loan.Dispose();
        Assert.That(Device.Cpu.BytesInUse, Is.EqualTo(before));
    }

    [Test]
    public void ATensorOutlivesItsLoans()
    {
        long before = Device.Cpu.BytesInUse;
        using (Tensor owner = new(Pair))
        {
            owner.CopyFrom([3, 4]);
            ReadOnlyElementLoan one = owner.Borrow(), two = owner.Borrow(1, 1);
            one.Dispose();
            one.Dispose();
            Assert.That(two.Span.ToArray(), Is.EqualTo(new float[] { 4 }));
            two.Dispose();
            using Tensor other = new(Pair);
            other.Fill(9);
            Assert.That(owner.ToArray(), Is.EqualTo(new float[] { 3, 4 }));
        }
        Assert.That(Device.Cpu.BytesInUse, Is.EqualTo(before));
    }

    [Test]
    public void ALoanThatNobodyGaveDoesNothing()
    {
        default(ElementLoan).Dispose();
        default(ReadOnlyElementLoan).Dispose();
        Assert.That(default(ReadOnlyElementLoan).Span.IsEmpty);
    }
}
