using Atl.Devices;

namespace Atl.Operators;

/// <summary>The copy of an input that is made for backward where forward overwrites it (in place).</summary>
internal sealed class KeptInput : IDisposable
{
    private Tensor? _copy;
    private bool _holds;

    /// <summary>Copies the input on a device, in its layout, where it is wanted; else gives an earlier copy's memory
    /// back.</summary>
    public void Keep(Tensor input, bool when, Device device)
    {
        _holds = when;
        if (when)
        {
            _copy ??= new Tensor(input.Shape);
            _copy.Reshape(input.Shape);
            _copy.CopyFrom(input, device);
        }
        else
        {
            Dispose();
        }
    }

    /// <summary>The copy, or where there is none the input itself, which then still is what it was.</summary>
    public Tensor Or(Tensor input) => _holds ? _copy! : input;

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        _copy?.Memory.Dispose();
        _copy = null;
    }
}
