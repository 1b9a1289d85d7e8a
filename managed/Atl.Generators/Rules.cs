using Microsoft.CodeAnalysis;

namespace Atl.Generators;

/// <summary>The diagnostics.</summary>
internal static class Rules
{
    public static readonly DiagnosticDescriptor WrongBase = Rule(
        "ATL0001", "The class has another base", "{0} is marked as {1} and does not derive from {2}");

    public static readonly DiagnosticDescriptor NotCreatable = Rule(
        "ATL0002", "No object of the class can be created",
        "{0} is {1}, expected a class of which objects can be created");

    public static readonly DiagnosticDescriptor NoConstructor = Rule(
        "ATL0003", "The class lacks the constructor", "{0} has no public or internal constructor {1}{2}");

    public static readonly DiagnosticDescriptor NotAccessible = Rule(
        "ATL0004", "The class is not accessible", "{0} is {1}, expected public or internal: generated code names it");

    public static readonly DiagnosticDescriptor Twice = Rule(
        "ATL0005", "Two classes are registered as one", "{0} is registered twice: by {1} and by {2}");

    public static readonly DiagnosticDescriptor NoType = Rule(
        "ATL0006", "The type is empty", "The {0} type of {1} is empty, expected the type that a prototxt gives");

    public static readonly DiagnosticDescriptor NoSpec = Rule(
        "ATL0007", "The specification has another base",
        "{0} is no specification, expected a record that derives from {1}");

    public static readonly DiagnosticDescriptor Taken = Rule(
        "ATL0008", "Another assembly has registered this", "{0} of {1} is registered by the assembly {2} already");

    public static readonly DiagnosticDescriptor WrongServes = Rule(
        "ATL0009", "The method Serves has another form",
        "{0}.Serves cannot be asked, expected: public static bool Serves({1} spec)");

    private static readonly DiagnosticDescriptor[] All =
        [WrongBase, NotCreatable, NoConstructor, NotAccessible, Twice, NoType, NoSpec, Taken, WrongServes];

    public static DiagnosticDescriptor Find(string id) => All.First(rule => rule.Id == id);

    private static DiagnosticDescriptor Rule(string id, string title, string message) =>
        new(id, title, message, "Atl.Registration", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
