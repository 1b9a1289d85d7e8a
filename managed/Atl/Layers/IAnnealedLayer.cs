namespace Atl.Layers;

/// <summary>A layer with a weight λ that is annealed over its forwards, such as MarginInnerProduct.</summary>
public interface IAnnealedLayer
{
    /// <summary>λ of the last forward; before the first, what it will be in the first.</summary>
    float Lambda { get; }

    /// <summary>Sets the count of forwards to that of a run resumed after so many, where a solver state does not hold it.</summary>
    void ResumeAfter(long forwards);
}
