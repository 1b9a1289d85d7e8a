namespace Atl;

/// <summary>An input or an output of a <see cref="Model"/>: its name, the shape that the prototxt gives it, and what of
/// that shape may vary.</summary>
/// <param name="Name">The blob's name.</param>
/// <param name="Shape">The shape as the model was loaded, N × C × H × W for images.</param>
/// <param name="VariableAxes">
/// Of an input: the axes whose extent another run may choose, each by itself (the batch, and in a net without
/// InnerProduct often height and width). Of an output: the axes that follow from those of the inputs.
/// </param>
/// <remarks>Immutable; any number of threads may share it.</remarks>
public sealed record BlobInfo(string Name, Shape Shape, IReadOnlyList<int> VariableAxes)
{
    /// <summary><c>data 1 3 112 96 (32256) (may vary: axis 0)</c>.</summary>
    public override string ToString() => VariableAxes.Count == 0 ? $"{Name} {Shape}"
        : $"{Name} {Shape} (may vary: {(VariableAxes.Count == 1 ? "axis" : "axes")} {string.Join(", ", VariableAxes)})";
}
