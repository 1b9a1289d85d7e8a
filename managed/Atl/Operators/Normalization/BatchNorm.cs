using Atl.Devices;

namespace Atl.Operators;

/// <summary>Batch normalization of a shape.</summary>
/// <param name="Shape">The shape N × C × spatial of x and y.</param>
/// <param name="Eps">What is added to the variance.</param>
/// <param name="Global">Whether the stored statistics are used rather than those of the batch.</param>
/// <param name="Fraction">By how much the stored statistics fade at each batch.</param>
/// <param name="Share">By what a batch's statistics are multiplied before they are stored.</param>
/// <param name="Unbiased">Whether m / (m − 1) times the variance of m values is stored.</param>
internal sealed record BatchNormSpec(
    Shape Shape, float Eps, bool Global, float Fraction, float Share = 1, bool Unbiased = true)
    : OperatorSpec<BatchNorm>
{
    /// <summary>By what a batch's biased variance is multiplied before it is stored.</summary>
    public float VarianceShare
    {
        get
        {
            long values = Shape[1] == 0 ? 0 : Shape.Count / Shape[1];
            return Share * (Unbiased && values > 1 ? (float)((double)values / (values - 1)) : 1);
        }
    }
}

/// <summary>
/// y = (x − μ_c) / √(σ²_c + eps) on whatever layout x lies in. (Ioffe and Szegedy 2015.) The statistics are stored as
/// Caffe stores them: sums of means and of unbiased variances that fade, and the sum of the weights by which to divide
/// them.
/// </summary>
internal abstract class BatchNorm(Device device) : Operator(device)
{
    /// <summary>
    /// Normalizes by the stored statistics, or by those of the batch, which then are added to the stored ones:
    /// mean ← fraction·mean + share·μ, variance ← fraction·variance + share·m/(m−1)·σ² (or share·σ²),
    /// weight ← fraction·weight + share. y may be x.
    /// </summary>
    public abstract void Forward(Tensor x, Tensor y, Tensor mean, Tensor variance, Tensor weight);

    /// <summary>dx from dy and, unless the statistics are the stored ones, from the x of the last forward. dx may be
    /// dy.</summary>
    public abstract void Backward(Tensor x, Tensor dy, Tensor dx);
}
