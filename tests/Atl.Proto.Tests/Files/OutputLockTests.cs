using Atl.TestSupport;

namespace Atl.Proto.Tests.Files;

/// <summary>Locks between parts of one process, and what files of ended ones are worth. TwoRunsTests has two
/// processes.</summary>
public sealed class OutputLockTests : FolderFixture
{
    private const string Dead = "process 1 on elsewhere since 2020-01-01 00:00:00 UTC\n";

    private string Output => _folder["out"];

    private string LockFile => Output + OutputLock.Ending;

    [Test]
    public void TheSecondIsTurnedAwayAndTheFileGoesWithTheFirst()
    {
        using (OutputLock first = Take())
        {
            Assert.That(first, Is.Not.Null);
            Assert.That(File.ReadAllText(LockFile),
                Does.Match(@"^process \d+ on \S+ since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\n$"));
            AtlException error = Assert.Throws<AtlException>(() => Take())!;
            Assert.That(error.Message,
                Does.StartWith($"{Output}: ").And.Contain("is writing things here").And.Contain(LockFile));
            Assert.That(File.Exists(LockFile), "the first one has it still");
            first.Dispose();
        }
        Assert.That(File.Exists(LockFile), Is.False);
        Take().Dispose();
    }

    [TestCase(Dead, TestName = "AFileOfADeadOneHoldsNothing")]
    [TestCase("", TestName = "AnEmptyFileHoldsNothing")]
    [TestCase("#rocess 1 on elsewhere\n", TestName = "AFileWhoseOwnerDiedAsItGaveItBackHoldsNothing")]
    [TestCase("\0\u0001junk", TestName = "JunkHoldsNothing")]
    public void WhatIsLeftIsTakenOver(string text)
    {
        File.WriteAllText(LockFile, text);
        using (Take()) Assert.That(File.ReadAllText(LockFile), Does.StartWith($"process {Environment.ProcessId} on "));
        Assert.That(File.Exists(LockFile), Is.False);
    }

    [Test]
    public void ACopiedFolderIsFree()
    {
        Directory.CreateDirectory(_folder["a"]);
        Directory.CreateDirectory(_folder["b"]);
        using OutputLock first = OutputLock.Take(_folder["a/out"], "things", Assert.Fail);
        File.Copy(_folder["a/out.lock"], _folder["b/out.lock"]);
        using OutputLock second = OutputLock.Take(_folder["b/out"], "things", Assert.Fail);
        Assert.That(second, Is.Not.SameAs(first));
    }

    [Test]
    public void TheLockIsThatOfTheFolderWithAndWithoutAnEndingSlash()
    {
        using OutputLock first = Take();
        Assert.That(() => OutputLock.Take(Output + "/", "things", Assert.Fail), Throws.TypeOf<AtlException>());
    }

    [Test]
    public void WithoutItsFolderThereIsNoLockAndNoError()
    {
        using OutputLock nothing = OutputLock.Take(_folder["missing/out"], "things", Assert.Fail);
        Assert.That(Directory.Exists(_folder["missing"]), Is.False);
    }

    [Test]
    public void WhereNoFileCanBeMadeItIsSaidAndWorkGoesOn()
    {
        Directory.CreateDirectory(LockFile);
        List<string> notes = [];
        using (OutputLock.Take(Output, "things", notes.Add))
            Assert.That(notes.Single(),
                Does.StartWith($"{LockFile}: cannot create a lock").And.Contain("cannot detect another run"));
        Assert.That(Directory.Exists(LockFile));
    }

    [Test]
    public void AFolderThatGoesMeanwhileIsNoError()
    {
        Directory.CreateDirectory(_folder["gone"]);
        OutputLock held = OutputLock.Take(_folder["gone/out"], "things", Assert.Fail);
        Directory.Delete(_folder["gone"], recursive: true);
        Assert.That(held.Dispose, Throws.Nothing);
    }

    [Test]
    public void ThoseThatWaitComeOneAfterTheOther()
    {
        int inside = 0, most = 0;
        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            using OutputLock only = OutputLock.Wait(Output);
            int now = Interlocked.Increment(ref inside);
            InterlockedMax(ref most, now);
            Thread.Sleep(1);
            Interlocked.Decrement(ref inside);
        });
        Assert.That(most, Is.EqualTo(1));
        Assert.That(File.Exists(LockFile), Is.False);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (int seen = target; seen < value
            && Interlocked.CompareExchange(ref target, value, seen) != seen; seen = target)
        {
        }
    }

    private OutputLock Take() => OutputLock.Take(Output, "things", Assert.Fail);
}
