using System.Reflection;
using Atl.Images;
using Atl.Logging;
using Microsoft.Extensions.Logging;

namespace Atl.Tests.Architecture;

/// <summary>The log is handed in (docs/architecture.md): no assembly keeps one, or a setting of it, for the whole
/// process.</summary>
public sealed class LogStateTests
{
    private const BindingFlags Statics = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.DeclaredOnly;

    private static int Looked { get; set; }

    private static IEnumerable<Assembly> Assemblies => [typeof(Blob).Assembly, typeof(OpenCvDecoder).Assembly];

    [TestCaseSource(nameof(Assemblies))]
    public void NoLogIsTheProcesssOwn(Assembly assembly) => Assert.That(
        Fields(assembly.GetTypes()).Where(field => typeof(ILogger).IsAssignableFrom(field.FieldType)
            || typeof(ILoggerFactory).IsAssignableFrom(field.FieldType)), Is.Empty);

    [Test]
    public void LoggingHasNoStateOfItsOwn()
    {
        Type[] types = [.. typeof(LogLines).Assembly.GetTypes().Where(type => type.Namespace == "Atl.Logging")];
        Assert.That(Changeable(types), Is.Empty);
        Looked++;
        Assert.That(Changeable([typeof(LogStateTests)]).Select(field => field.Name),
            Has.One.Contains(nameof(Looked)), "the rule can fail");
    }

    // What the compiler keeps, such as delegates of lambda expressions, has names that no source can give.
    private static IEnumerable<FieldInfo> Changeable(IEnumerable<Type> types) => Fields(types).Where(field =>
        !field.IsInitOnly && !field.IsLiteral && !field.Name.StartsWith("<>", StringComparison.Ordinal)
        && !field.DeclaringType!.Name.StartsWith("<>", StringComparison.Ordinal));

    private static IEnumerable<FieldInfo> Fields(IEnumerable<Type> types) =>
        types.Where(type => !type.ContainsGenericParameters).SelectMany(type => type.GetFields(Statics));
}
