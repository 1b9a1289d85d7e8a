using Atl.Layers;
using Atl.Proto;

namespace Atl.Tests.GradientChecking;

/// <summary>A bottom of a gradient case.</summary>
/// <param name="Shape">Its shape.</param>
/// <param name="Values">What fills it.</param>
internal sealed record BottomSpec(Shape Shape, Values Values)
{
    /// <summary>A bottom of uniform values in [-1, 1).</summary>
    public BottomSpec(params int[] dims)
        : this(new Shape(dims), Fill.Uniform())
    {
    }

    /// <summary>A bottom of a shape and what fills it.</summary>
    public BottomSpec(Values values, params int[] dims)
        : this(new Shape(dims), values)
    {
    }
}

/// <summary>One layer with inputs whose gradients are compared with differences; see
/// <see cref="GradientChecker"/>.</summary>
/// <param name="Name">The test's name; begins with the layer's type.</param>
/// <param name="Layer">The layer as prototxt (the fields of LayerParameter): <c>type: "ReLU" relu_param {
/// negative_slope: 0.1 }</c>.</param>
/// <param name="Bottoms">The bottoms.</param>
internal sealed record GradientCase(string Name, string Layer, params BottomSpec[] Bottoms)
{
    /// <summary>How many tops the layer makes.</summary>
    public int Tops { get; init; } = 1;

    /// <summary>The tops that count; null: all. The others get a zero diff.</summary>
    public int[]? CheckTops { get; init; }

    /// <summary>The bottoms whose diffs are checked; null: all that can have one.</summary>
    public int[]? CheckBottoms { get; init; }

    /// <summary>The parameters whose diffs are checked; null: all.</summary>
    public int[]? CheckParams { get; init; }

    /// <summary>What fills the parameters, in their order; null, or beyond its end: what the layer's fillers
    /// gave.</summary>
    public Values[]? Params { get; init; }

    /// <summary>The step of the central differences.</summary>
    public float Step { get; init; } = 1e-2f;

    /// <summary>The allowed difference, times max(1, |gradient|).</summary>
    public double Threshold { get; init; } = 1e-3;

    /// <summary>Whether the layer is also run with its first top in place of its first bottom, to the same
    /// results.</summary>
    public bool InPlace { get; init; }

    /// <summary>The net's phase where the layer text names none.</summary>
    public Phase Phase { get; init; } = Phase.Train;

    /// <summary>The seed of the inputs and of the layer's own draws.</summary>
    public ulong Seed { get; init; } = 1701;

    /// <summary>What makes the layer: the registry, unless a test brings a layer of its own.</summary>
    public Func<LayerParameter, LayerContext, Layer> Make { get; init; } = LayerRegistry.Create;

    /// <summary>The parsed layer.</summary>
    public LayerParameter ToParameter()
    {
        LayerParameter parameter = TextFormat.Parse<LayerParameter>(Layer, Name);
        if (!parameter.HasName) parameter.Name = "tested";
        if (!parameter.HasPhase) parameter.Phase = Phase;
        return parameter;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
