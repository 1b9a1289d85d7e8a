using Atl.Devices;

namespace Atl.Operators;

/// <summary>A loss of rows of scores or probabilities, each with one label; the labels have been checked.</summary>
internal abstract class LabelledLoss(Device device) : Operator(device)
{
    /// <summary>Computes the loss, a scalar.</summary>
    public abstract void Forward(Tensor scores, Tensor labels, Tensor loss);

    /// <summary>dScores = weight·∂L/∂scores.</summary>
    public abstract void Backward(Tensor scores, Tensor labels, float weight, Tensor dScores);
}
