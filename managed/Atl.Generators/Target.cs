using Microsoft.CodeAnalysis;

namespace Atl.Generators;

/// <summary>The assembly for which code is generated.</summary>
/// <param name="Assembly">Its name.</param>
/// <param name="IsAtl">Whether it is Atl itself, which registers its classes when they are first asked for.</param>
/// <param name="Referenced">The assemblies it references that register classes.</param>
internal readonly record struct Target(string Assembly, bool IsAtl, EquatableArray<ReferencedAssembly> Referenced)
{
    public static Target Of(Compilation compilation) => new(
        compilation.AssemblyName ?? "",
        SymbolEqualityComparer.Default.Equals(
            compilation.GetTypeByMetadataName(Names.Registers)?.ContainingAssembly, compilation.Assembly),
        ReferencedAssembly.In(compilation));
}
