namespace Atl.Generators;

/// <summary>What the attributes of a class say, and what is wrong with them.</summary>
internal readonly record struct ReadClass(EquatableArray<RegisteredClass> Registered, EquatableArray<Fault> Faults);
