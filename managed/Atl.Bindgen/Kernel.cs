using CppSharp.AST;
using CppSharp.AST.Extensions;

namespace Atl.Bindgen;

/// <summary>A kernel as C# launches it.</summary>
internal sealed class Kernel(Function function)
{
    /// <summary>The kernel itself.</summary>
    public Function Function { get; } = function;

    /// <summary>The most threads of a block.</summary>
    public int MaxThreads { get; } = Bound(function);

    /// <summary>The kinds of the parameters, a letter each, as KernelArgument has them.</summary>
    public string Arguments { get; } =
        string.Concat(function.Parameters.Select(parameter => Kind(function, parameter)));

    /// <summary>The struct that is passed by value, if there is one.</summary>
    public Class? Struct { get; } = OnlyStruct(function);

    // include/cuda.h makes __launch_bounds__ the length of an array in the type that the kernel returns.
    private static int Bound(Function function) =>
        function.ReturnType.Type is TemplateSpecializationType { Arguments: [_, { Type.Type: ArrayType bound }] }
            ? (int)bound.Size
            : throw new BindgenException($"{function.Name} has no __launch_bounds__");

    private static char Kind(Function function, Parameter parameter) => parameter.Type switch
    {
        _ when parameter.Type.Desugar() is PointerType => IsOptional(parameter) ? 'o' : 'p',
        TypedefType { Declaration.Name: "int32_t" } => 'i',
        TypedefType { Declaration.Name: "int64_t" } => 'l',
        TypedefType { Declaration.Name: "uint64_t" } => 'u',
        BuiltinType { Type: PrimitiveType.Float } => 'f',
        _ when StructOf(parameter) is not null => 's',
        var other => throw new BindgenException(
            $"{function.Name}({parameter.Name}) has the type {other}, which no launch can give"),
    };

    private static Class? OnlyStruct(Function function)
    {
        Class[] found = [.. function.Parameters.Select(StructOf).OfType<Class>()];
        if (found.Length > 1) throw new BindgenException($"{function.Name} takes {found.Length} structs, expected one");
        return found.Length == 1 ? found[0] : null;
    }

    // A struct of the C interface, whose layout NativeMethods.g.cs has.
    private static Class? StructOf(Parameter parameter) =>
        parameter.Type.Desugar() is TagType { Declaration: Class { IsIncomplete: false } type }
        && Path.GetFileName(Path.GetDirectoryName(type.TranslationUnit.FilePath)) == Headers.Folder
            ? type
            : null;

    private static bool IsOptional(Parameter parameter) =>
        parameter.PreprocessedEntities.OfType<MacroExpansion>().Any(macro => macro.Text == "ATL_OPTIONAL");
}
