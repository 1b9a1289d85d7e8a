namespace Atl.Tests.GradientChecking;

/// <summary>Marks a static class whose static property <c>IEnumerable&lt;GradientCase&gt; Cases</c> declares gradient
/// cases of one layer family.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class GradientCasesAttribute : Attribute;
