namespace System.Runtime.CompilerServices;

/// <summary>What the compiler asks for where a property is init-only; .NET Standard 2.0 lacks it.</summary>
internal static class IsExternalInit;
