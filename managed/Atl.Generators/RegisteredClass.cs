namespace Atl.Generators;

/// <summary>A class that is registered.</summary>
/// <param name="Kind">What it is registered as.</param>
/// <param name="Key">What it is asked for by: a type, or a device and a specification.</param>
/// <param name="Name">The class, as a reader knows it.</param>
/// <param name="Code">The class, as generated code names it.</param>
/// <param name="Device">An operator's device class in generated code; else empty.</param>
/// <param name="Spec">An operator's specification in generated code; else empty.</param>
/// <param name="AsksServes">Whether an operator says which specifications it serves.</param>
/// <param name="Place">Where it is marked.</param>
internal readonly record struct RegisteredClass(
    RegisteredKind Kind, string Key, string Name, string Code, string Device, string Spec, bool AsksServes, Place Place)
{
    /// <summary>The key in a message.</summary>
    public string Described => Kind switch
    {
        RegisteredKind.Layer => $"layer type '{Key}'",
        RegisteredKind.Solver => $"solver type '{Key}'",
        _ => $"the operator for {Key}",
    };
}
