using System.Reflection;
using Atl.Devices;
using Atl.Layers;
using Atl.Proto;
using Atl.Registration;
using Atl.Solvers;
using Atl.TestSupport;
using Microsoft.CodeAnalysis;

namespace Atl.Generators.Tests;

/// <summary>Assemblies that are loaded from a file.</summary>
public sealed class ExtensionAssemblyTests : FolderFixture
{
    [Test]
    public void WhatItRegistersIsThere()
    {
        Assert.That(LayerRegistry.Knows("Loaded"), Is.False);
        Assembly assembly = Load("Loaded", UserAssembly.LayerBase + UserAssembly.Layer("[LayerType(\"Loaded\")]"));
        LayerParameter parameter = new() { Name = "l", Type = "Loaded" };
        using Layer layer = LayerRegistry.Create(parameter, new LayerContext(Device.Cpu, 1));
        Assert.That(layer.GetType().Assembly, Is.SameAs(assembly));
        Assert.That(ExtensionAssembly.Load(_folder["Loaded.dll"]), Is.SameAs(assembly));
    }

    [Test]
    public void AnAssemblyThatTheProgramLoadsItselfIsRegistered()
    {
        Assembly assembly = Assembly.Load(File.ReadAllBytes(UserAssembly.Of(
            UserAssembly.LayerBase + UserAssembly.Layer("[LayerType(\"Given\")]"), "Given").Write(_folder.FullName)));
        LayerRegistry.Register(assembly);
        LayerRegistry.Register(assembly);
        using Layer layer = LayerRegistry.Create(new() { Name = "l", Type = "Given" }, new LayerContext(Device.Cpu, 1));
        Assert.That(layer.GetType().Assembly, Is.SameAs(assembly));
        LayerRegistry.Register(typeof(SampleLayers.SoftSignLayer).Assembly);
        Assert.That(() => LayerRegistry.Register(typeof(string).Assembly), Throws.TypeOf<AtlException>().With.Message
            .StartsWith("System.Private.CoreLib: registers no layer"));
        Assert.That(() => LayerRegistry.Register(null!), Throws.ArgumentNullException);
    }

    [Test]
    public void ALayerTypeOfTwoAssembliesIsAnErrorOnLoadAndOnUse()
    {
        Load("Twice1", UserAssembly.LayerBase + UserAssembly.Layer("[LayerType(\"Twice\")]", "First"));
        AtlException error = Assert.Throws<AtlException>(
            () => Load("Twice2", UserAssembly.LayerBase + UserAssembly.Layer("[LayerType(\"Twice\")]", "Second")))!;
        const string Conflict = "layer type 'Twice' is registered twice, expected once: by First of assembly Twice1 "
            + "and by Second of assembly Twice2; rename one, or load one of the assemblies only";
        Assert.That(error.Message, Is.EqualTo($"{_folder["Twice2.dll"]}: {Conflict}"));
        NetParameter net = TextFormat.Parse<NetParameter>("layer { name: 'l' type: 'Twice' }", "net.prototxt");
        Assert.That(() => new Net(net, new NetOptions()), Throws.TypeOf<LayerException>()
            .With.Message.EqualTo($"net.prototxt:1:1: layer 'l' (Twice): {Conflict}"));
    }

    [Test]
    public void ASolverTypeOfTwoAssembliesIsAnError()
    {
        const string Solver = """
            [SolverType("TwiceSolver")]
            public sealed class C(SolverParameter parameter, SolverOptions options) : SgdSolver(parameter, options);
            """;
        Load("Solver1", Solver);
        Assert.That(() => Load("Solver2", Solver), Throws.TypeOf<AtlException>().With.Message.Contains(
            "solver type 'TwiceSolver' is registered twice, expected once: by C of assembly Solver1 "
            + "and by C of assembly Solver2; "));
        SolverParameter settings = TextFormat.Parse<SolverParameter>("type: 'TwiceSolver'", "solver.prototxt");
        Assert.That(() => Solvers.Solver.Create(settings), Throws.TypeOf<SolverException>()
            .With.Message.StartsWith("solver.prototxt:1:1: solver type 'TwiceSolver' is registered twice"));
    }

    [Test]
    public void AnOperatorOfTwoAssembliesIsAnError()
    {
        const string Operator = """
            [OperatorFor<Atl.Devices.Cuda.CudaDevice, Atl.SampleLayers.SoftSignSpec>]
            public sealed class C(Device device, Atl.SampleLayers.SoftSignSpec spec) : Atl.SampleLayers.SoftSign(device)
            {
                public override void Forward(Tensor x, Tensor y) { }
                public override void Backward(Tensor x, Tensor dy, Tensor dx) { }
            }
            """;
        MetadataReference sample = MetadataReference.CreateFromFile(typeof(SampleLayers.SoftSign).Assembly.Location);
        Load("Operator1", Operator, sample);
        Assert.That(() => Load("Operator2", Operator, sample), Throws.TypeOf<AtlException>().With.Message.Contains(
            "the operator for SoftSignSpec on CudaDevice is registered twice, expected once: by C of assembly Operator1 "
            + "and by C of assembly Operator2"));
    }

    [Test]
    public void AFileThatIsNotThereIsNamed()
    {
        string path = _folder["absent.dll"];
        Assert.That(() => ExtensionAssembly.Load(path), Throws.TypeOf<AtlException>()
            .With.Message.EqualTo($"{path}: no such file, expected a .NET assembly with layers"));
    }

    [Test]
    public void AFileThatIsNoAssemblyIsNamed()
    {
        string path = _folder["text.dll"];
        File.WriteAllText(path, "no assembly");
        Assert.That(() => ExtensionAssembly.Load(path), Throws.TypeOf<AtlException>()
            .With.Message.StartsWith($"{path}: is no .NET assembly that can be loaded here: "));
    }

    [Test]
    public void AnAssemblyThatRegistersNothingIsNamed()
    {
        string path = UserAssembly.Of("public sealed class C;", "Nothing").Write(_folder.FullName);
        Assert.That(() => ExtensionAssembly.Load(path), Throws.TypeOf<AtlException>().With.Message.EqualTo(
            $"{path}: registers no layer, operator or solver, expected classes with [LayerType], [OperatorFor] or "
            + "[SolverType] in an assembly built with Atl.Generators"));
    }

    [Test]
    public void AnAssemblyThatNeedsWhatIsNotHereIsNamed()
    {
        MetadataReference needed = UserAssembly.Of(
            UserAssembly.LayerBase + UserAssembly.Layer("[LayerType(\"Needed\")]"), "Needed").AsReference();
        string path = UserAssembly.Of("public sealed class C;", "Needing", needed).Write(_folder.FullName);
        Assert.That(() => ExtensionAssembly.Load(path), Throws.TypeOf<AtlException>()
            .With.Message.StartsWith($"{path}: cannot be initialized: ").And.Message.Contains("'Needed, "));
    }

    private Assembly Load(string name, string source, params MetadataReference[] references) =>
        ExtensionAssembly.Load(UserAssembly.Of(source, name, references).Write(_folder.FullName));
}
