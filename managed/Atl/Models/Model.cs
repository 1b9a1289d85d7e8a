using Atl.Layers;
using Atl.Nets;
using Atl.Proto;

namespace Atl;

/// <summary>
/// A net with its trained weights, to run: what a deploy prototxt and a caffemodel hold. Sessions
/// (<see cref="CreateSession"/>) run it and share its weights; each has activations of its own.
/// </summary>
/// <example>
/// <code>
/// using Model model = Model.Load("deploy.prototxt", "face.caffemodel");
/// using Session session = model.CreateSession();
/// float[] features = session.Run("data", pixels, [8, 3, 112, 96])["fc5"].ToArray();
/// </code>
/// </example>
/// <remarks>Thread-safe. One that is forgotten, not disposed, gives its memory back after the garbage collector has
/// found it.</remarks>
public sealed class Model : IDisposable
{
    private readonly object _lock = new();
    private readonly NetParameter _parameter;
    private readonly Net _weights;
    private readonly Lazy<(IReadOnlyList<BlobInfo> Inputs, IReadOnlyList<BlobInfo> Outputs)> _shapes;
    private int _sessions;
    private bool _disposed;

    /// <summary>A model of a net in the current format (<see cref="NetUpgrade"/>) and the weights of layers by their
    /// names, later ones over earlier ones.</summary>
    /// <exception cref="NetException">A layer finds no weights; or the net does not fit together.</exception>
    /// <exception cref="LayerException">A layer does not fit its parameters, bottoms or weights.</exception>
    public Model(NetParameter net, IEnumerable<WeightsFile> weights, ModelOptions? options = null)
        : this(options ?? new ModelOptions(), net, weights)
    {
    }

    private Model(ModelOptions options, NetParameter net, IEnumerable<WeightsFile>? weights)
    {
        ArgumentNullException.ThrowIfNull(net);
        Options = options;
        _parameter = SourceMap.CloneWithPlaces(net);
        // Sessions build nets of the same messages at once: what a net writes into them is there before.
        foreach (LayerParameter layer in _parameter.Layer)
            if (!layer.HasPhase)
                layer.Phase = Phase.Test;
        // Where no filler is needed, a net without operators holds the weights.
        bool fills = weights is null || options.AllowMissingWeights;
        _weights = NetLoader.Load(_parameter, NetOptions() with { ShapesOnly = !fills }, weights,
            options.AllowMissingWeights);
        if (_weights.Layers.Count == 0)
            throw new NetException($"{SourceMap.Prefix(net)}net '{net.Name}' has no layers in phase TEST, which a model "
                + "runs");
        _shapes = new(ProbeShapes);
        Preprocessing = Options.Preprocessing ?? Preprocessing.Of(_parameter) ?? new Preprocessing();
        Blobs = [.. _weights.Blobs.Select(blob => blob.Name).Distinct()];
    }

    /// <summary>The options with which it was loaded.</summary>
    public ModelOptions Options { get; }

    /// <summary>The net's name.</summary>
    public string Name => _weights.Name;

    /// <summary>The blobs that a run takes values for, in the prototxt's order.</summary>
    public IReadOnlyList<BlobInfo> Inputs => _shapes.Value.Inputs;

    /// <summary>The blobs that a run gives: those that no layer reads, sorted by name.</summary>
    public IReadOnlyList<BlobInfo> Outputs => _shapes.Value.Outputs;

    /// <summary>The names of all blobs in the order in which they are computed.</summary>
    public IReadOnlyList<string> Blobs { get; }

    /// <summary>
    /// The pre-processing of images: the options', else that of the net's transform_param, else none.
    /// </summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Loads a net and its weights.</summary>
    /// <param name="prototxt">The net's file; old formats are upgraded.</param>
    /// <param name="weights">The weights' file (caffemodel, or HDF5); null for a net without parameters, or with
    /// <see cref="ModelOptions.AllowMissingWeights"/> for the fillers' values.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="AtlException">A file is missing, damaged or something else; a layer finds no weights, or
    /// others than it needs. The message names file, place and layer.</exception>
    public static Model Load(string prototxt, string? weights = null, ModelOptions? options = null) =>
        Load(prototxt, weights is null ? [] : [weights], options);

    /// <summary>Loads a net and the weights of several files, later ones over earlier ones.</summary>
    /// <inheritdoc cref="Load(string, string?, ModelOptions?)"/>
    public static Model Load(string prototxt, IEnumerable<string> weights, ModelOptions? options = null)
    {
        options ??= new ModelOptions();
        NetParameter net = ProtoFiles.ReadNet(prototxt, NetLoader.TextFormat(options.TextFormat, options.Logger));
        return new Model(net, NetLoader.Read(weights, options.Logger), options);
    }

