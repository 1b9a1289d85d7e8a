using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Atl.TestSupport;

/// <summary>
/// Follows the calls of a test through its assembly and this one to those that skip it: <c>Assert.Ignore</c>,
/// <c>Assert.Inconclusive</c> and <c>Assume.That</c>. A test for some systems alone says so by <c>[Platform]</c>.
/// </summary>
public static class SkipReach
{
    private const BindingFlags Members = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>The calls by which a test, or what its fixture does before it, is skipped; null where there are
    /// none.</summary>
    public static string? OfTest(MethodInfo test)
    {
        HashSet<MethodBase> seen = [];
        return Before(test.ReflectedType!).Prepend(test).Select(method => Path(method, test.Module.Assembly, seen))
            .OfType<string>().Select(path => $"{test.ReflectedType!.Name}.{test.Name}: {path}").FirstOrDefault();
    }

    private static IEnumerable<MethodBase> Before(Type fixture) =>
        fixture.GetConstructors(Members).Concat<MethodBase>(fixture.GetMethods(Members)
            .Where(method => method.IsDefined(typeof(SetUpAttribute))
                || method.IsDefined(typeof(OneTimeSetUpAttribute))));

    private static string? Path(MethodBase method, Assembly tests, HashSet<MethodBase> seen)
    {
        if (Skips(method)) return method.Name;
        Assembly home = method.Module.Assembly;
        if ((home != tests && home != typeof(SkipReach).Assembly) || !seen.Add(method)) return null;
        return Calls(method).Select(call => Path(call, tests, seen)).OfType<string>()
            .Select(path => $"{method.Name} -> {path}").FirstOrDefault();
    }

    private static bool Skips(MethodBase method) =>
        (method.DeclaringType == typeof(Assert) && method.Name is nameof(Assert.Ignore) or nameof(Assert.Inconclusive))
        || method.DeclaringType == typeof(Assume);

    // What a method calls, makes a delegate of, or has in its iterator's or asynchronous steps.
    private static IEnumerable<MethodBase> Calls(MethodBase method)
    {
        if (method.DeclaringType?.TypeInitializer is { } initializer) yield return initializer;
        if (method.GetCustomAttribute<StateMachineAttribute>()?.StateMachineType is { } machine)
            foreach (MethodInfo step in machine.GetMethods(Members | BindingFlags.DeclaredOnly)) yield return step;
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        Type[]? ofType = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        Type[]? ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (int i = 0; i < code.Length;)
        {
            // The codes of two bytes begin with 0xFE.
            short value = code[i] == 0xFE ? (short)(0xFE00 | code[i + 1]) : code[i];
            OpCode operation = Codes[value];
            i += operation.Size;
            if (operation.OperandType == OperandType.InlineMethod)
                yield return method.Module.ResolveMethod(BitConverter.ToInt32(code, i), ofType, ofMethod)!;
            i += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, i),
                _ => 4,
            };
        }
    }
}
