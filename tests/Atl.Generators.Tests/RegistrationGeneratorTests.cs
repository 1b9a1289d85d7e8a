using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Atl.Generators.Tests;

/// <summary>The code that is generated for an assembly.</summary>
public sealed class RegistrationGeneratorTests
{
    private static readonly string OneLayer = UserAssembly.LayerBase + UserAssembly.Layer("[LayerType(\"X\")]");

    [Test]
    public void EveryClassIsCreatedByADelegate()
    {
        UserAssembly assembly = UserAssembly.Of(
            UserAssembly.LayerBase + UserAssembly.Layer("[LayerType(\"One\")]\n[LayerType(\"Two\")]") + """
            public sealed record UserSpec(int Count) : OperatorSpec<User>;
            public abstract class User(Device device) : Operator(device);
            [OperatorFor<CpuDevice, UserSpec>]
            internal sealed class CpuUser(CpuDevice device, UserSpec spec) : User(device)
            {
                public static bool Serves(UserSpec spec) => spec.Count > 0;
            }
            [SolverType("Slow")]
            public sealed class SlowSolver(SolverParameter parameter, SolverOptions options)
                : SgdSolver(parameter, options);
            """);
        Assert.That(assembly.Faults, Is.Empty);
        Assert.That(assembly.Errors, Is.Empty);
        foreach (string type in (string[])["One", "Two"])
            Assert.That(assembly.Generated, Does.Contain(
                $"global::Atl.Layers.LayerRegistry.Register(\"{type}\", typeof(global::UserLayer), "
                + "static (parameter, context) => new global::UserLayer(parameter, context));\n"));
        Assert.That(assembly.Generated, Does.Contain(
            "static (device, spec) => global::CpuUser.Serves((global::UserSpec)spec) ? "
            + "new global::CpuUser((global::Atl.Devices.Cpu.CpuDevice)device, (global::UserSpec)spec) : null);\n"));
        Assert.That(assembly.Generated, Does.Contain("SolverRegistry.Register(\"Slow\", typeof(global::SlowSolver), "));
        Assert.That(assembly.Generated, Does.Contain("[global::System.Runtime.CompilerServices.ModuleInitializer]\n"
            + "        public static void Register()"));
    }

    [TestCase("public sealed class NoLayer;")]
    [TestCase("public sealed class LayerTypeAttribute : System.Attribute; [LayerType] public sealed class Other;")]
    public void AnAssemblyWithoutClassesGetsNothing(string source)
    {
        UserAssembly assembly = UserAssembly.Of(source);
        Assert.That(assembly.Generated, Is.Empty);
        Assert.That(assembly.Errors, Is.Empty);
    }

    [TestCase("User.Layers", "User_LayersRegistration")]
    [TestCase("user-layers", "user_u002DlayersRegistration")]
    [TestCase("3d_layers", "_3d__layersRegistration")]
    public void TheClassIsNamedAfterItsAssembly(string assembly, string expected)
    {
        UserAssembly built = UserAssembly.Of(OneLayer, assembly);
        Assert.That(built.Generated, Does.Contain($"public static class {expected}\n"));
        Assert.That(built.Errors, Is.Empty);
    }

    [Test]
    public void TypesOfAnyTextAreQuoted()
    {
        UserAssembly assembly = UserAssembly.Of(OneLayer.Replace("\"X\"", """
            "a \"b\\\n"
            """));
        Assert.That(assembly.Errors, Is.Empty);
        Assert.That(assembly.Generated, Does.Contain("""Register("a \"b\\\n", """));
    }

    [Test]
    public void AReferencedAssemblyIsRegisteredThoughNothingInItIsUsed()
    {
        UserAssembly layers = UserAssembly.Of(OneLayer, "Some.Layers");
        UserAssembly program = UserAssembly.Of("public sealed class Program;", "Program", layers.AsReference());
        Assert.That(
            program.Generated, Does.Contain("    global::Atl.Registration.Some_LayersRegistration.Register();\n"));
        Assert.That(program.Errors, Is.Empty);
    }

    [Test]
    public void NothingIsGeneratedAnewWhereNothingThatMattersChanged()
    {
        UserAssembly assembly = UserAssembly.Of(OneLayer);
        Compilation changed = assembly.Source.AddSyntaxTrees(CSharpSyntaxTree.ParseText(
            "public sealed class More;", (CSharpParseOptions)assembly.Source.SyntaxTrees.First().Options));
        GeneratorRunResult result = assembly.Driver.RunGenerators(changed).GetRunResult().Results.Single();
        IEnumerable<IncrementalStepRunReason> reasons =
            from steps in result.TrackedOutputSteps.Values
            from step in steps
            from output in step.Outputs
            select output.Reason;
        Assert.That(reasons, Is.Not.Empty.And.All.EqualTo(IncrementalStepRunReason.Cached));
    }
}
