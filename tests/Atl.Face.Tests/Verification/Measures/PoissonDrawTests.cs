using Atl.Face.Verification;

namespace Atl.Face.Tests.Verification;

[TestFixture]
public sealed class PoissonDrawTests
{
    // 20,000 draws against the probabilities e^−μ μ^k / k!: the chi-square of d cells has mean d and variance 2d.
    [TestCase(1)]
    [TestCase(4)]
    [TestCase(10)]
    [TestCase(11)]
    [TestCase(40)]
    [TestCase(300)]
    public void DrawsHaveTheProbabilitiesOfTheFormula(int mean)
    {
        const int Draws = 20000;
        var random = new RandomStream(3, "poisson");
        var counts = new Dictionary<long, int>();
        for (int i = 0; i < Draws; i++)
        {
            long k = PoissonDraw.Next(random, mean);
            counts[k] = counts.GetValueOrDefault(k) + 1;
        }

        double probability = Math.Exp(-mean), square = 0, rest = Draws, restCounted = Draws;
        int cells = 0;
        for (int k = 0; k < (3 * mean) + 30; k++)
        {
            double expected = Draws * probability;
            if (expected >= 10)
            {
                int counted = counts.GetValueOrDefault(k);
                square += (counted - expected) * (counted - expected) / expected;
                (rest, restCounted, cells) = (rest - expected, restCounted - counted, cells + 1);
            }

            probability *= mean / (k + 1.0);
        }

        square += (restCounted - rest) * (restCounted - rest) / rest;
        Assert.That(square, Is.LessThan(cells + (4 * Math.Sqrt(2 * cells))));
    }
}
