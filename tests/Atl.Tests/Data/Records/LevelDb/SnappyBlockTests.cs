using Atl.Data;

namespace Atl.Tests.Data;

/// <summary>What the LevelDB library compresses is in <see cref="LevelDbComparisonTests"/>.</summary>
public sealed class SnappyBlockTests
{
    [TestCase("00", "")]
    [TestCase("03 08 616263", "616263")]
    [TestCase("03 F0 02 616263", "616263", Description = "the run's length in a byte")]
    [TestCase("03 FC 02000000 616263", "616263", Description = "the run's length in four bytes")]
    [TestCase("08 08 616263 05 03", "6162636162636162", Description = "a copy of 5 that repeats what it writes")]
    [TestCase("06 08 616263 0A 0300", "616263616263", Description = "from two bytes back")]
    [TestCase("06 08 616263 0B 03000000", "616263616263", Description = "from four bytes back")]
    public void RunsAndCopiesAreRestored(string compressed, string expected)
    {
        byte[] plain = [];
        Assert.That(SnappyBlock.TryRestore(Bytes(compressed), ref plain, out int length), Is.True);
        Assert.That(Convert.ToHexString(plain.AsSpan(0, length)), Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("80", Description = "half a length")]
    [TestCase("FFFFFFFF07 08 616263", Description = "a length that so few bytes cannot have")]
    [TestCase("04 08 616263", Description = "fewer bytes than said")]
    [TestCase("02 08 616263", Description = "more bytes than said")]
    [TestCase("04 0C 616263", Description = "a run beyond the end")]
    [TestCase("03 FC FFFFFFFF 616263", Description = "a run of four billion")]
    [TestCase("03 F4 02", Description = "half a run's length")]
    [TestCase("07 08 616263 01 00", Description = "a copy from nowhere")]
    [TestCase("07 08 616263 01 04", Description = "a copy from before the beginning")]
    [TestCase("06 08 616263 01 03", Description = "a copy beyond the end")]
    [TestCase("07 08 616263 0F 0300", Description = "half a copy")]
    [TestCase("07 08 616263 0F FFFFFFFF", Description = "a copy from four billion bytes back")]
    public void DamageIsFound(string compressed)
    {
        byte[] plain = [];
        Assert.That(SnappyBlock.TryRestore(Bytes(compressed), ref plain, out _), Is.False);
        Assert.That(plain, Has.Length.LessThan(100));
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
