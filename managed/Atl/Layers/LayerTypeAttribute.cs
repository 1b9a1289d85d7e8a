namespace Atl.Layers;

/// <summary>The type string in a prototxt by which a layer class is found. Its constructor takes (LayerParameter,
/// LayerContext).</summary>
/// <param name="type">The type, as in <c>type: "Convolution"</c>.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class LayerTypeAttribute(string type) : Attribute
{
    /// <summary>The type.</summary>
    public string Type { get; } = type;
}
