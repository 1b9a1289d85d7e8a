using Atl.Devices;

namespace Atl.Operators;

/// <summary>One step of LSTM cells.</summary>
/// <param name="Streams">N: the cells side by side.</param>
/// <param name="Width">D: the width of the state.</param>
internal sealed record LstmUnitSpec(int Streams, int Width) : OperatorSpec<LstmUnit>;

/// <summary>The step of <see cref="RecurrentCell.Lstm"/>, given its sums.</summary>
internal abstract class LstmUnit(Device device) : Operator(device)
{
    /// <summary>Computes c and h.</summary>
    /// <param name="cBefore">N × D: c before the step.</param>
    /// <param name="cont">N: 0 where a sequence begins.</param>
    /// <param name="sums">N × 4·D: the gates' sums.</param>
    /// <param name="c">Receives c.</param>
    /// <param name="h">Receives h.</param>
    public abstract void Forward(Tensor cBefore, Tensor cont, Tensor sums, Tensor c, Tensor h);

    /// <summary>Computes the gradients of c before the step and of the sums; cBefore, cont and c are those of the last
    /// forward.</summary>
    public abstract void Backward(Tensor cBefore, Tensor cont, Tensor c, Tensor dc, Tensor dh, Tensor dcBefore,
        Tensor dSums);
}
