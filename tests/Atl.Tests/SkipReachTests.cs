using Atl.TestSupport;

namespace Atl.Tests;

public sealed class SkipReachTests
{
    [TestCase(nameof(Tests.Direct), "Direct -> Ignore")]
    [TestCase(nameof(Tests.NeedsData), "NeedsData -> Require -> Ignore")]
    [TestCase(nameof(Tests.Delegated), "-> Inconclusive")]
    [TestCase(nameof(Tests.Later), "MoveNext -> Direct -> Ignore")]
    [TestCase(nameof(Tests.Switched), "Switched -> Generic -> That")]
    public void ACallThatSkipsIsFound(string test, string path) =>
        Assert.That(SkipReach.OfTest(typeof(Tests).GetMethod(test)!),
            Does.StartWith($"Tests.{test}: ").And.EndWith(path));

    [Test]
    public void ASetUpThatSkipsIsFound() =>
        Assert.That(SkipReach.OfTest(typeof(Prepared).GetMethod(nameof(Prepared.Plain))!),
            Does.EndWith("Prepare -> Ignore"));

    [Test]
    public void ATestThatAlwaysRunsHasNone() =>
        Assert.That(SkipReach.OfTest(typeof(Tests).GetMethod(nameof(Tests.Plain))!), Is.Null);

    // Looked at, never run.
    private static class Tests
    {
        public static void Plain() => Assert.That(new int[] { 1, 2 }.Select(x => x + 1), Is.Not.Empty);

        public static void Direct() => Assert.Ignore("no GPU");

        public static void NeedsData() => TestData.Require("mnist");

        public static void Delegated() => Array.ForEach([1], _ => Assert.Inconclusive("no GPU"));

        public static async Task Later()
        {
            await Task.Yield();
            Direct();
        }

        public static void Switched()
        {
            switch (Environment.ProcessorCount)
            {
                case 1: Plain(); break;
                case 2: Plain(); break;
                case 3: Plain(); break;
                case 4: Generic(2.5); break;
            }
        }

        private static void Generic<T>(T value) => Assume.That(value, Is.EqualTo(value));
    }

    private sealed class Prepared
    {
        [SetUp]
        public void Prepare() => Assert.Ignore("no GPU");

        public static void Plain()
        {
        }
    }
}
