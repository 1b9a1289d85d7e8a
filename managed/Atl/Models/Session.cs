using Atl.Devices.Cpu;
using Atl.Layers;
using Atl.Proto;

namespace Atl;

/// <summary>
/// Runs a <see cref="Model"/>: activations, operators and a thread of its own, and the model's weights. Batches and
/// sizes may change from run to run where the net allows it (<see cref="BlobInfo.VariableAxes"/>).
/// </summary>
/// <remarks>
/// For one thread at a time: a session that runs refuses every other thread with an
/// <see cref="InvalidOperationException"/>. Any number of sessions of one model run at once and give the same bits as
/// one alone. One that is forgotten, not disposed, gives its memory and its thread back after the garbage collector has
/// found it.
/// </remarks>
public sealed class Session : IDisposable
{
    // The cores of the run that goes on around the present code, wherever that code runs, or on this very thread.
    private static readonly AsyncLocal<CoreBudget.Loan?> Enclosing = new();

    [ThreadStatic]
    private static CoreBudget.Loan? t_cores;

    private readonly SessionOptions _options;
    private readonly WorkThread _thread;
    private readonly HashSet<string> _kept;
    private Net _net;
    private HashSet<Blob> _results;
    private (string Input, Preprocessing How, ImageFeed Feed)? _feed;
    private long _run;
    private volatile State _state;

    internal Session(Model model, SessionOptions options)
    {
        Model = model;
        _options = options;
        if (options.Threads is { } threads) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        Threads = Math.Min(options.Threads ?? int.MaxValue, CoreBudget.Process.Cores);
        _kept = new(options.Blobs, StringComparer.Ordinal);
        foreach (string name in _kept)
            if (!model.Blobs.Contains(name))
                throw model.UnknownBlob(name);
        _thread = new WorkThread($"Atl session of '{model.Name}'");
        try
        {
            _net = _thread.Do(() => MakeNet(_kept));
            _results = Results();
        }
        catch
        {
            _thread.Dispose();
            throw;
        }
    }

    /// <summary>The model that it runs.</summary>
    public Model Model { get; }

    /// <summary>The CPU threads that a run takes.</summary>
    public int Threads { get; }

    /// <summary>The names of outputs, and of inner blobs that are kept.</summary>
    internal IReadOnlyList<string> ResultNames =>
        [.. _net.Outputs.Concat(_net.Blobs.Where(_results.Contains)).Select(blob => blob.Name).Distinct()];

    /// <summary>Runs a net of one input.</summary>
    /// <param name="input">The input blob's name.</param>
    /// <param name="values">The values in row-major order: as many as the shape counts.</param>
    /// <param name="shape">The shape, N × C × H × W for images; empty for the one that the input has.</param>
    /// <returns>The outputs, valid until the next run.</returns>
    /// <exception cref="NetException">The net has no such input or further ones.</exception>
    /// <exception cref="ShapeException">The values do not fit the shape.</exception>
    /// <exception cref="LayerException">A layer does not fit the shape.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses the session; or the run begins inside another
    /// run, on another thread than that one's.</exception>
    /// <exception cref="ObjectDisposedException">The session was disposed.</exception>
    public SessionResult Run(string input, ReadOnlySpan<float> values, params ReadOnlySpan<int> shape)
    {
        using Turn turn = new(this);
        Blob blob = FindInput(input);
        CheckAllGiven([blob]);
        Shape taken = CheckedShape(blob, shape, values.Length);
        Feed(blob, taken, values);
        Forward();
        return turn.End();
    }

