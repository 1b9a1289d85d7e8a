using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;

namespace Atl.Generators;

/// <summary>The names of what Atl has and of what is generated.</summary>
internal static class Names
{
    public const string LayerType = "Atl.Layers.LayerTypeAttribute";
    public const string OperatorFor = "Atl.Operators.OperatorForAttribute`2";
    public const string SolverType = "Atl.Solvers.SolverTypeAttribute";
    public const string Registers = "Atl.Registration.RegistersAttribute";
    public const string Namespace = "Atl.Registration";

    /// <summary>A type as generated code names it.</summary>
    public static string InCode(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    /// <summary>A type as a reader knows it.</summary>
    public static string InText(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat);

    /// <summary>The generated class of an assembly; others have other names, for code may see several.</summary>
    public static string Class(string assembly)
    {
        StringBuilder name = new();
        foreach (char letter in assembly)
            name.Append(
                char.IsLetterOrDigit(letter) ? letter.ToString()
                : letter == '.' ? "_"
                : letter == '_' ? "__"
                : "_u" + ((int)letter).ToString("X4", CultureInfo.InvariantCulture));
        if (char.IsDigit(name[0])) name.Insert(0, '_');
        return name.Append("Registration").ToString();
    }
}
