using Atl.Devices;

namespace Atl.Operators;

/// <summary>
/// Something that computes, made at Reshape time for given shapes on one device; it owns what it caches (primitives,
/// descriptors, workspace). What it computes is stated by the abstract class of its family in this folder; how, by one
/// class for each device.
/// </summary>
/// <remarks>
/// An operator asks its tensors for memory where and how it likes (<see cref="Tensor.Read"/>,
/// <see cref="Tensor.Write"/>): a tensor that lies elsewhere, or in another layout, is brought there. Operators take
/// tensors of exactly the shapes that they were made for. While they run, the operator and its tensors must stay
/// reachable, or the garbage collector gives their memory to others: nets and solvers see to it for what they run, and
/// the CPU's operators for themselves and their tensors. An operator of your own does so by
/// <see cref="GC.KeepAlive"/> after its native calls. One thread at a time.
/// </remarks>
public abstract class Operator(Device device) : IDisposable
{
    /// <summary>The device that it runs on.</summary>
    protected Device Device { get; } = device;

    /// <summary>Refuses a tensor of another size, before native code reads or writes beyond it.</summary>
    /// <param name="tensor">The tensor; null for one that is left out.</param>
    /// <param name="count">The number of elements that the operator was made for.</param>
    /// <param name="name">The tensor's name in the operator's formula.</param>
    /// <exception cref="ShapeException">The tensor has another number of elements.</exception>
    private protected static void CheckCount(Tensor? tensor, long count, string name)
    {
        if (tensor is not null && tensor.Count != count)
            throw new ShapeException($"{name}: shape {tensor.Shape}, expected {count} elements, which the operator was "
                + "made for");
    }

    /// <summary>Frees what the operator caches.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the operator caches.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>
/// The specification of an operator: shapes and parameters. Specifications are records: equal ones compare equal, so
/// that an operator can be reused.
/// </summary>
/// <typeparam name="TOperator">The abstract operator that the description makes.</typeparam>
public abstract record OperatorSpec<TOperator>
    where TOperator : Operator;

/// <summary>
/// Marks a class as a device's implementation of what a specification describes. Its constructor takes (device,
/// specification). Where it has a public static method <c>bool Serves(specification)</c>, specifications for which that
/// is false count as not implemented.
/// </summary>
/// <typeparam name="TDevice">The device class.</typeparam>
/// <typeparam name="TSpec">The specification.</typeparam>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class OperatorForAttribute<TDevice, TSpec> : Attribute
    where TDevice : Device;
