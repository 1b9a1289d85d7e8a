using System.Reflection;
using System.Runtime.InteropServices;
using Atl.Native;
using Atl.TestSupport;

namespace Atl.Tests.Native;

/// <summary>Every function, enum and struct of native/include/atl against its C# declaration, and both against the library.</summary>
public class AbiTests
{
    private static readonly Lazy<CHeaders> Headers = new(() => CHeaders.Read(Path.Combine(TestData.RepositoryRoot, "native", "include", "atl")));

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
            Assert.That(method.ReturnType, Is.EqualTo(function.Result == "atl_status" ? typeof(Status) : typeof(nint)), "result");
            Assert.That(method.GetParameters(), Has.Length.EqualTo(function.Parameters.Length), "number of parameters");
        });
        foreach ((ParameterInfo managed, CVariable native) in method.GetParameters().Zip(function.Parameters))
            Assert.That(Mismatch(managed.ParameterType, native), Is.Null, $"parameter {native.Name}");
    }

    private static string? Mismatch(Type managed, CVariable native)
    {
        if (native.Pointers == 0) return ValueMismatch(managed, native.Type);
        if (managed == typeof(nint) || managed == typeof(string) || IsHandle(managed)) return null;
        Type? element = managed.IsByRef || managed.IsPointer ? managed.GetElementType()
            : managed.IsGenericType && (managed.GetGenericTypeDefinition() == typeof(ReadOnlySpan<>) || managed.GetGenericTypeDefinition() == typeof(Span<>))
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
        if (Headers.Value.Enums.TryGetValue(native, out (string Name, int Value)[]? values)) return EnumMismatch(managed, native, values);
        if (Headers.Value.Structs.TryGetValue(native, out CVariable[]? fields)) return StructMismatch(managed, native, fields);
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

    // ATL_LAYOUT_CHANNELS_LAST is ChannelsLast: the same value, and the C name ends with the C# name but for case and underscores.
    private static string? EnumMismatch(Type managed, string native, (string Name, int Value)[] values)
    {
        if (managed == typeof(int)) return null;
        if (!managed.IsEnum || Enum.GetUnderlyingType(managed) != typeof(int)) return $"{managed} for the enum {native}";
        if (Enum.GetValues(managed).Length != values.Length) return $"{managed} has {Enum.GetValues(managed).Length} values, {native} {values.Length}";
        foreach ((string name, int value) in values)
        {
            string? found = Enum.GetName(managed, value);
            if (found is null || !name.Replace("_", "", StringComparison.Ordinal).EndsWith(found.ToUpperInvariant(), StringComparison.Ordinal))
                return $"{native}'s {name} = {value} is {found ?? "missing"} in {managed}";
        }
        return null;
    }

    private static string? StructMismatch(Type managed, string native, CVariable[] fields)
    {
        FieldInfo[] found = [.. managed.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).OrderBy(field => field.MetadataToken)];
        if (managed.StructLayoutAttribute?.Value != LayoutKind.Sequential) return $"{managed} is not laid out in order";
        if (found.Length != fields.Length) return $"{managed} has {found.Length} fields, {native} {fields.Length}";
        foreach ((FieldInfo field, CVariable expected) in found.Zip(fields))
        {
            if (!string.Equals(field.Name, expected.Name.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))
                return $"{managed}.{field.Name} stands where {native} has {expected.Name}";
            if (expected.Length == 1 && Mismatch(field.FieldType, expected) is { } mismatch) return $"{managed}.{field.Name}: {mismatch}";
        }
        return null;
    }

    private static nint Library() => NativeLibrary.Load(NativeMethods.Library, typeof(NativeMethods).Assembly, null);

    private static IEnumerable<(string EntryPoint, MethodInfo Method)> Declared()
    {
        foreach (MethodInfo method in typeof(NativeMethods).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            if (method.GetCustomAttribute<LibraryImportAttribute>() is { EntryPoint: { } entry })
                yield return (entry, method);
    }
}
