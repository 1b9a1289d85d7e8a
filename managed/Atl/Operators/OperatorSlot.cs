using Atl.Devices;
using Microsoft.Extensions.Logging;

namespace Atl.Operators;

/// <summary>
/// A layer's place for an operator. The slot holds the operator of the newest specification or, in a net that is never
/// run, the specification alone. Its owner fills it (<c>Layer.EnsureOperator</c>) and disposes it.
/// </summary>
/// <remarks>
/// The new operator is created before the old one goes. Where that fails, the old one stays for the day its shapes come
/// back, but is not given out until then: the tensors may have the new shapes already. Not for use by several threads
/// at once.
/// </remarks>
/// <typeparam name="TOperator">The abstract operator.</typeparam>
/// <typeparam name="TSpec">What describes it.</typeparam>
public sealed class OperatorSlot<TOperator, TSpec> : IDisposable
    where TOperator : Operator
    where TSpec : OperatorSpec<TOperator>
{
    private TOperator? _operator;
    private TSpec? _spec;
    private bool _fits, _disposed;

    /// <summary>The operator for the newest shapes.</summary>
    /// <exception cref="ObjectDisposedException">The slot was disposed.</exception>
    /// <exception cref="InvalidOperationException">There is none: nothing was shaped, the last shaping failed, or the
    /// net is never run.</exception>
    public TOperator Value => _fits && _operator is { } made ? made : throw Missing();

    /// <summary>The specification of the newest shapes.</summary>
    /// <exception cref="ObjectDisposedException">The slot was disposed.</exception>
    /// <exception cref="InvalidOperationException">There is none: nothing was shaped, or the last shaping
    /// failed.</exception>
    public TSpec Spec => _fits ? _spec! : throw Missing();

    /// <summary>Creates the operator of a specification, unless it is there already.</summary>
    /// <param name="device">Where the operator runs; null to keep the specification alone.</param>
    /// <param name="wanted">The specification.</param>
    /// <param name="logger">The logger for a message that the operator runs elsewhere; null for none.</param>
    /// <exception cref="ObjectDisposedException">The slot was disposed.</exception>
    /// <exception cref="DeviceException">The operator cannot be created.</exception>
    internal void Ensure(Device? device, TSpec wanted, ILogger? logger = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _fits = wanted.Equals(_spec);
        if (_fits) return;
        TOperator? made = device is null ? null : Create(device, wanted, logger), old = _operator;
        (_operator, _spec, _fits) = (made, wanted, true);
        old?.Dispose();
    }

    /// <summary>Disposes the operator; later calls do nothing.</summary>
    public void Dispose()
    {
        _disposed = true;
        Clear();
    }

    private TOperator Create(Device device, TSpec wanted, ILogger? logger)
    {
        try
        {
            return device.Create(wanted, logger);
        }
        catch (DeviceMemoryException) when (_operator is not null)
        {
            // The old operator's memory may be just what is missing.
            Clear();
            return device.Create(wanted, logger);
        }
    }

    private void Clear()
    {
        TOperator? old = _operator;
        (_operator, _spec, _fits) = (null, null, false);
        old?.Dispose();
    }

    private InvalidOperationException Missing() => _disposed
        ? new ObjectDisposedException(GetType().Name, $"The operator {typeof(TOperator).Name} was disposed.")
        : new InvalidOperationException(
            $"No operator {typeof(TOperator).Name}: reshape the layer first, in a net that can run.");
}
