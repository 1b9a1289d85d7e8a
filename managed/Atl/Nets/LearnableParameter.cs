namespace Atl;

/// <summary>A parameter that a solver updates; parameters that share one are listed once, under the first layer that
/// has it.</summary>
/// <param name="Blob">The values and their gradient.</param>
/// <param name="Layer">The name of the layer that owns it.</param>
/// <param name="Index">Its place among the layer's parameters.</param>
public sealed record LearnableParameter(Blob Blob, string Layer, int Index)
{
    /// <summary>The factor of the learning rate (lr_mult).</summary>
    public float LrMultiplier { get; internal set; } = 1;

    /// <summary>The factor of the weight decay (decay_mult).</summary>
    public float DecayMultiplier { get; internal set; } = 1;
}
