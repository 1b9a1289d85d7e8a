namespace Atl.Generators.Tests;

/// <summary>Wrong uses of the attributes: each is an error of the build at its place; the class is left out.</summary>
public sealed class RulesTests
{
    private const string Marked = "[LayerType(\"X\")]";
    private const string Spec = "public sealed record UserSpec(int Count) : OperatorSpec<User>;\n";
    private const string Operator = "public abstract class User(Device device) : Operator(device);\n";

    private static IEnumerable<TestCaseData> WrongLayers()
    {
        yield return Case("ABaseOtherThanLayer", "[LayerType(\"X\")] public sealed class C;",
            "1: ATL0001: C is marked as a layer and does not derive from Atl.Layers.Layer");
        yield return Case("AnAbstractClass", UserAssembly.Layer(Marked, modifiers: "public abstract"),
            "1: ATL0002: UserLayer is abstract, expected a class of which objects can be created");
        yield return Case("AGenericClass", UserAssembly.Layer(Marked, "C<T>"),
            "1: ATL0002: C<T> is generic, expected a class of which objects can be created");
        yield return Case("AClassInAGenericOne", $"public class Outer<T> {{ {UserAssembly.Layer(Marked)} }}",
            "1: ATL0002: Outer<T>.UserLayer is generic, expected a class of which objects can be created");
        yield return Case("AConstructorOfOtherArguments",
            UserAssembly.Layer(Marked, constructor: "(LayerParameter parameter, LayerContext context, int more)"),
            "1: ATL0003: UserLayer has no public or internal constructor (LayerParameter, LayerContext)");
        yield return Case("APrivateConstructor", """
            [LayerType("X")]
            public class C : SilenceBase
            {
                private C(LayerParameter parameter, LayerContext context) : base(parameter, context) { }
            }
            """,
            "1: ATL0003: C has no public or internal constructor (LayerParameter, LayerContext): "
            + "the one it has is private");
        yield return Case(
            "APrivateClass", $"public class Outer {{ {UserAssembly.Layer(Marked, modifiers: "private sealed")} }}",
            "1: ATL0004: Outer.UserLayer is private, expected public or internal: generated code names it");
        yield return Case("AClassInAPrivateOne",
            $"public class Outer {{ private class Inner {{ {UserAssembly.Layer(Marked)} }} }}",
            "1: ATL0004: Outer.Inner.UserLayer is in a private class, expected public or internal: "
            + "generated code names it");
        yield return Case("AFileLocalClass", UserAssembly.Layer(Marked, modifiers: "file sealed"),
            "1: ATL0004: UserLayer is file-local, expected public or internal: generated code names it");
        yield return Case("AnEmptyType", UserAssembly.Layer("[LayerType(\" \")]"),
            "1: ATL0006: The layer type of UserLayer is empty, expected the type that a prototxt gives");
        yield return Case("ATypeOfAtl", UserAssembly.Layer("[LayerType(\"ReLU\")]"),
            "1: ATL0008: layer type 'ReLU' of UserLayer is registered by the assembly Atl already");
        yield return Case(
            "OneTypeForTwoClasses", UserAssembly.Layer(Marked, "A") + UserAssembly.Layer(Marked, "B"),
            "3: ATL0005: layer type 'X' is registered twice: by A and by B");
        yield return Case("OneTypeTwiceOnAClass", UserAssembly.Layer("[LayerType(\"X\")]\n[LayerType(\"X\")]"),
            "2: ATL0005: layer type 'X' is registered twice: by UserLayer and by UserLayer");
        yield return Case("AWrongClassOfTwoTypes", "[LayerType(\"X\")]\n[LayerType(\"Y\")] public sealed class C;",
            "1: ATL0001: C is marked as a layer and does not derive from Atl.Layers.Layer");
    }

