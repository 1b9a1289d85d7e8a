namespace Atl.Generators;

/// <summary>The registry of a class.</summary>
internal enum RegisteredKind
{
    Layer,
    Operator,
    Solver,
}
