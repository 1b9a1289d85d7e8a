namespace Atl.Layers;

/// <summary>A layer that knows what to change in its settings where training diverges.</summary>
internal interface IDivergenceHint
{
    /// <summary>The setting to change; null if the settings give no cause.</summary>
    string? DivergenceHint { get; }

    /// <summary>Whether this is a fault of the net, which comes before the learning rate.</summary>
    bool HintsAtFault => false;
}
