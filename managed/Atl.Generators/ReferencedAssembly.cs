using Microsoft.CodeAnalysis;

namespace Atl.Generators;

/// <summary>An assembly that registers layers, operators and solvers, and that this one references.</summary>
/// <param name="Name">The assembly.</param>
/// <param name="Registration">
/// Its generated class; empty where there is nothing to call: Atl registers when it is asked.
/// </param>
/// <param name="Layers">Its layer types.</param>
/// <param name="Operators">Its operators, as device and specification.</param>
/// <param name="Solvers">Its solver types.</param>
internal readonly record struct ReferencedAssembly(
    string Name, string Registration, EquatableArray<string> Layers, EquatableArray<string> Operators,
    EquatableArray<string> Solvers)
{
    /// <summary>All of a compilation.</summary>
    public static EquatableArray<ReferencedAssembly> In(Compilation compilation) =>
        new(compilation.SourceModule.ReferencedAssemblySymbols.SelectMany(Read));

    /// <summary>Its names of a kind.</summary>
    public EquatableArray<string> Of(RegisteredKind kind) => kind switch
    {
        RegisteredKind.Layer => Layers,
        RegisteredKind.Solver => Solvers,
        _ => Operators,
    };

    private static IEnumerable<ReferencedAssembly> Read(IAssemblySymbol assembly) =>
        from attribute in assembly.GetAttributes()
        where attribute.AttributeClass?.ToDisplayString() == Names.Registers
        let arguments = attribute.ConstructorArguments
        where arguments.Length == 4 && arguments[0].Value is INamedTypeSymbol
        let registration = (INamedTypeSymbol)arguments[0].Value!
        select new ReferencedAssembly(
            assembly.Name,
            registration.DeclaredAccessibility == Accessibility.Public ? Names.InCode(registration) : "",
            Strings(arguments[1]), Strings(arguments[2]), Strings(arguments[3]));

    private static EquatableArray<string> Strings(TypedConstant list) =>
        list is { Kind: TypedConstantKind.Array, IsNull: false }
            ? new(list.Values.Select(value => value.Value).OfType<string>())
            : default;
}
