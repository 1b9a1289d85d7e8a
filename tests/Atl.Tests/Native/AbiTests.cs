using System.Reflection;
using System.Runtime.InteropServices;
using Atl.Native;
using Atl.TestSupport;

namespace Atl.Tests.Native;

/// <summary>Every function, enum and struct of native/include/atl against its C# declaration, and both against the
/// library.</summary>
public class AbiTests
{
    private static readonly Lazy<CHeaders> Headers =
        new(() => CHeaders.Read(Path.Combine(TestData.RepositoryRoot, "native", "include", "atl")));

    private static IEnumerable<string> Structs => Headers.Value.Structs.Keys;

    private static IEnumerable<string> Names => Headers.Value.Functions.Select(function => function.Name);

    [Test]
    public void EveryFunctionOfTheHeadersIsDeclaredOnceAndNothingElse() =>
        Assert.That(Declared().Select(method => method.EntryPoint), Is.EquivalentTo(Names));

    [TestCaseSource(nameof(Names))]
    public void FunctionMatches(string name)
    {
        CFunction function = Headers.Value.Functions.Single(candidate => candidate.Name == name);
        MethodInfo method = Declared().Single(candidate => candidate.EntryPoint == name).Method;
        Assert.Multiple(() =>
        {
            Assert.That(NativeLibrary.TryGetExport(Library(), name, out _), "the library exports it");
            Assert.That(method.ReturnType, Is.EqualTo(function.Result == "atl_status" ? typeof(Status) : typeof(nint)),
                "result");
            Assert.That(method.GetParameters(), Has.Length.EqualTo(function.Parameters.Length), "number of parameters");
        });
        foreach ((ParameterInfo managed, CVariable native) in method.GetParameters().Zip(function.Parameters))
        {
            Assert.That(CHeaders.Matches(managed.Name!, native.Name),
                $"{managed.Name} stands where {name} has {native.Name}");
            Assert.That(DirectionMismatch(managed, native) ?? Mismatch(managed.ParameterType, native), Is.Null,
                $"parameter {native.Name}");
        }
    }

    // Those, too, that kernels alone take.
    [TestCaseSource(nameof(Structs))]
    public void StructMatches(string name)
    {
        Type declared = typeof(NativeMethods).Assembly.GetTypes().Single(type =>
            type.Namespace == typeof(NativeMethods).Namespace
            && CHeaders.Matches(type.Name, "native" + name["atl".Length..]));
        Assert.That(StructMismatch(declared, name, Headers.Value.Structs[name]), Is.Null);
    }

    [Test]
    public void ConstantsMatch()
    {
        IEnumerable<(string, string?)> declared =
            typeof(NativeConstants).GetFields(BindingFlags.Static | BindingFlags.NonPublic)
            .Select(constant => (constant.Name.ToUpperInvariant(), constant.GetRawConstantValue()?.ToString()));
        Assert.That(declared, Is.EquivalentTo(Headers.Value.Constants.Select(constant =>
            (constant.Key["ATL_".Length..].Replace("_", "", StringComparison.Ordinal), constant.Value))));
    }

    // What C says of a pointer's target C# says by the way in which it is passed.
    private static string? DirectionMismatch(ParameterInfo managed, CVariable native)
    {
        bool isConst = native.Pointers > 1 || native.Type.StartsWith("const ", StringComparison.Ordinal);
        if (managed.IsOut) return isConst && !managed.ParameterType.GetElementType()!.IsSubclassOf(typeof(SafeHandle))
            && managed.ParameterType.GetElementType() != typeof(nint) ? "out for a pointer to what is only read" : null;
        if (managed.IsIn || IsSpan(managed.ParameterType, typeof(ReadOnlySpan<>)))
            return isConst ? null : "read only for a pointer to what is written";
        return IsSpan(managed.ParameterType, typeof(Span<>)) && isConst ? "written for a pointer to what is only read"
            : null;
    }

    private static bool IsSpan(Type managed, Type kind) => managed.IsGenericType
        && managed.GetGenericTypeDefinition() == kind;

