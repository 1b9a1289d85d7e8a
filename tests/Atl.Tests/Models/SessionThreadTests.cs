using Atl.Devices.Cpu;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Models;

/// <summary>Sessions on many threads: the same bits, never more threads than cores, and nothing left behind.</summary>
public sealed class SessionThreadTests
{
    [TestCase(null)]
    [TestCase(1)]
    public void EightSessionsGiveTheBitsOfOne(int? threads)
    {
        using Model model = ModelNets.Make(ModelNets.Face);
        using Session alone = model.CreateSession();
        float[][] inputs = [.. Enumerable.Range(0, 8).Select(i => ModelNets.Values((1 + (i % 3)) * 360, i))];
        float[][] right = [.. inputs.Select(values => Features(alone, values))];
        int wrong = 0;
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, worker =>
        {
            using Session session = model.CreateSession(new SessionOptions { Threads = threads });
            for (int run = 0; run < 20; run++)
            {
                int input = (worker + run) % inputs.Length;
                if (!Features(session, inputs[input]).AsSpan().SequenceEqual(right[input]))
                    Interlocked.Increment(ref wrong);
            }
        });
        Assert.That(wrong, Is.Zero);
    }

    [TestCase("atl", 112)]
    [TestCase("sphereface20", 96)]
    public void ManySessionsOfAFaceNetGiveTheBitsOfOne(string example, int width)
    {
        NetParameter net = ProtoFiles.ReadNet(
            Path.Combine(TestData.RepositoryRoot, "examples", example, "face_deploy.prototxt"));
        using Model model = Model.Untrained(net);
        string output = model.Outputs.Single().Name;
        float[] face = ModelNets.Values(3 * 112 * width);
        int[] shape = [1, 3, 112, width];
        float[] right;
        using (Session alone = model.CreateSession()) right = alone.Run("data", face, shape)[output].ToArray();
        float[][] found = new float[8][];
        Parallel.For(0, found.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            using Session session = model.CreateSession(new SessionOptions { Threads = 1 + (i % 2) });
            found[i] = session.Run("data", face, shape)[output].ToArray();
        });
        Assert.That(right, Has.Some.Not.Zero);
        Assert.That(found, Is.All.EqualTo(right));
    }

    [Test]
    public void AnotherThreadIsRefused()
    {
        using Model model = ModelNets.Make(ModelNets.Face);
        using Session session = model.CreateSession();
        CoreBudget.Loan all = CoreBudget.Process.Borrow(CoreBudget.Process.Cores);
        Task<SessionResult> waiting = session.RunAsync([new SessionInput("data", ModelNets.Values(720))]);
        Assert.That(() => session.Run("data", ModelNets.Values(720)),
            Throws.InvalidOperationException.With.Message.Contains("in use by another thread"));
        Assert.That(session.Dispose, Throws.InvalidOperationException);
        all.Dispose();
        Assert.That(waiting.GetAwaiter().GetResult()["fc5"].ToArray(), Has.Length.EqualTo(14));
    }

    [Test]
    public void ARunThatIsCanceledWhileItWaitsEnds()
    {
        using Model model = ModelNets.Make(ModelNets.Face);
        using Session session = model.CreateSession();
        using CancellationTokenSource cancellation = new();
        CoreBudget.Loan all = CoreBudget.Process.Borrow(CoreBudget.Process.Cores);
        Task<SessionResult> waiting = session.RunAsync([new SessionInput("data", ModelNets.Values(720))],
            cancellation.Token);
        cancellation.Cancel();
        all.Dispose();
        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(session.Run("data", ModelNets.Values(720))["fc5"].ToArray(), Has.Length.EqualTo(14));
    }

    [Test]
    public void WaitingForCoresCanBeCanceled()
    {
        CoreBudget budget = new(2);
        using CancellationTokenSource cancellation = new();
        using CoreBudget.Loan all = budget.Borrow(2);
        Task<CoreBudget.Loan> waiting = Task.Run(() => budget.Borrow(2, cancellation.Token));
        Task<CoreBudget.Loan> next = Task.Run(() => budget.Borrow(1));
        cancellation.Cancel();
        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(budget.Lent, Is.EqualTo(2));
        using (all.LayDown()) next.GetAwaiter().GetResult().Dispose();
        Assert.That(budget.Lent, Is.EqualTo(2));
    }

    [Test, CancelAfter(60_000)]
    public void ARunInsideARunTakesItsCores()
    {
        LogCapture log = new();
        using Model model = ModelNets.Make("debug_info: true " + ModelNets.Face, new ModelOptions { Logger = log });
        using Model face = ModelNets.Make(ModelNets.Face);
        using Session outer = model.CreateSession(), inner = face.CreateSession();
        float[] right = Features(inner, ModelNets.Values(360)), found = [];
        Exception? within = null, elsewhere = null;
        log.OnLine = _ =>
        {
            log.OnLine = null;
            found = Features(inner, ModelNets.Values(360));
            within = Caught(() => inner.RunAsync([new SessionInput("data", ModelNets.Values(360), 1, 3, 12, 10)]));
            elsewhere = Task.Run(() => Caught(() => Features(inner, ModelNets.Values(360)))).Result;
        };
        Features(outer, ModelNets.Values(360));
        Assert.That(found, Is.EqualTo(right));
        Assert.That(within, Is.TypeOf<InvalidOperationException>());
        Assert.That(elsewhere, Is.TypeOf<InvalidOperationException>().With.Message.Contains("inside a session's run"));
        Assert.That(CoreBudget.Process.Lent, Is.Zero);
        Assert.That(Features(inner, ModelNets.Values(360)), Is.EqualTo(right));
    }

    [Test, CancelAfter(60_000)]
    public void ALoggerMayCreateASession()
    {
        LogCapture log = new();
        using Model model = ModelNets.Make(ModelNets.Face, new ModelOptions { Logger = log });
        float[] found = [];
        log.OnLine = _ =>
        {
            log.OnLine = null;
            using Session another = Task.Run(() => model.CreateSession()).Result;
            found = Features(another, ModelNets.Values(360));
        };
        using Session session = model.CreateSession();
        Assert.That(found, Is.EqualTo(Features(session, ModelNets.Values(360))));
    }

    [Test]
    public void ManyThreadsDisposeASessionOnce()
    {
        Model model = ModelNets.Make(ModelNets.Face);
        for (int round = 0; round < 20; round++)
        {
            Session session = model.CreateSession();
            Features(session, ModelNets.Values(360));
            Parallel.For(0, 8, _ => session.Dispose());
        }
        using Session last = model.CreateSession();
        model.Dispose();
        Assert.That(Features(last, ModelNets.Values(360)), Has.Some.Not.Zero, "its weights are there");
    }

    [Test]
    public void CoresAreLentInTurnAndNeverTwice()
    {
        CoreBudget budget = new(3);
        int lent = 0, most = 0;
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            int count = 1 + (i % 3);
            using CoreBudget.Loan loan = budget.Borrow(count);
            int now = Interlocked.Add(ref lent, count);
            InterlockedMax(ref most, now);
            Thread.SpinWait(200);
            Interlocked.Add(ref lent, -count);
        });
        Assert.That(most, Is.LessThanOrEqualTo(3));
        Assert.That(budget.Lent, Is.Zero);
    }

    [Test]
    public void ThreadsAreTheSessionsOwn()
    {
        using Model model = ModelNets.Make(ModelNets.Face);
        int before = CpuDevice.Threads;
        using Session one = model.CreateSession(new SessionOptions { Threads = 1 }),
            all = model.CreateSession(new SessionOptions { Threads = int.MaxValue });
        one.WarmUp();
        Assert.That(one.Threads, Is.EqualTo(1));
        Assert.That(all.Threads, Is.EqualTo(CoreBudget.Process.Cores));
        Assert.That(CpuDevice.Threads, Is.EqualTo(before), "the caller's are its own");
    }

    [Test]
    public void AForgottenSessionGivesMemoryAndThreadBack()
    {
        using Model model = ModelNets.Make(ModelNets.Face);
        WeakReference[] forgotten = [.. Enumerable.Range(0, 5).Select(_ => Forget(model))];
        for (int i = 0; i < 50 && forgotten.Any(session => session.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(10);
        }
        Assert.That(forgotten.Select(session => session.IsAlive), Is.All.False);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static WeakReference Forget(Model model)
        {
            Session session = model.CreateSession();
            session.Run("data", ModelNets.Values(720));
            return new WeakReference(session);
        }
    }

    private static float[] Features(Session session, float[] values) =>
        session.Run("data", values, values.Length / 360, 3, 12, 10)["fc5"].ToArray();

    private static Exception? Caught(Action work)
    {
        try
        {
            work();
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private static Exception? Caught(Func<Task> work) => Caught(() => work().GetAwaiter().GetResult());

    private static void InterlockedMax(ref int most, int value)
    {
        for (int seen = Volatile.Read(ref most); seen < value;)
        {
            int found = Interlocked.CompareExchange(ref most, value, seen);
            if (found == seen) return;
            seen = found;
        }
    }
}
