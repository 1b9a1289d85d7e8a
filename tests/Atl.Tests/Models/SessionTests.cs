using Atl.Devices;
using Atl.Layers;
using Atl.Proto;

namespace Atl.Tests.Models;

/// <summary>Runs of a session: shapes, inner blobs, results, and what is refused.</summary>
public sealed class SessionTests
{
    private Model _model = null!;
    private Session _session = null!;

    [SetUp]
    public void Load()
    {
        _model = ModelNets.Make(ModelNets.Face);
        _session = _model.CreateSession();
    }

    [TearDown]
    public void Unload()
    {
        _session.Dispose();
        _model.Dispose();
    }

    [Test]
    public void ARunGivesWhatTheNetGives()
    {
        float[] values = ModelNets.Values(720);
        using Net net = new(ModelNets.Parse(ModelNets.Face), new NetOptions());
        net.CopyTrainedLayersFrom(ModelNets.Weights(ModelNets.Face));
        net.Inputs[0].Data.CopyFrom(values);
        net.Forward();
        Assert.That(_session.Run("data", values, [2, 3, 12, 10])["fc5"].ToArray(),
            Is.EqualTo(net.FindBlob("fc5")!.Data.ToArray()));
    }

    [Test]
    public void BatchesChangeFromRunToRun()
    {
        float[] values = ModelNets.Values(5 * 360);
        float[] five = _session.Run("data", values, 5, 3, 12, 10)["fc5"].ToArray();
        float[] one = _session.Run("data", values.AsSpan(0, 360), 1, 3, 12, 10)["fc5"].ToArray();
        float[] again = _session.Run("data", values, 5, 3, 12, 10)["fc5"].ToArray();
        Assert.That(five, Has.Length.EqualTo(35));
        Assert.That(one, Has.Length.EqualTo(7));
        Assert.That(again, Is.EqualTo(five));
    }

    [Test]
    public void ARunAfterOneThatFailedIsRight()
    {
        float[] values = ModelNets.Values(720);
        float[] right = _session.Run("data", values, 2, 3, 12, 10)["fc5"].ToArray();
        Assert.That(() => _session.Run("data", ModelNets.Values(2 * 3 * 20 * 10), 2, 3, 20, 10),
            Throws.TypeOf<LayerException>().With.Message.Contains("fc5"));
        Assert.That(_session.Run("data", values, 2, 3, 12, 10)["fc5"].ToArray(), Is.EqualTo(right));
    }

    [Test]
    public void InnerBlobsAreKeptWhereAskedFor()
    {
        float[] values = ModelNets.Values(720);
        using Session keeping = _model.CreateSession(new SessionOptions { Blobs = ["conv1"] }),
            keepingAll = _model.CreateSession(new SessionOptions { KeepAll = true });
        float[] conv = keeping.Run("data", values)["conv1"].ToArray();
        Assert.That(keepingAll.Run("data", values)["conv1"].ToArray(), Is.EqualTo(conv));
        Assert.That(conv, Has.Length.EqualTo(2 * 8 * 12 * 10));
        Assert.That(keeping.Run("data", values).Names, Is.EqualTo(new[] { "fc5", "conv1" }));
        float[] buffer = new float[conv.Length];
        _session.Run([new SessionInput("data", values)], [new SessionOutput("conv1", buffer)]);
        Assert.That(buffer, Is.EqualTo(conv));
    }

    [Test]
    public void ARefusedOutputCostsNoOtherItsBlob()
    {
        float[] values = ModelNets.Values(720), room = new float[2 * 8 * 12 * 10];
        Assert.That(() => _session.Run([new SessionInput("data", values)],
            [new SessionOutput("conv1", room), new SessionOutput("conv3", room)]), Throws.TypeOf<NetException>());
        _session.Run([new SessionInput("data", values)], [new SessionOutput("conv1", room)]);
        Assert.That(room, Has.Some.Not.Zero);
    }

    [Test]
    public void AnInnerBlobThatIsNotKeptIsNotRead() => Assert.That(
        () => _session.Run("data", ModelNets.Values(720))["conv1"],
        Throws.TypeOf<NetException>().With.Message.Contains("SessionOptions.Blobs"));

    [Test]
    public void MemoryOfTheCallersIsFilled()
    {
        float[] values = ModelNets.Values(720), room = new float[20];
        float[] right = _session.Run("data", values)["fc5"].ToArray();
        SessionResult result = _session.Run([new SessionInput("data", values, 2, 3, 12, 10)],
            [new SessionOutput("fc5", room)]);
        Assert.That(room[..14], Is.EqualTo(right));
        Assert.That(room[14..], Is.All.Zero);
        Assert.That(result["fc5"].ToArray(), Is.EqualTo(right));
        Assert.That(() => _session.Run([new SessionInput("data", values)], [new SessionOutput("fc5", new float[13])]),
            Throws.ArgumentException.With.Message.Contains("has 14 elements, there is room for 13"));
    }

