using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Atl.Generators;

/// <summary>Reads what the attributes of a class say and checks that generated code can create the class.</summary>
internal static class ClassReader
{
    private const string Spec = "Atl.Operators.OperatorSpec`1";

    /// <summary>Reads a class with <c>[LayerType]</c>.</summary>
    public static ReadClass ReadLayer(GeneratorAttributeSyntaxContext context, CancellationToken cancellation) =>
        ReadTyped(
            RegisteredKind.Layer, "Atl.Layers.Layer", "Atl.Proto.LayerParameter", "Atl.Layers.LayerContext", context,
            cancellation);

    /// <summary>Reads a class with <c>[SolverType]</c>.</summary>
    public static ReadClass ReadSolver(GeneratorAttributeSyntaxContext context, CancellationToken cancellation) =>
        ReadTyped(
            RegisteredKind.Solver, "Atl.Solvers.Solver", "Atl.Proto.SolverParameter", "Atl.Solvers.SolverOptions",
            context, cancellation);

    /// <summary>Reads a class with <c>[OperatorFor]</c>.</summary>
    public static ReadClass ReadOperator(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        Compilation compilation = context.SemanticModel.Compilation;
        var type = (INamedTypeSymbol)context.TargetSymbol;
        List<RegisteredClass> registered = [];
        List<Fault> faults = [];
        foreach (AttributeData attribute in context.Attributes)
        {
            Place place = Place.Of(attribute, cancellation);
            // The compiler itself reports type arguments that are missing or no types.
            if (attribute.AttributeClass is not { TypeArguments: { Length: 2 } given }
                || given[0] is not INamedTypeSymbol { TypeKind: not TypeKind.Error } device
                || given[1] is not INamedTypeSymbol { TypeKind: not TypeKind.Error } spec)
                continue;
            if (FindOperator(spec, compilation) is not { } wanted)
            {
                faults.Add(Fault.Of(Rules.NoSpec, place, Names.InText(spec), "OperatorSpec<TOperator>"));
                continue;
            }
            Fault[] found =
            [
                .. Check(type, "an operator", wanted, [device, spec], compilation, place),
                .. CheckAccess(device, compilation, place),
                .. CheckAccess(spec, compilation, place),
            ];
            IMethodSymbol[] serves = [.. type.GetMembers("Serves").OfType<IMethodSymbol>()];
            bool asksServes = serves.Any(method => IsServes(method, spec, compilation));
            if (serves.Length > 0 && !asksServes)
                found = [.. found, Fault.Of(Rules.WrongServes, place, Names.InText(type), spec.Name)];
            faults.AddRange(found);
            if (found.Length == 0)
                registered.Add(new RegisteredClass(
                    RegisteredKind.Operator, $"{Names.InText(spec)} on {Names.InText(device)}", Names.InText(type),
                    Names.InCode(type), Names.InCode(device), Names.InCode(spec), asksServes, place));
        }
        return new ReadClass(new EquatableArray<RegisteredClass>(registered), new EquatableArray<Fault>(faults));
    }

    private static ReadClass ReadTyped(
        RegisteredKind kind, string baseName, string firstArgument, string secondArgument,
        GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        Compilation compilation = context.SemanticModel.Compilation;
        if (compilation.GetTypeByMetadataName(baseName) is not { } baseType
            || compilation.GetTypeByMetadataName(firstArgument) is not { } first
            || compilation.GetTypeByMetadataName(secondArgument) is not { } second)
            return default;
        var type = (INamedTypeSymbol)context.TargetSymbol;
        string noun = kind == RegisteredKind.Layer ? "layer" : "solver";
        List<RegisteredClass> registered = [];
        List<Fault> faults = [];
        foreach (AttributeData attribute in context.Attributes)
        {
            Place place = Place.Of(attribute, cancellation);
            // The compiler itself reports an argument that is missing or no string.
            if (attribute.ConstructorArguments is not { Length: 1 } given
                || given[0].Kind != TypedConstantKind.Primitive)
                continue;
            string key = given[0].Value as string ?? "";
            if (string.IsNullOrWhiteSpace(key)) faults.Add(Fault.Of(Rules.NoType, place, noun, Names.InText(type)));
            Fault[] found = [.. Check(type, $"a {noun}", baseType, [first, second], compilation, place)];
            // What is wrong with the class is said once, however many types it has.
            if (attribute == context.Attributes[0]) faults.AddRange(found);
            if (found.Length == 0 && !string.IsNullOrWhiteSpace(key))
                registered.Add(new RegisteredClass(
                    kind, key, Names.InText(type), Names.InCode(type), "", "", false, place));
        }
        return new ReadClass(new EquatableArray<RegisteredClass>(registered), new EquatableArray<Fault>(faults));
    }

