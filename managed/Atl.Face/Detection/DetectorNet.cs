using Atl.Devices;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Face.Detection;

/// <summary>A net of a detector: one input of any size, and outputs distinguished by their channels.</summary>
internal sealed class DetectorNet : IDisposable
{
    private readonly Net _net;
    private readonly Dictionary<int, Blob> _outputs = [];

    /// <summary>Builds the net.</summary>
    /// <param name="files">The net and its weights.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="logger">The logger for its messages.</param>
    /// <param name="outputChannels">The channels of the outputs that are wanted; 0 for the only output, whatever its
    /// channels are.</param>
    /// <exception cref="AtlException">Inputs or outputs are others, or a layer has no weights.</exception>
    public DetectorNet(NetFiles files, Device device, ILogger logger,
        params ReadOnlySpan<int> outputChannels)
    {
        _net = files.Load(new NetOptions { Phase = Phase.Test, Device = device, Seed = 1, Logger = logger });
        try
        {
            if (_net.Inputs.Count != 1 || _net.Inputs[0].NumAxes != 4)
                throw new AtlException(
                    $"{files.Name}: inputs {Names(_net.Inputs)}, expected one input of 4 axes (images)");
            foreach (int channels in outputChannels)
                _outputs[channels] = _net.Outputs.Where(blob => channels == 0 || blob.Shape.Legacy(1) == channels)
                    .ToArray() is [var only]
                    ? only
                    : throw new AtlException($"{files.Name}: outputs {Names(_net.Outputs)}, expected "
                        + $"one{(channels == 0 ? "" : $" of {channels} channels")}");
        }
        catch
        {
            _net.Dispose();
            throw;
        }
    }

    /// <summary>The channels that the input takes.</summary>
    public int InputChannels => _net.Inputs[0].Shape[1];

    /// <summary>Shapes the input to N × C × rows × columns and lends its values, to write every one of.</summary>
    public ElementLoan Input(int images, int rows, int columns)
    {
        ShapeInput(new Shape(images, InputChannels, rows, columns));
        return _net.Inputs[0].Data.BorrowToWrite();
    }

    /// <summary>Takes another net's output as the input.</summary>
    public void TakeInput(Blob source)
    {
        ShapeInput(source.Shape);
        _net.Inputs[0].Data.CopyFrom(source.Data, _net.Device);
    }

    /// <summary>Runs the net.</summary>
    public void Forward() => _net.Forward();

    /// <summary>The output of so many channels.</summary>
    public Blob Output(int channels) => _outputs[channels];

    public void Dispose() => _net.Dispose();

    private void ShapeInput(Shape shape)
    {
        if (shape.Equals(_net.Inputs[0].Shape)) return;
        _net.Inputs[0].Reshape(shape);
        _net.Reshape();
    }

    private static string Names(IEnumerable<Blob> blobs) =>
        string.Join(", ", blobs.Select(blob => $"{blob.Name} {blob.Shape}"));
}