    /// <summary>Runs a net of one input on images.</summary>
    /// <param name="input">The input blob's name.</param>
    /// <param name="images">The images, which become a batch of the size that the prototxt gives.</param>
    /// <param name="preprocessing">How they become inputs; null for the model's
    /// (<see cref="Atl.Model.Preprocessing"/>).</param>
    /// <exception cref="AtlException">An image cannot be decoded or does not fit; the message has its
    /// number.</exception>
    /// <inheritdoc cref="Run(string, ReadOnlySpan{float}, ReadOnlySpan{int})"/>
    public SessionResult Run(string input, IReadOnlyList<ImageInput> images, Preprocessing? preprocessing = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        using Turn turn = new(this);
        Blob blob = FindInput(input);
        CheckAllGiven([blob]);
        Shape shape = Model.ShapeOf(input);
        if (shape.NumAxes != 4)
            throw new NetException($"input '{input}' has shape {shape}, expected N x C x H x W for images");
        ImageFeed feed = Feeder(preprocessing ?? Model.Preprocessing, input, new Shape(shape.Dims[1..]));
        int size = checked((int)feed.Input.Count);
        float[] values = new float[checked(images.Count * size)];
        for (int i = 0; i < images.Count; i++) Write(feed, images[i], i, values.AsSpan(i * size, size));
        Feed(blob, shape.With(0, images.Count), values);
        Forward();
        return turn.End();
    }

    /// <summary>Runs the net.</summary>
    /// <param name="inputs">Values for every input; none for a net that reads its data itself.</param>
    /// <inheritdoc cref="Run(string, ReadOnlySpan{float}, ReadOnlySpan{int})"/>
    public SessionResult Run(params ReadOnlySpan<SessionInput> inputs) => Run(inputs, []);

    /// <summary>Runs the net and copies blobs into memory of the caller's.</summary>
    /// <param name="inputs">Values for every input.</param>
    /// <param name="outputs">
    /// What to copy where. An inner blob is kept from then on as by <see cref="SessionOptions.Blobs"/>.
    /// </param>
    /// <exception cref="ArgumentException">There is no room for a blob.</exception>
    /// <inheritdoc cref="Run(string, ReadOnlySpan{float}, ReadOnlySpan{int})"/>
    public SessionResult Run(ReadOnlySpan<SessionInput> inputs, ReadOnlySpan<SessionOutput> outputs)
    {
        using Turn turn = new(this);
        Keep(outputs);
        Feed(inputs);
        Forward();
        foreach (SessionOutput output in outputs) Fill(output);
        return turn.End();
    }

    /// <summary>Runs the net on the session's thread while the caller's goes on.</summary>
    /// <param name="inputs">Values for every input; they are copied before this returns.</param>
    /// <param name="cancellation">Ends the run between two layers.</param>
    /// <exception cref="OperationCanceledException">The run was canceled.</exception>
    /// <inheritdoc cref="Run(string, ReadOnlySpan{float}, ReadOnlySpan{int})"/>
    public async Task<SessionResult> RunAsync(IReadOnlyList<SessionInput> inputs,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (t_cores is not null) throw RunWithin();
        using Turn turn = new(this);
        Feed([.. inputs]);
        await _thread.Start(() => RunNet(cancellation), cancellation).ConfigureAwait(false);
        return turn.End();
    }

    /// <summary>
    /// Runs once on zeros, in the shapes that the inputs have, so that the first run that counts finds memory, threads
    /// and operators ready. Layers with a state (LSTM), readers of data and random streams stay where they were. To
    /// prepare for other shapes, run zeros of them.
    /// </summary>
    /// <inheritdoc cref="Run(string, ReadOnlySpan{float}, ReadOnlySpan{int})"/>
    public void WarmUp()
    {
        using Turn turn = new(this);
        NetRunningState state = _net.SaveState();
        foreach (Blob input in _net.Inputs) input.Data.Fill(0);
        Forward();
        _net.LoadState(state);
        turn.End();
    }

    /// <summary>Frees activations and ends the session's thread; results of its runs cannot be read any more. Later
    /// calls do nothing.</summary>
    /// <exception cref="InvalidOperationException">Another thread uses the session.</exception>
    public void Dispose()
    {
        State before = Interlocked.CompareExchange(ref _state, State.Disposed, State.Idle);
        if (before == State.Disposed) return;
        if (before == State.Runs) throw InUse();
        try
        {
            _net.Dispose();
            _thread.Dispose();
        }
        finally
        {
            Model.Release();
        }
    }

