using Atl.Proto;

namespace Atl.Face.Detection;

/// <summary>A net of a detector: one input of any size, and outputs distinguished by their channels.</summary>
/// <remarks>For one thread at a time; any number of them share a model.</remarks>
internal sealed class DetectorNet : IDisposable
{
    private readonly Session _session;
    private readonly string _input;
    private readonly Dictionary<int, string> _outputs = [];
    private float[] _values = [];
    private Shape _shape;
    private SessionResult? _result;

    /// <summary>Creates a session of the net.</summary>
    /// <param name="model">The net and its weights.</param>
    /// <param name="what">What messages call it.</param>
    /// <param name="threads">The CPU threads of a run (<see cref="SessionOptions.Threads"/>).</param>
    /// <param name="outputChannels">The channels of the outputs that are wanted; 0 for the only output, whatever its
    /// channels are.</param>
    /// <exception cref="AtlException">Inputs or outputs are others.</exception>
    public DetectorNet(Model model, string what, int? threads, params ReadOnlySpan<int> outputChannels)
    {
        if (model.Inputs is not [{ Shape.NumAxes: 4 } input])
            throw new AtlException(
                $"{what} (net '{model.Name}'): inputs {Names(model.Inputs)}, expected one input of 4 axes (images)");
        foreach (int channels in outputChannels)
            _outputs[channels] = model.Outputs.Where(blob => channels == 0 || blob.Shape.Legacy(1) == channels)
                .ToArray() is [var only]
                ? only.Name
                : throw new AtlException($"{what} (net '{model.Name}'): outputs {Names(model.Outputs)}, expected "
                    + $"one{(channels == 0 ? "" : $" of {channels} channels")}");
        (_input, _shape) = (input.Name, input.Shape);
        _session = model.CreateSession(new SessionOptions { Threads = threads });
    }

    /// <summary>Shapes the input to N × C × rows × columns and gives its values, to write every one of.</summary>
    public Span<float> Input(int images, int rows, int columns) =>
        Values(new Shape(images, _shape[1], rows, columns));

    /// <summary>Takes values as the input.</summary>
    public void TakeInput(ReadOnlySpan<float> values, Shape shape) => values.CopyTo(Values(shape));

    /// <summary>Runs the net.</summary>
    public void Forward() => _result = _session.Run(_input, _values.AsSpan(0, (int)_shape.Count), _shape.Dims);

    /// <summary>The output of so many channels, valid until the net runs again.</summary>
    public SessionBlob Output(int channels) => _result![_outputs[channels]];

    public void Dispose() => _session.Dispose();

    private Span<float> Values(Shape shape)
    {
        _shape = shape;
        int count = checked((int)shape.Count);
        if (_values.Length < count) _values = new float[count];
        return _values.AsSpan(0, count);
    }

    private static string Names(IEnumerable<BlobInfo> blobs) =>
        string.Join(", ", blobs.Select(blob => $"{blob.Name} {blob.Shape}"));
}
