using CppSharp.AST;
using CppSharp.AST.Extensions;
using Type = CppSharp.AST.Type;

namespace Atl.Bindgen;

/// <summary>C# types of C types.</summary>
internal sealed class Types
{
    private static readonly Dictionary<string, string> Scalars = new(StringComparer.Ordinal)
    {
        ["uint8_t"] = "byte",
        ["int32_t"] = "int",
        ["uint32_t"] = "uint",
        ["int64_t"] = "long",
        ["uint64_t"] = "ulong",
    };

    // Enums that the library's users see, too, written by hand where they belong.
    private static readonly Dictionary<string, string> PublicEnums = new(StringComparer.Ordinal)
    {
        ["atl_box_code"] = "BoxCode",
        ["atl_cell"] = "RecurrentCell",
        ["atl_eltwise"] = "EltwiseOperation",
        ["atl_elementwise"] = "ElementwiseFunction",
        ["atl_label_rule"] = "LabelRule",
        ["atl_layout"] = "Layout",
        ["atl_normalization"] = "LossNormalization",
        ["atl_normalize_norm"] = "NormalizeNorm",
        ["atl_normalize_scale"] = "NormalizeScale",
        ["atl_reduction"] = "ReductionKind",
        ["atl_regularization"] = "Regularization",
        ["atl_resample_method"] = "ResampleMethod",
        ["atl_solver_rule"] = "SolverRule",
    };

    // What C's types cannot say: pointers to a single result, or to a list in the host's memory, among those to a
    // device's arrays.
    private static readonly Dictionary<(string Function, string Parameter), string> Lists = new()
    {
        [("atl_detection_forward", "rows")] = "Span<float>",
        [("atl_eltwise_backward", "coefficients")] = "ReadOnlySpan<float>",
        [("atl_eltwise_forward", "coefficients")] = "ReadOnlySpan<float>",
        [("atl_get_threads", "threads")] = "out int",
        [("atl_margin_lambda", "lambda")] = "out float",
        [("atl_rows_gather", "numbers")] = "ReadOnlySpan<int>",
        [("atl_rows_scatter", "numbers")] = "ReadOnlySpan<int>",
    };

    private readonly HashSet<(string Function, string Parameter)> _unused = [.. Lists.Keys];

    /// <summary>Whether an enum is written by hand, for the library's users.</summary>
    public static bool IsPublic(Enumeration type) => PublicEnums.ContainsKey(type.Name);

    /// <summary>
    /// The name of a struct: C's with <c>Native</c> before it, since Atl's own types have the bare names.
    /// </summary>
    public static string Struct(Class type) => "Native" + Names.Pascal(type.Name);

    /// <summary>The type of a field, and of what a function returns.</summary>
    public static string Field(Type type) => type.Desugar() is PointerType ? "nint" : Value(type);

    /// <summary>The type of a parameter.</summary>
    /// <exception cref="BindgenException">Nothing is known for its C type.</exception>
    public string Parameter(Function function, Parameter parameter)
    {
        (string, string) place = (function.Name, parameter.Name);
        _unused.Remove(place);
        if (Lists.TryGetValue(place, out string? list)) return list;
        if (parameter.Type.Desugar() is not PointerType pointer) return Value(parameter.Type);
        return Pointer(function, pointer) ?? throw new BindgenException(
            $"{function.Name}({parameter.Name}) has a type that is not known: {parameter.Type}");
    }

    /// <summary>Checks that every exception was needed.</summary>
    /// <exception cref="BindgenException">One names no parameter.</exception>
    public void CheckExceptions()
    {
        foreach ((string function, string parameter) in _unused)
            throw new BindgenException($"Types has an exception for {function}({parameter}), which no header declares");
    }

    // Arrays of floats, and of what is computed from them, lie in a device's memory: the host passes addresses on.
    private static string? Pointer(Function function, PointerType pointer)
    {
        bool isConst = pointer.QualifiedPointee.Qualifiers.IsConst;
        Type pointee = pointer.Pointee.Desugar();
        if (pointee is PointerType inner)
            return isConst ? "ReadOnlySpan<nint>"
                : Opaque(inner.Pointee) is { } made ? "out " + Handle(made)
                : "out nint";
        if (Opaque(pointee) is { } handle) return Frees(function, handle) ? "nint" : Handle(handle);
        if (Tag(pointee) is Class type) return (isConst ? "in " : "out ") + Struct(type);
        if (Tag(pointee) is Enumeration) return isConst ? null : "out " + Value(pointer.Pointee);
        return Value(pointer.Pointee, allowVoid: true) switch
        {
            "long" => isConst ? "ReadOnlySpan<long>" : "out long",
            "double" when !isConst => "out double",
            "byte" or "int" or "float" or "void" => "nint",
            _ => null,
        };
    }

    private static string Value(Type type, bool allowVoid = false) => type switch
    {
        TypedefType { Declaration: { } alias } when Scalars.TryGetValue(alias.Name, out string? scalar) => scalar,
        TypedefType { Declaration: { } alias } => Value(alias.Type, allowVoid),
        TagType { Declaration: Enumeration { Name: { } name } } =>
            PublicEnums.GetValueOrDefault(name, Names.Pascal(name)),
        TagType { Declaration: Class { IsIncomplete: false } inner } => Struct(inner),
        BuiltinType { Type: PrimitiveType.Float } => "float",
        BuiltinType { Type: PrimitiveType.Double } => "double",
        BuiltinType { Type: PrimitiveType.Void } when allowVoid => "void",
        _ => throw new BindgenException($"the type {type} is not known"),
    };

    private static Declaration? Tag(Type type) => (type.Desugar() as TagType)?.Declaration;

    // An object of the library that C code sees the address of alone.
    private static Class? Opaque(Type type) =>
        Tag(type) is Class { IsIncomplete: true, CompleteDeclaration: null } opaque ? opaque : null;

    private static string Handle(Class opaque) => Names.Pascal(opaque.Name) + "Handle";

    // The function that a handle calls to free what it holds.
    private static bool Frees(Function function, Class opaque) => function.Name == opaque.Name + "_free";
}
