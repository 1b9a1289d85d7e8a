namespace Atl.Tests;

public class RandomStreamTests
{
    // Known-answer vectors of Random123 (Salmon et al.): philox4x32-10 with counter and key zero, and with all bits set
    // in the words that we use.
    [Test]
    public void PhiloxGivesThePublishedWords()
    {
        uint[] words = new uint[4];
        RandomStream.Philox(0, 0, words);
        Assert.That(words, Is.EqualTo(new uint[] { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 }));
    }

    [Test]
    public void TheSamePositionGivesTheSameNumbers()
    {
        RandomStream first = new(7, "conv1/0"), second = new(7, "conv1/0");
        for (int i = 0; i < 5; i++) first.NextUInt32();
        second.Position = 5;
        Assert.That(first.NextGaussian(), Is.EqualTo(second.NextGaussian()));
    }

    [Test]
    public void StreamsOfOtherNamesAndSeedsDiffer()
    {
        uint[] words = [new RandomStream(7, "a").NextUInt32(), new RandomStream(7, "b").NextUInt32(),
            new RandomStream(8, "a").NextUInt32()];
        Assert.That(words, Is.Unique);
    }

    [Test]
    public void UniformAndGaussianHaveTheirMoments()
    {
        RandomStream stream = new(1);
        double sum = 0, squares = 0, normal = 0, normalSquares = 0;
        const int Count = 200_000;
        for (int i = 0; i < Count; i++)
        {
            double u = stream.NextSingle(), g = stream.NextGaussian();
            sum += u;
            squares += u * u;
            normal += g;
            normalSquares += g * g;
        }
        Assert.Multiple(() =>
        {
            Assert.That(sum / Count, Is.EqualTo(0.5).Within(0.005));
            Assert.That(squares / Count, Is.EqualTo(1.0 / 3).Within(0.005));
            Assert.That(normal / Count, Is.EqualTo(0).Within(0.01));
            Assert.That(normalSquares / Count, Is.EqualTo(1).Within(0.015));
        });
    }
}
