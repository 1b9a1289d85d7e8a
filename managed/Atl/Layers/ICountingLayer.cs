namespace Atl.Layers;

/// <summary>A layer that counts its forwards, because something in it changes with them.</summary>
internal interface ICountingLayer
{
    /// <summary>Sets the count of forwards to that of a run resumed after so many, where a solver state does not hold
    /// it.</summary>
    void ResumeAfter(long forwards);
}
