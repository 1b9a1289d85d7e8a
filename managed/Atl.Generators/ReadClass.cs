namespace Atl.Generators;

/// <summary>The attributes of a class, and their faults.</summary>
internal readonly record struct ReadClass(EquatableArray<RegisteredClass> Registered, EquatableArray<Fault> Faults);
