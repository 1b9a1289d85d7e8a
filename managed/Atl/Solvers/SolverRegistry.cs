using System.Reflection;
using Atl.Proto;
using Atl.Registration;

namespace Atl.Solvers;

/// <summary>
/// Makes solvers by their type. A class with a <see cref="SolverTypeAttribute"/> is registered by the code that
/// Atl.Generators adds to its assembly. All members may be used by several threads.
/// </summary>
public static class SolverRegistry
{
    private static readonly RegistrationTable<string, Func<SolverParameter, SolverOptions, Solver>> Table =
        new(AtlRegistration.RegisterSolvers);

    /// <summary>All types, sorted.</summary>
    public static IReadOnlyCollection<string> Types => [.. Table.Keys.Order(StringComparer.Ordinal)];

    /// <summary>
    /// Registers a solver class, as generated code does. A second class of one type is an error where a solver asks for
    /// the type.
    /// </summary>
    /// <param name="type">The type, as in a solver's prototxt.</param>
    /// <param name="solver">The class.</param>
    /// <param name="make">Calls the class's constructor.</param>
    public static void Register(string type, Type solver, Func<SolverParameter, SolverOptions, Solver> make)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(type);
        Table.Add(type, solver, make);
    }

    /// <summary>Makes the solver that a message describes, its nets built.</summary>
    /// <exception cref="AtlException">
    /// The type is unknown or registered twice, a setting does not fit, or a net cannot be built.
    /// </exception>
    public static Solver Create(SolverParameter parameter, SolverOptions options) =>
        Initialize(Find(parameter)(parameter, options));

    /// <summary>Gives a solver that was just constructed its nets; disposes it where that fails.</summary>
    internal static Solver Initialize(Solver solver)
    {
        try
        {
            solver.Initialize();
        }
        catch
        {
            // Why it could not be made says more than what else then failed to close.
            Disposal.All(solver);
            throw;
        }
        return solver;
    }

    /// <summary>Checks that there is a solver of the type that a message asks for.</summary>
    /// <exception cref="SolverException">There is none, or more than one.</exception>
    internal static void Check(SolverParameter parameter) => Find(parameter);

    /// <summary>Errors about types of an assembly that another assembly has, too.</summary>
    internal static IEnumerable<string> Conflicts(Assembly assembly) =>
        Table.Conflicts(assembly).Select(Conflict).OfType<string>();

    private static string? Conflict(string type) =>
        Table.Conflict(type) is { } conflict ? $"solver type '{type}' is {conflict}" : null;

    private static Func<SolverParameter, SolverOptions, Solver> Find(SolverParameter parameter) =>
        Table.Find(parameter.Type) ?? throw SolverException.At(
            parameter, SolverParameter.TypeFieldNumber, Conflict(parameter.Type) ?? Unknown(parameter.Type));

    private static string Unknown(string type) =>
        $"unknown solver type '{type}'{NearestName.Hint(type, Types)}, expected one of {string.Join(", ", Types)}";
}
