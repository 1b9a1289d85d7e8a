using Microsoft.CodeAnalysis;

namespace Atl.Generators;

/// <summary>A wrong use of an attribute: which rule it breaks, where, and what fills the rule's message.</summary>
internal readonly record struct Fault(string Rule, Place Place, EquatableArray<string> Words)
{
    public static Fault Of(DiagnosticDescriptor rule, Place place, params string[] words) =>
        new(rule.Id, place, new EquatableArray<string>(words));

    public Diagnostic ToDiagnostic() =>
        Diagnostic.Create(Rules.Find(Rule), Place.ToLocation(), [.. Words]);
}
