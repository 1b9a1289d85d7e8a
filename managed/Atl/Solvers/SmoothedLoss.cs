namespace Atl.Solvers;

/// <summary>The mean loss of the last average_loss iterations: what the log displays. (Caffe's
/// Solver::UpdateSmoothedLoss.)</summary>
internal sealed class SmoothedLoss(int window, int startIteration)
{
    private readonly List<float> _losses = [];

    public float Value { get; private set; }

    public void Add(float loss, int iteration)
    {
        if (_losses.Count < window)
        {
            _losses.Add(loss);
            Value = (Value * (_losses.Count - 1) + loss) / _losses.Count;
            return;
        }
        int oldest = (iteration - startIteration) % window;
        Value += (loss - _losses[oldest]) / window;
        _losses[oldest] = loss;
    }
}