    [Test]
    public void AResultIsNotReadAfterTheNextRun()
    {
        float[] values = ModelNets.Values(720);
        SessionResult first = _session.Run("data", values);
        SessionBlob features = first["fc5"];
        _session.Run("data", values);
        Assert.That(() => first["fc5"], Throws.InvalidOperationException);
        Assert.That(() => features.ToArray(), Throws.InvalidOperationException.With.Message.Contains("run again"));
        Assert.That(() => features.CopyTo(new float[14]), Throws.InvalidOperationException);
        Assert.That(() => features.Shape, Throws.InvalidOperationException);
        SessionBlob last = _session.Run("data", values)["fc5"];
        _session.Dispose();
        Assert.That(() => last.ToArray(), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => _session.Run("data", values), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void WhatDoesNotFitIsRefused()
    {
        float[] values = ModelNets.Values(720);
        Assert.That(() => _session.Run("dat", values),
            Throws.TypeOf<NetException>().With.Message.Contains("has no input 'dat', did you mean 'data'?"));
        Assert.That(() => _session.Run("data", values, 2, 3, 12, 11), Throws.TypeOf<ShapeException>().With.Message
            .EqualTo("input 'data' of shape 2 3 12 11 (792) has 792 elements, found 720 values"));
        Assert.That(() => _session.Run("data", values, -2, 3, 12, -10), Throws.TypeOf<ShapeException>());
        Assert.That(() => _session.Run(), Throws.TypeOf<NetException>().With.Message.Contains(
            "no values for input 'data'"));
        Assert.That(() => _session.Run(new SessionInput("data", values), new SessionInput("data", values)),
            Throws.TypeOf<NetException>().With.Message.Contains("twice"));
        Assert.That(() => _session.Run("data", values)["fc"],
            Throws.TypeOf<NetException>().With.Message.Contains("did you mean 'fc5'?"));
        Assert.That(() => _model.CreateSession(new SessionOptions { Blobs = ["conv3"] }),
            Throws.TypeOf<NetException>().With.Message.Contains("no blob 'conv3'"));
        Assert.That(() => _model.CreateSession(new SessionOptions { Threads = 0 }),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void AnEmptyBatchGivesAnEmptyResult() =>
        Assert.That(_session.Run("data", [], 0, 3, 12, 10)["fc5"].ToArray(), Is.Empty);

    [Test]
    public async Task RunsGoOnBesideTheCaller()
    {
        float[] values = ModelNets.Values(720);
        float[] right = _session.Run("data", values)["fc5"].ToArray();
        SessionResult result = await _session.RunAsync([new SessionInput("data", values)]);
        Assert.That(result["fc5"].ToArray(), Is.EqualTo(right));
        Assert.That(async () => await _session.RunAsync([new SessionInput("data", values)], new(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_session.Run("data", values)["fc5"].ToArray(), Is.EqualTo(right), "it runs again");
    }

    [Test]
    public void WarmingUpLeavesNothingBehind()
    {
        float[] values = ModelNets.Values(720);
        float[] right = _session.Run("data", values)["fc5"].ToArray();
        using Session warm = _model.CreateSession();
        warm.WarmUp();
        Assert.That(warm.Run("data", values)["fc5"].ToArray(), Is.EqualTo(right));
    }

    [Test]
    public void ARefusedShapeIsNotTheNextRuns()
    {
        float[] values = ModelNets.Values(720);
        float[] right = _session.Run("data", values)["fc5"].ToArray();
        Assert.That(() => _session.Run("data", ModelNets.Values(2 * 3 * 20 * 10), 2, 3, 20, 10),
            Throws.TypeOf<LayerException>());
        Assert.That(_session.Run("data", values)["fc5"].ToArray(), Is.EqualTo(right));
    }

    [Test]
    public void ALaterOutputKeepsTheInputsShape()
    {
        float[] values = ModelNets.Values(5 * 360), room = new float[5 * 8 * 12 * 10];
        float[] right = _session.Run("data", values, 5, 3, 12, 10)["fc5"].ToArray();
        SessionResult result = _session.Run([new SessionInput("data", values)], [new SessionOutput("conv1", room)]);
        Assert.That(result["fc5"].ToArray(), Is.EqualTo(right));
        Assert.That(room[^(8 * 12 * 10)..], Has.Some.Not.Zero);
    }

    [Test]
    public void ALoanOutlivesItsSession()
    {
        float[] values = ModelNets.Values(720);
        float[] right = _session.Run("data", values)["fc5"].ToArray();
        using ReadOnlyElementLoan loan = _session.Run("data", values)["fc5"].Borrow();
        _session.Dispose();
        using Session other = _model.CreateSession();
        other.Run("data", ModelNets.Values(720, 2));
        Assert.That(loan.Span.ToArray(), Is.EqualTo(right));
    }

    [Test]
    public void NothingIsNoInputAndNoOutput()
    {
        float[] values = ModelNets.Values(720);
        Assert.That(() => _session.Run(null!, values), Throws.ArgumentException);
        Assert.That(() => _session.Run(default(SessionInput)), Throws.ArgumentException);
        Assert.That(() => _session.Run([new SessionInput("data", values)], [default(SessionOutput)]),
            Throws.ArgumentException);
        Assert.That(() => _session.Run("data", (IReadOnlyList<ImageInput>)null!), Throws.ArgumentNullException);
        Assert.That(() => _session.Run("data", (IReadOnlyList<ImageInput>)[null!]),
            Throws.TypeOf<AtlException>().With.Message.Contains("image 0"));
        Assert.That(async () => await _session.RunAsync(null!), Throws.ArgumentNullException);
        Assert.That(() => _session.Run("data", values)[null!], Throws.ArgumentNullException);
        Assert.That(() => default(SessionBlob).ToArray(), Throws.InvalidOperationException);
        Assert.That(() => default(SessionBlob).Shape, Throws.InvalidOperationException);
        Assert.That(() => new SessionOptions { Blobs = null! }, Throws.ArgumentNullException);
        Assert.That(() => new ModelOptions { Device = null! }, Throws.ArgumentNullException);
        Assert.That(() => new ModelOptions { Stages = null! }, Throws.ArgumentNullException);
        Assert.That(() => new ModelOptions { Logger = null! }, Throws.ArgumentNullException);
        Assert.That(() => new Preprocessing { Mean = null! }, Throws.ArgumentNullException);
        Assert.That(() => new NetOptions { Device = null! }, Throws.ArgumentNullException);
    }

    [Test]
    public void WarmingUpLeavesAStateAlone()
    {
        using Model model = ModelNets.Make(ModelNets.Sequence);
        float[] first = ModelNets.Values(6, 1), second = ModelNets.Values(6, 2);
        using Session session = model.CreateSession(), warm = model.CreateSession();
        float[] begun = Step(session, first, 0), gone = Step(session, second, 1);
        Assert.That(Step(warm, first, 0), Is.EqualTo(begun));
        warm.WarmUp();
        Assert.That(Step(warm, second, 1), Is.EqualTo(gone));
        Assert.That(Step(warm, second, 0), Is.Not.EqualTo(gone), "the state counts");
    }

    [Test]
    public void ALaterOutputKeepsAState()
    {
        using Model model = ModelNets.Make(ModelNets.Sequence);
        float[] first = ModelNets.Values(6, 1), second = ModelNets.Values(6, 2), room = new float[4];
        using Session session = model.CreateSession(), later = model.CreateSession();
        Step(session, first, 0);
        float[] gone = Step(session, second, 1);
        Step(later, first, 0);
        Assert.That(later.Run([new SessionInput("x", second), new SessionInput("cont", new float[] { 1, 1 })],
            [new SessionOutput("hidden", room)])["out"].ToArray(), Is.EqualTo(gone));
        Assert.That(room, Has.Some.Not.Zero);
    }

    [Test]
    public void TheWeightsAreShared()
    {
        long before = Device.Cpu.BytesInUse;
        using Model model = ModelNets.Make("""
            layer { name: 'data' type: 'Input' top: 'data' input_param { shape { dim: 1 dim: 1000 } } }
            layer { name: 'fc' type: 'InnerProduct' bottom: 'data' top: 'fc' inner_product_param { num_output: 1000 } }
            """);
        long one = Device.Cpu.BytesInUse - before;
        Session[] sessions = [.. Enumerable.Range(0, 4).Select(_ => model.CreateSession())];
        foreach (Session session in sessions) session.Run("data", new float[1000]);
        long all = Device.Cpu.BytesInUse - before;
        foreach (Session session in sessions) session.Dispose();
        Assert.That(one, Is.GreaterThanOrEqualTo(4_000_000));
        Assert.That(all, Is.LessThan(one + 1_000_000));
    }

    private static float[] Step(Session session, float[] values, float continues) => session.Run(
        new SessionInput("x", values), new SessionInput("cont", new[] { continues, 1 }))["out"].ToArray();
}
