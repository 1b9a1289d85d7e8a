namespace Atl.Face;

/// <summary>The measure that a threshold is chosen for.</summary>
public enum ThresholdMeasure
{
    /// <summary>The lowest threshold at which no more than a given fraction of impostor pairs is accepted.</summary>
    FalseAcceptRate,

    /// <summary>The threshold at which as large a fraction of impostor pairs is accepted as of genuine pairs
    /// refused.</summary>
    EqualErrorRate,

    /// <summary>The threshold at which most pairs are told rightly: the best mean of the true accept rate and of 1 −
    /// the false accept rate.</summary>
    Accuracy,
}
