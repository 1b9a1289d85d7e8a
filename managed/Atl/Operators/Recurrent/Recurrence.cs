using Atl.Devices;

namespace Atl.Operators;

/// <summary>The step of a sequence; the values are those of <c>atl_cell</c> in atl/recurrence.h.</summary>
internal enum RecurrentCell
{
    /// <summary>h = tanh(a).</summary>
    Tanh = 0,

    /// <summary>c = f·c₋₁ + σ(aᵢ)·tanh(a_g), h = σ(aₒ)·tanh(c), f = cont·σ(a_f). Gates in the order i, f, o,
    /// g.</summary>
    Lstm = 1,
}

/// <summary>Sequences of one cell.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Steps">T: the steps.</param>
/// <param name="Streams">N: the sequences side by side.</param>
/// <param name="Width">D: the width of the state.</param>
internal sealed record RecurrenceSpec(RecurrentCell Cell, int Steps, int Streams, int Width) : OperatorSpec<Recurrence>
{
    /// <summary>The width of a step's sums: D for tanh, 4·D for LSTM.</summary>
    public int Gates => Cell == RecurrentCell.Lstm ? checked(4 * Width) : Width;
}

/// <summary>a[t] = gates[t] + fixed + W·(cont[t]·h[t − 1]), then the cell; and its gradient through time.</summary>
internal abstract class Recurrence(Device device) : Operator(device)
{
    /// <summary>Computes the states after each step.</summary>
    /// <param name="cont">T × N: 0 where a sequence begins.</param>
    /// <param name="weights">W, Gates × D.</param>
    /// <param name="fixedInput">N × Gates, the same at every step; null for none.</param>
    /// <param name="h0">N × D: h before the first step.</param>
    /// <param name="c0">N × D: c before the first step; null for tanh.</param>
    /// <param name="gates">T × N × Gates: the inputs' part of the sums; receives their activations.</param>
    /// <param name="h">T × N × D: receives h.</param>
    /// <param name="c">T × N × D: receives c; null for tanh.</param>
    public abstract void Forward(Tensor cont, Tensor weights, Tensor? fixedInput, Tensor h0, Tensor? c0, Tensor gates,
        Tensor h, Tensor? c);

    /// <summary>Turns the activations of the last forward into the gradient of the sums.</summary>
    /// <param name="cont">As in forward.</param>
    /// <param name="weights">As in forward.</param>
    /// <param name="c0">As in forward.</param>
    /// <param name="h">What forward gave.</param>
    /// <param name="c">What forward gave.</param>
    /// <param name="dh">The gradient of h from outside the sequence.</param>
    /// <param name="gates">What forward left; receives the gradient of the sums.</param>
    /// <param name="dFixed">Receives the gradient of the fixed input; null: not wanted.</param>
    /// <param name="dWeights">The gradient of W is added to it; null: not wanted.</param>
    public abstract void Backward(Tensor cont, Tensor weights, Tensor? c0, Tensor h, Tensor? c, Tensor dh, Tensor gates,
        Tensor? dFixed, Tensor? dWeights);
}