    /// <summary>A blob that the session keeps, of its latest run.</summary>
    internal Blob KeptBlob(string name, long run)
    {
        ArgumentNullException.ThrowIfNull(name);
        CheckPresent(run);
        Blob blob = _net.FindBlob(name) ?? throw Model.UnknownBlob(name);
        return _results.Contains(blob) ? blob : throw new NetException(
            $"blob '{name}' of net '{Model.Name}' is an inner one, and its memory was given to later blobs; name it in "
            + $"{nameof(SessionOptions)}.{nameof(SessionOptions.Blobs)} to keep it");
    }

    /// <summary>Refuses what a later run has overwritten.</summary>
    internal void CheckPresent(long run)
    {
        ObjectDisposedException.ThrowIf(_state == State.Disposed, this);
        if (Volatile.Read(ref _run) != run)
            throw new InvalidOperationException("the session has run again since: its memory holds other values now; "
                + "copy results (ToArray, CopyTo) before the next run");
    }

    private Net MakeNet(IReadOnlyCollection<string> kept)
    {
        CpuDevice.Threads = Threads;
        return Model.MakeNet(kept, _options.KeepAll);
    }

    private HashSet<Blob> Results() => _options.KeepAll ? [.. _net.Blobs]
        : [.. _net.Outputs, .. _kept.Select(name => _net.FindBlob(name)!)];

    // What a net keeps is decided when it is built, since its layers run in place where nobody looks.
    private void Keep(ReadOnlySpan<SessionOutput> outputs)
    {
        HashSet<string> more = [];
        foreach (SessionOutput output in outputs)
        {
            if (output.Name is null) throw new ArgumentException("an output without a name");
            Blob blob = _net.FindBlob(output.Name) ?? throw Model.UnknownBlob(output.Name);
            if (!_results.Contains(blob)) more.Add(output.Name);
        }
        if (more.Count == 0) return;
        Net net = _thread.Do(() => MakeSuccessor([.. _kept, .. more]));
        _kept.UnionWith(more);
        _net.Dispose();
        _net = net;
        _results = Results();
    }

    // Shapes and layers' states go on.
    private Net MakeSuccessor(IReadOnlyCollection<string> kept)
    {
        Net net = MakeNet(kept);
        try
        {
            for (int i = 0; i < net.Inputs.Count; i++) net.Inputs[i].Reshape(_net.Inputs[i].Shape);
            net.Reshape();
            net.LoadState(_net.SaveState());
            return net;
        }
        catch
        {
            net.Dispose();
            throw;
        }
    }

    private void Feed(ReadOnlySpan<SessionInput> inputs)
    {
        List<Blob> blobs = [];
        List<Shape> shapes = [];
        foreach (SessionInput input in inputs)
        {
            Blob blob = FindInput(input.Name);
            if (blobs.Contains(blob)) throw new NetException($"input '{input.Name}' is given twice");
            blobs.Add(blob);
            shapes.Add(CheckedShape(blob, input.Shape, input.Values.Length));
        }
        CheckAllGiven(blobs);
        for (int i = 0; i < inputs.Length; i++) Feed(blobs[i], shapes[i], inputs[i].Values.Span);
    }

    private static void Feed(Blob blob, Shape shape, ReadOnlySpan<float> values)
    {
        blob.Reshape(shape);
        blob.Data.CopyFrom(values);
    }

    // Reading a mean file for every batch would be a waste.
    private ImageFeed Feeder(Preprocessing preprocessing, string input, Shape sample)
    {
        if (_feed is { } feed && feed.Input == input && ReferenceEquals(feed.How, preprocessing)) return feed.Feed;
        _feed = (input, preprocessing, new ImageFeed(preprocessing, sample, input));
        return _feed.Value.Feed;
    }

    private static void Write(ImageFeed feed, ImageInput image, int number, Span<float> values)
    {
        try
        {
            if (image is null) throw new AtlException("there is none (null)");
            feed.Write(image, values);
        }
        catch (AtlException e)
        {
            throw new AtlException($"image {number}: {e.Message}", e);
        }
    }

