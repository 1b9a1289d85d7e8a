using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Atl.Generators;

/// <summary>
/// Registers the classes of an assembly that have <c>[LayerType]</c>, <c>[OperatorFor]</c> or <c>[SolverType]</c>:
/// writes a class that gives Atl a delegate for each, and calls it when the assembly is loaded. Nothing is looked for
/// at run time.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class RegistrationGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<ImmutableArray<ReadClass>>
            layers = Find(context, Names.LayerType, ClassReader.ReadLayer),
            operators = Find(context, Names.OperatorFor, ClassReader.ReadOperator),
            solvers = Find(context, Names.SolverType, ClassReader.ReadSolver);
        IncrementalValueProvider<EquatableArray<ReadClass>> classes =
            layers.Combine(operators).Combine(solvers).Select(static (found, _) =>
                new EquatableArray<ReadClass>([.. found.Left.Left, .. found.Left.Right, .. found.Right]));
        IncrementalValueProvider<Target> target =
            context.CompilationProvider.Select(static (compilation, _) => Target.Of(compilation));
        context.RegisterSourceOutput(
            classes.Combine(target), static (output, found) => Write(output, found.Left, found.Right));
    }

    private static IncrementalValueProvider<ImmutableArray<ReadClass>> Find(
        IncrementalGeneratorInitializationContext context, string attribute,
        Func<GeneratorAttributeSyntaxContext, CancellationToken, ReadClass> read) =>
        context.SyntaxProvider.ForAttributeWithMetadataName(attribute, static (_, _) => true, read).Collect();

    private static void Write(SourceProductionContext output, EquatableArray<ReadClass> found, Target target)
    {
        foreach (Fault fault in found.SelectMany(one => one.Faults)) output.ReportDiagnostic(fault.ToDiagnostic());
        // The order of files must not show in what is generated.
        RegisteredClass[] classes =
        [
            .. found.SelectMany(one => one.Registered).OrderBy(one => one.Kind)
                .ThenBy(one => one.Key, StringComparer.Ordinal).ThenBy(one => one.Name, StringComparer.Ordinal),
        ];
        List<RegisteredClass> kept = [];
        foreach (RegisteredClass one in classes)
        {
            if (Conflict(one, kept, target) is { } conflict)
                output.ReportDiagnostic(conflict.ToDiagnostic());
            else
                kept.Add(one);
        }
        if (kept.Count == 0 && !target.Referenced.Any(assembly => assembly.Registration.Length > 0)) return;
        string code = new RegistrationWriter(target, kept).Write();
        output.AddSource("Registration.g.cs", SourceText.From(code, Encoding.UTF8));
    }

    private static Fault? Conflict(RegisteredClass one, List<RegisteredClass> kept, Target target)
    {
        foreach (RegisteredClass other in kept)
            if (other.Kind == one.Kind && other.Key == one.Key)
                return Fault.Of(Rules.Twice, one.Place, one.Described, other.Name, one.Name);
        foreach (ReferencedAssembly assembly in target.Referenced)
            if (assembly.Of(one.Kind).Contains(one.Key))
                return Fault.Of(Rules.Taken, one.Place, one.Described, one.Name, assembly.Name);
        return null;
    }
}