    private static IEnumerable<Fault> Check(
        INamedTypeSymbol type, string role, ITypeSymbol baseType, ITypeSymbol[] arguments, Compilation compilation,
        Place place)
    {
        string name = Names.InText(type);
        if (!compilation.HasImplicitConversion(type, baseType))
        {
            yield return Fault.Of(Rules.WrongBase, place, name, role, Names.InText(baseType));
            yield break;
        }
        if (type.IsAbstract) yield return Fault.Of(Rules.NotCreatable, place, name, "abstract");
        if (IsGeneric(type)) yield return Fault.Of(Rules.NotCreatable, place, name, "generic");
        foreach (Fault fault in CheckAccess(type, compilation, place)) yield return fault;
        IMethodSymbol[] fitting =
            [.. type.InstanceConstructors.Where(constructor => Takes(constructor, arguments, compilation))];
        if (!type.IsAbstract && !fitting.Any(IsCallable))
            yield return Fault.Of(
                Rules.NoConstructor, place, name, $"({string.Join(", ", arguments.Select(argument => argument.Name))})",
                fitting.Length > 0 ? $": the one it has is {Access(fitting[0])}" : "");
    }

    private static IEnumerable<Fault> CheckAccess(INamedTypeSymbol type, Compilation compilation, Place place)
    {
        if (type.IsFileLocal)
            yield return Fault.Of(Rules.NotAccessible, place, Names.InText(type), "file-local");
        else if (FindHidden(type, compilation) is { } hidden)
            yield return Fault.Of(
                Rules.NotAccessible, place, Names.InText(type),
                SymbolEqualityComparer.Default.Equals(hidden, type) ? Access(hidden) : $"in a {Access(hidden)} class");
    }

    // The outermost class, of the type and those around it, that generated code cannot see.
    private static INamedTypeSymbol? FindHidden(INamedTypeSymbol type, Compilation compilation) =>
        type.ContainingType is { } outer && FindHidden(outer, compilation) is { } hidden ? hidden
        : compilation.IsSymbolAccessibleWithin(type, compilation.Assembly) ? null
        : type;

    private static bool IsCallable(IMethodSymbol constructor) => constructor.DeclaredAccessibility
        is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal;

    private static string Access(ISymbol symbol) => SyntaxFacts.GetText(symbol.DeclaredAccessibility);

    private static bool IsGeneric(INamedTypeSymbol type) =>
        type.IsGenericType || (type.ContainingType is { } outer && IsGeneric(outer));

    private static bool Takes(IMethodSymbol constructor, ITypeSymbol[] arguments, Compilation compilation) =>
        constructor.Parameters.Length == arguments.Length
        && constructor.Parameters
            .Zip(arguments, (parameter, argument) =>
                parameter.RefKind == RefKind.None && compilation.HasImplicitConversion(argument, parameter.Type))
            .All(fits => fits);

    private static bool IsServes(IMethodSymbol method, ITypeSymbol spec, Compilation compilation) =>
        method is { IsStatic: true, ReturnType.SpecialType: SpecialType.System_Boolean, Parameters.Length: 1 }
        && method.Parameters[0].RefKind == RefKind.None
        && compilation.HasImplicitConversion(spec, method.Parameters[0].Type)
        && compilation.IsSymbolAccessibleWithin(method, compilation.Assembly);

    // The abstract operator of a specification.
    private static ITypeSymbol? FindOperator(ITypeSymbol spec, Compilation compilation)
    {
        INamedTypeSymbol? definition = compilation.GetTypeByMetadataName(Spec);
        for (INamedTypeSymbol? type = spec.BaseType; type is not null; type = type.BaseType)
            if (SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, definition))
                return type.TypeArguments[0];
        return null;
    }
}
