using System.Reflection;
using Atl.Proto;

namespace Atl.Solvers;

/// <summary>Makes solvers by their type; every class with a <see cref="SolverTypeAttribute"/> is found by itself.</summary>
public static class SolverRegistry
{
    private static readonly Lazy<SortedDictionary<string, ConstructorInfo>> Constructors = new(Scan);

    /// <summary>All types, sorted.</summary>
    public static IReadOnlyCollection<string> Types => Constructors.Value.Keys;

    /// <summary>Makes the solver that a message describes, its nets built.</summary>
    /// <exception cref="AtlException">The type is unknown, a setting does not fit, or a net cannot be built.</exception>
    public static Solver Create(SolverParameter parameter, SolverOptions options)
    {
        Check(parameter);
        ConstructorInfo constructor = Constructors.Value[parameter.Type];
        try
        {
            return (Solver)constructor.Invoke([parameter, options]);
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException);
            throw;
        }
    }

    /// <summary>Checks that there is a solver of the type that a message asks for.</summary>
    /// <exception cref="SolverException">There is none.</exception>
    public static void Check(SolverParameter parameter)
    {
        if (!Constructors.Value.ContainsKey(parameter.Type))
            throw SolverException.At(
                parameter, SolverParameter.TypeFieldNumber,
                $"unknown solver type '{parameter.Type}'{NearestName.Hint(parameter.Type, Types)}, expected one of {string.Join(", ", Types)}");
    }

    private static SortedDictionary<string, ConstructorInfo> Scan()
    {
        SortedDictionary<string, ConstructorInfo> constructors = new(StringComparer.Ordinal);
        foreach (Type type in typeof(SolverRegistry).Assembly.GetTypes())
            if (type.GetCustomAttribute<SolverTypeAttribute>(false) is { } attribute)
                constructors.Add(attribute.Type, type.GetConstructor([typeof(SolverParameter), typeof(SolverOptions)])
                    ?? throw new InvalidOperationException($"{type} needs a public constructor (SolverParameter, SolverOptions)"));
        return constructors;
    }
}