    private static IEnumerable<TestCaseData> WrongSolvers()
    {
        yield return Case("ALayerAsASolver", UserAssembly.Layer("[SolverType(\"X\")]"),
            "1: ATL0001: UserLayer is marked as a solver and does not derive from Atl.Solvers.Solver");
        yield return Case("ASolverWithoutOptions", """
            [SolverType("X")]
            public sealed class C(SolverParameter parameter) : SgdSolver(parameter, new SolverOptions());
            """, "1: ATL0003: C has no public or internal constructor (SolverParameter, SolverOptions)");
        yield return Case("ASolverOfAtl", """
            [SolverType("SGD")]
            public sealed class C(SolverParameter parameter, SolverOptions options) : SgdSolver(parameter, options);
            """, "1: ATL0008: solver type 'SGD' of C is registered by the assembly Atl already");
    }

    private static IEnumerable<TestCaseData> WrongOperators()
    {
        yield return Case("ASpecOfNoOperator", """
            [OperatorFor<CpuDevice, string>]
            public sealed class C(CpuDevice device, string spec) : User(device);
            """, "1: ATL0007: string is no specification, expected a record that derives from OperatorSpec<TOperator>");
        yield return Case("AnotherOperator", """
            [OperatorFor<CpuDevice, UserSpec>]
            public sealed class C(CpuDevice device, UserSpec spec) : Operator(device);
            """, "1: ATL0001: C is marked as an operator and does not derive from User");
        yield return Case("AConstructorWithoutSpec", """
            [OperatorFor<CpuDevice, UserSpec>]
            public sealed class C(CpuDevice device) : User(device);
            """, "1: ATL0003: C has no public or internal constructor (CpuDevice, UserSpec)");
        yield return Case("ServesThatCannotBeAsked", """
            [OperatorFor<CpuDevice, UserSpec>]
            public sealed class C(CpuDevice device, UserSpec spec) : User(device)
            {
                public static bool Serves(int count) => true;
            }
            """, "1: ATL0009: C.Serves cannot be asked, expected: public static bool Serves(UserSpec spec)");
        yield return Case("AnOperatorOfAtl", """
            [OperatorFor<CpuDevice, SoftmaxSpec>]
            public sealed class C(CpuDevice device, SoftmaxSpec spec) : Softmax(device, spec)
            {
                protected override void RunForward(Tensor x, Tensor y) { }
                protected override void RunBackward(Tensor y, Tensor dy, Tensor dx) { }
            }
            """,
            "1: ATL0008: the operator for Atl.Operators.SoftmaxSpec on Atl.Devices.Cpu.CpuDevice of C is registered by "
            + "the assembly Atl already");
        yield return Case("TwoOperatorsOfASpec", """
            [OperatorFor<CpuDevice, UserSpec>]
            public sealed class A(CpuDevice device, UserSpec spec) : User(device);
            [OperatorFor<CpuDevice, UserSpec>]
            public sealed class B(CpuDevice device, UserSpec spec) : User(device);
            """,
            "3: ATL0005: the operator for UserSpec on Atl.Devices.Cpu.CpuDevice is registered twice: by A and by B");
    }

    [TestCaseSource(nameof(WrongLayers))]
    [TestCaseSource(nameof(WrongSolvers))]
    [TestCaseSource(nameof(WrongOperators))]
    public void IsAnErrorAtItsPlace(string source, string expected)
    {
        UserAssembly assembly = UserAssembly.Of(source + "\n" + UserAssembly.LayerBase + Spec + Operator);
        Assert.That(assembly.Faults, Is.EqualTo((string[])[expected]));
        Assert.That(assembly.Errors, Is.Empty);
    }

    [Test]
    public void ATypeOfAReferencedAssemblyIsTaken()
    {
        string source = UserAssembly.Layer(Marked) + UserAssembly.LayerBase;
        UserAssembly second = UserAssembly.Of(source, "Second", UserAssembly.Of(source, "First").AsReference());
        Assert.That(second.Faults, Is.EqualTo(
            (string[])["1: ATL0008: layer type 'X' of UserLayer is registered by the assembly First already"]));
    }

    private static TestCaseData Case(string name, string source, string fault) =>
        new TestCaseData(source, fault).SetName(name);
}
