namespace Atl.Layers;

/// <summary>Whether layers have asked for their phase while nets were built: where none has, and no rule leaves a layer
/// out, the net of the other phase is the same.</summary>
internal sealed class PhaseWatch
{
    /// <summary>Whether one has.</summary>
    public bool WasAsked { get; private set; }

    /// <summary>A layer asks.</summary>
    public void Ask() => WasAsked = true;
}