    /// <summary>Loads a net and its weights from streams, such as embedded resources.</summary>
    /// <param name="prototxt">The net as text.</param>
    /// <param name="weights">The weights as a binary file (caffemodel); null for none.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="AtlException">A stream is damaged or something else; a layer finds no weights, or others than
    /// it needs.</exception>
    public static Model Load(Stream prototxt, Stream? weights = null, ModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(prototxt);
        options ??= new ModelOptions();
        NetParameter net = ProtoFiles.ReadNet(prototxt, "the prototxt",
            NetLoader.TextFormat(options.TextFormat, options.Logger));
        return new Model(net, weights is null ? [] : NetLoader.Read(weights, "the weights", options.Logger), options);
    }

    /// <summary>A model whose parameters are what their fillers draw: for tests and for measuring speed.</summary>
    /// <exception cref="AtlException">The net does not fit together.</exception>
    public static Model Untrained(NetParameter net, ModelOptions? options = null) =>
        new(options ?? new ModelOptions(), net, null);

    /// <summary>The shape of any blob as the model was loaded; it follows the inputs' from run to run.</summary>
    /// <exception cref="NetException">The net has no such blob.</exception>
    public Shape ShapeOf(string blob) => (_weights.FindBlob(blob) ?? throw UnknownBlob(blob)).Shape;

    /// <summary>A session to run the model. Create one for each thread; what is expensive, the weights, they
    /// share.</summary>
    /// <exception cref="NetException">The options name a blob that the net does not have.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public Session CreateSession(SessionOptions? options = null)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _sessions++;
        }
        try
        {
            return new Session(this, options ?? new SessionOptions());
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>Creates no more sessions. The weights are freed once the last session is disposed.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            FreeUnused();
        }
    }

    /// <summary>The error of a name that is no blob's.</summary>
    internal NetException UnknownBlob(string name) =>
        new($"net '{Name}' has no blob '{name}'{NearestName.Hint(name, Blobs)}");

    /// <summary>A net that runs with the model's weights.</summary>
    internal Net MakeNet(IReadOnlyCollection<string> keep, bool keepAll)
    {
        Net net = new(_parameter, NetOptions() with { Keep = keep, KeepAll = keepAll, FillsParameters = false });
        try
        {
            lock (_lock) net.ShareTrainedLayersWith(_weights);
            return net;
        }
        catch
        {
            net.Dispose();
            throw;
        }
    }

    /// <summary>A session has ended.</summary>
    internal void Release()
    {
        lock (_lock)
        {
            _sessions--;
            FreeUnused();
        }
    }

    private void FreeUnused()
    {
        if (_disposed && _sessions == 0) _weights.Dispose();
    }

    private NetOptions NetOptions() => new()
    {
        Phase = Phase.Test,
        Level = Options.Level,
        Stages = Options.Stages,
        Device = Options.Device,
        Seed = Options.Seed,
        Logger = Options.Logger,
    };

    // Tries other extents on a net without weights or operators.
    private (IReadOnlyList<BlobInfo> Inputs, IReadOnlyList<BlobInfo> Outputs) ProbeShapes()
    {
        using Net net = new(_parameter, NetOptions() with
        {
            ShapesOnly = true,
            Logger = Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance,
        });
        Shape[] outputs = [.. net.Outputs.Select(output => output.Shape)];
        HashSet<int>[] follows = [.. outputs.Select(_ => new HashSet<int>())];
        List<BlobInfo> inputs = [];
        foreach (Blob input in net.Inputs)
        {
            Shape shape = input.Shape;
            int[] variable = [.. Enumerable.Range(0, shape.NumAxes).Where(axis => Varies(net, input, axis, Follow))];
            inputs.Add(new BlobInfo(input.Name, shape, variable));
        }
        return (inputs, [.. outputs.Select((shape, i) =>
            new BlobInfo(net.Outputs[i].Name, shape, [.. follows[i].Order()]))]);

        void Follow()
        {
            for (int i = 0; i < outputs.Length; i++)
            {
                Shape now = net.Outputs[i].Shape;
                for (int axis = 0; axis < Math.Min(now.NumAxes, outputs[i].NumAxes); axis++)
                    if (now[axis] != outputs[i][axis])
                        follows[i].Add(axis);
            }
        }
    }

    private static bool Varies(Net net, Blob input, int axis, Action follow)
    {
        Shape shape = input.Shape;
        try
        {
            input.Reshape(shape.With(axis, Math.Max(1, checked(shape[axis] * 2))));
            net.Reshape();
            follow();
            return true;
        }
        catch (Exception e) when (e is AtlException or OverflowException)
        {
            return false;
        }
        finally
        {
            input.Reshape(shape);
            net.Reshape();
        }
    }
}