    private static string? Mismatch(Type managed, CVariable native)
    {
        if (native.Pointers == 0) return ValueMismatch(managed, native.Type);
        if (managed == typeof(nint) || IsHandle(managed)) return null;
        Type? element = managed.IsByRef || managed.IsPointer ? managed.GetElementType()
            : IsSpan(managed, typeof(ReadOnlySpan<>)) || IsSpan(managed, typeof(Span<>))
            ? managed.GetGenericArguments()[0]
            : null;
        if (element is null) return $"{managed} for {native.Type} with {native.Pointers} pointers";
        if (native.Pointers > 1 || !IsKnown(native.Pointee))
            return element == typeof(nint) || IsHandle(element) ? null : $"{element} for a pointer";
        return ValueMismatch(element, native.Pointee);
    }

    // An object of the library that a SafeHandle owns.
    private static bool IsHandle(Type managed) => managed.IsSubclassOf(typeof(SafeHandle));

    private static bool IsKnown(string type) =>
        Scalar(type) is not null || Headers.Value.Enums.ContainsKey(type) || Headers.Value.Structs.ContainsKey(type);

    private static string? ValueMismatch(Type managed, string native)
    {
        if (Scalar(native) is { } scalar) return managed == scalar ? null : $"{managed} for {native}";
        if (Headers.Value.Enums.TryGetValue(native, out (string Name, int Value)[]? values))
            return EnumMismatch(managed, native, values);
        if (Headers.Value.Structs.TryGetValue(native, out CVariable[]? fields))
            return StructMismatch(managed, native, fields);
        return $"unknown type {native}";
    }

    private static Type? Scalar(string native) => native switch
    {
        "int64_t" => typeof(long),
        "uint64_t" => typeof(ulong),
        "int32_t" => typeof(int),
        "uint32_t" => typeof(uint),
        "uint8_t" => typeof(byte),
        "float" => typeof(float),
        "double" => typeof(double),
        _ => null,
    };

    // ATL_LAYOUT_CHANNELS_LAST is ChannelsLast: the same value, and the C name ends with the C# name but for case and
    // underscores.
    private static string? EnumMismatch(Type managed, string native, (string Name, int Value)[] values)
    {
        if (!managed.IsEnum || Enum.GetUnderlyingType(managed) != typeof(int))
            return $"{managed} for the enum {native}";
        if (Enum.GetValues(managed).Length != values.Length)
            return $"{managed} has {Enum.GetValues(managed).Length} values, {native} {values.Length}";
        foreach ((string name, int value) in values)
        {
            string? found = Enum.GetName(managed, value);
            if (found is null || !name.Replace("_", "", StringComparison.Ordinal).EndsWith(found.ToUpperInvariant(),
                StringComparison.Ordinal))
                return $"{native}'s {name} = {value} is {found ?? "missing"} in {managed}";
        }
        return null;
    }

    private static string? StructMismatch(Type managed, string native, CVariable[] fields)
    {
        FieldInfo[] found = [.. managed.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .OrderBy(field => field.MetadataToken)];
        if (found.Length != fields.Length) return $"{managed} has {found.Length} fields, {native} {fields.Length}";
        foreach ((FieldInfo field, CVariable expected) in found.Zip(fields))
        {
            if (!CHeaders.Matches(field.Name, expected.Name))
                return $"{managed}.{field.Name} stands where {native} has {expected.Name}";
            if (expected.Length == 1 && Mismatch(field.FieldType, expected) is { } mismatch)
                return $"{managed}.{field.Name}: {mismatch}";
        }
        return null;
    }

    private static nint Library() => NativeLibrary.Load(NativeMethods.Library, typeof(NativeMethods).Assembly, null);

    private static IEnumerable<(string EntryPoint, MethodInfo Method)> Declared()
    {
        foreach (MethodInfo method in typeof(NativeMethods).GetMethods(BindingFlags.Static | BindingFlags.Public
            | BindingFlags.NonPublic))
            if (method.GetCustomAttribute<LibraryImportAttribute>() is { EntryPoint: { } entry })
                yield return (entry, method);
    }
}
