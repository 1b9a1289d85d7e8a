using Atl.Solvers;
using Atl.TestSupport;

namespace Atl.Tests.Solvers;

public class SmoothedLossTests
{
    [Test]
    [CaffeBehaviour(CaffeBehaviour.AverageLoss)]
    public void ItIsTheMeanOfTheLastLosses()
    {
        SmoothedLoss smoothed = new(3, 100);
        float[] losses = [1, 2, 6, 4, 8], expected = [1, 1.5f, 3, 4, 6], found = new float[5];
        for (int i = 0; i < losses.Length; i++)
        {
            smoothed.Add(losses[i], 100 + i);
            found[i] = smoothed.Value;
        }
        Assert.That(found, Is.EqualTo(expected).Within(1e-6f));
    }
}
