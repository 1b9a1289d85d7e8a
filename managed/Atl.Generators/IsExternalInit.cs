namespace System.Runtime.CompilerServices;

/// <summary>The type that the compiler asks for where a property is init-only; .NET Standard 2.0 lacks it.</summary>
internal static class IsExternalInit;
