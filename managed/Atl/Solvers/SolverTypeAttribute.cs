namespace Atl.Solvers;

/// <summary>The type string in a solver's prototxt by which its class is found. The constructor takes (SolverParameter,
/// SolverOptions).</summary>
/// <param name="type">The type, as in <c>type: "Nesterov"</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SolverTypeAttribute(string type) : Attribute
{
    /// <summary>The type.</summary>
    public string Type { get; } = type;
}
