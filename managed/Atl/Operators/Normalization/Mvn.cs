using Atl.Devices;

namespace Atl.Operators;

/// <summary>Rows that are brought to mean 0 and, where asked, deviation 1.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="Size">The elements of a row.</param>
/// <param name="Divide">Whether rows are divided by their deviation.</param>
/// <param name="Epsilon">Added to the deviation.</param>
internal sealed record MvnSpec(int Rows, long Size, bool Divide, float Epsilon) : OperatorSpec<Mvn>;

/// <summary>y = (x − mean) / (√mean((x − mean)²) + ε) for each row, or y = x − mean.</summary>
internal abstract class Mvn(Device device) : Operator(device)
{
    /// <summary>Computes y, which may be x.</summary>
    public abstract void Forward(Tensor x, Tensor y);

    /// <summary>
    /// dx = (dy − mean(dy) − y·mean(y·dy)) / (deviation + ε), as Caffe has it: the derivative as long as ε is small
    /// beside the deviation. y is that of the last forward.
    /// </summary>
    public abstract void Backward(Tensor y, Tensor dy, Tensor dx);
}
