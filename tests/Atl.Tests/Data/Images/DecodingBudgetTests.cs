using Atl.Data;

namespace Atl.Tests.Data;

/// <summary>Large images wait for each other, small ones for nobody.</summary>
[NonParallelizable]
public class DecodingBudgetTests
{
    [Test]
    public void ALargePictureWaitsUntilOthersAreLetGo()
    {
        long most = ImageLimits.MaxPixels;
        DecodingBudget.Take(most);
        Task second = Task.Run(() => DecodingBudget.Take(DecodingBudget.SmallPixels + 1));
        try
        {
            Assert.That(second.Wait(200), Is.False, "it waits");
            DecodingBudget.Take(DecodingBudget.SmallPixels);
            DecodingBudget.Return(DecodingBudget.SmallPixels);
        }
        finally
        {
            DecodingBudget.Return(most);
        }
        Assert.That(second.Wait(10_000), Is.True);
        DecodingBudget.Return(DecodingBudget.SmallPixels + 1);
    }

    [Test]
    public void APictureBeyondTheWholeBudgetIsAloneAndNotLeftOut()
    {
        DecodingBudget.Take(2L * ImageLimits.MaxPixels);
        DecodingBudget.Return(2L * ImageLimits.MaxPixels);
    }
}
