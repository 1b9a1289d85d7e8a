namespace Atl.Tests.GradientChecking;

/// <summary>Marks a class whose static property <c>IEnumerable&lt;GradientCase&gt; Cases</c> declares the gradient
/// cases of a layer or a family: a layer's own test class, or a class beside.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class GradientCasesAttribute : Attribute;
