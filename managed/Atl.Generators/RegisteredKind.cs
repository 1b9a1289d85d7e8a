namespace Atl.Generators;

/// <summary>What a class is registered as.</summary>
internal enum RegisteredKind
{
    Layer,
    Operator,
    Solver,
}