    private static Shape CheckedShape(Blob blob, ReadOnlySpan<int> dims, int values)
    {
        Shape shape = dims.IsEmpty ? blob.Shape : new Shape(dims);
        if (shape.Count != values)
            throw new ShapeException($"input '{blob.Name}' of shape {shape} has {shape.Count} elements, found "
                + $"{values} values");
        return shape;
    }

    private Blob FindInput(string? name)
    {
        if (name is null) throw new ArgumentException($"an input without a name; the net has {Names(_net.Inputs)}");
        return _net.Inputs.FirstOrDefault(input => input.Name == name)
            ?? throw new NetException($"net '{Model.Name}' has no input '{name}'"
                + $"{NearestName.Hint(name, _net.Inputs.Select(input => input.Name))}; it has {Names(_net.Inputs)}");
    }

    private void CheckAllGiven(List<Blob> given)
    {
        Blob[] missing = [.. _net.Inputs.Where(input => !given.Contains(input))];
        if (missing.Length > 0)
            throw new NetException($"net '{Model.Name}' is given no values for {Names(missing)}");
    }

    private void Forward()
    {
        if (t_cores is { } cores)
        {
            // Called by a logger or a layer of another session's run, which waits here and needs no cores.
            using (cores.LayDown()) _thread.Do(() => RunNet(CancellationToken.None));
        }
        else
        {
            _thread.Do(() => RunNet(CancellationToken.None));
        }
    }

    private float RunNet(CancellationToken cancellation)
    {
        using CoreBudget.Loan cores = CoreBudget.Process.Borrow(Threads, cancellation);
        Enclosing.Value = t_cores = cores;
        try
        {
            return _net.Forward(cancellation);
        }
        finally
        {
            Enclosing.Value = t_cores = null;
        }
    }

    private void Fill(SessionOutput output)
    {
        Blob blob = _net.FindBlob(output.Name)!;
        if (blob.Count > output.Values.Length)
            throw new ArgumentException($"blob '{blob.Name}' of shape {blob.Shape} has {blob.Count} elements, there is "
                + $"room for {output.Values.Length}");
        blob.Data.CopyTo(output.Values.Span);
    }

    private static string Names(IReadOnlyList<Blob> inputs)
    {
        if (inputs.Count == 0) return "no inputs";
        string names = string.Join(", ", inputs.Select(input => $"'{input.Name}' {input.Shape}"));
        return $"{(inputs.Count == 1 ? "input" : "inputs")} {names}";
    }

    private InvalidOperationException InUse() => new($"this session of '{Model.Name}' is in use by another thread; "
        + $"create one for each ({nameof(Model)}.{nameof(Atl.Model.CreateSession)}): sessions share the weights");

    private InvalidOperationException RunWithin() => new($"a run of '{Model.Name}' begins inside a session's run (in "
        + "code that its logger or one of its layers calls) and would wait for cores that the outer run holds; use "
        + $"{nameof(Run)} on the thread that the code is called on, or run later");

    private enum State
    {
        Idle,
        Runs,
        Disposed,
    }

    /// <summary>A run: earlier results end where it begins, and where it fails the inputs' shapes stay as they
    /// were.</summary>
    private sealed class Turn : IDisposable
    {
        private readonly Session _session;
        private readonly Shape[] _shapes;
        private bool _succeeded;

        public Turn(Session session)
        {
            if (t_cores is null && Enclosing.Value is { IsOpen: true }) throw session.RunWithin();
            State before = Interlocked.CompareExchange(ref session._state, State.Runs, State.Idle);
            ObjectDisposedException.ThrowIf(before == State.Disposed, session);
            if (before == State.Runs) throw session.InUse();
            _session = session;
            Interlocked.Increment(ref session._run);
            _shapes = [.. session._net.Inputs.Select(input => input.Shape)];
        }

        public SessionResult End()
        {
            _succeeded = true;
            return new SessionResult(_session, _session._run);
        }

        public void Dispose()
        {
            if (!_succeeded)
                for (int i = 0; i < _shapes.Length; i++) _session._net.Inputs[i].Reshape(_shapes[i]);
            _session._state = State.Idle;
        }
    }
}
