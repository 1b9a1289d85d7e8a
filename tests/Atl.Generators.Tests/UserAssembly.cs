using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Atl.Generators.Tests;

/// <summary>An assembly that references Atl, compiled with the generator.</summary>
internal sealed class UserAssembly
{
    private const string Usings = """
        using System;
        using System.Collections.Generic;
        using Atl;
        using Atl.Devices;
        using Atl.Devices.Cpu;
        using Atl.Layers;
        using Atl.Operators;
        using Atl.Proto;
        using Atl.Solvers;

        """;

    private static readonly CSharpParseOptions Language = new(LanguageVersion.CSharp14);

    /// <summary>What the program that runs the tests consists of, without what registers classes of its own.</summary>
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("Atl.", StringComparison.Ordinal)
                || Path.GetFileName(path) is "Atl.dll" or "Atl.Proto.dll")
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private readonly Compilation _compilation;

    private UserAssembly(string name, string source, IEnumerable<MetadataReference> references)
    {
        Compilation compilation = CSharpCompilation.Create(
            name, [CSharpSyntaxTree.ParseText(Usings + source, Language, "Layers.cs")], [.. References, .. references],
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        Driver = CSharpGeneratorDriver
            .Create(
                [new RegistrationGenerator().AsSourceGenerator()], parseOptions: Language,
                driverOptions: new GeneratorDriverOptions(
                    IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true))
            .RunGeneratorsAndUpdateCompilation(compilation, out _compilation, out _);
        Source = compilation;
    }

    /// <summary>The compilation before the generator.</summary>
    public Compilation Source { get; }

    /// <summary>The generator, after its run.</summary>
    public GeneratorDriver Driver { get; }

    /// <summary>What is generated; empty where nothing is.</summary>
    public string Generated => string.Concat(Driver.GetRunResult().GeneratedTrees);

    /// <summary>The generator's diagnostics as the compiler prints them: place, id and message.</summary>
    public string[] Faults => [.. Driver.GetRunResult().Diagnostics.Select(Print)];

    /// <summary>The compiler's errors about the source and what was generated.</summary>
    public string[] Errors => [.. ErrorsIn(_compilation.GetDiagnostics()).Select(Print)];

    /// <summary>Compiles source text, for which Atl's namespaces are in use.</summary>
    public static UserAssembly Of(string source, string name = "User.Layers", params MetadataReference[] references) =>
        new(name, source, references);

    /// <summary>A layer class.</summary>
    /// <param name="attributes">What stands before the class.</param>
    /// <param name="name">The class's name.</param>
    /// <param name="modifiers">What stands before the word class.</param>
    /// <param name="constructor">Its primary constructor's arguments.</param>
    public static string Layer(
        string attributes, string name = "UserLayer", string modifiers = "public sealed",
        string constructor = "(LayerParameter parameter, LayerContext context)") => $$"""
        {{attributes}}
        {{modifiers}} class {{name}}{{constructor}} : SilenceBase(parameter, context);

        """;

    /// <summary>A base class for layers that do nothing.</summary>
    public const string LayerBase = """
        public abstract class SilenceBase(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
        {
            public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) { }
            public override void Backward(
                IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown, IReadOnlyList<Blob> bottom) { }
            protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) { }
            protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) { }
        }

        """;

    /// <summary>Writes the assembly; its file's name is the assembly's.</summary>
    public string Write(string folder)
    {
        string path = Path.Combine(folder, _compilation.AssemblyName + ".dll");
        Assert.That(ErrorsIn(_compilation.Emit(path).Diagnostics), Is.Empty);
        return path;
    }

    /// <summary>The assembly as a reference of another.</summary>
    public MetadataReference AsReference()
    {
        using MemoryStream stream = new();
        Assert.That(_compilation.Emit(stream).Success);
        return MetadataReference.CreateFromImage(stream.ToArray());
    }

    private static IEnumerable<Diagnostic> ErrorsIn(IEnumerable<Diagnostic> diagnostics) =>
        diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error);

    // Lines are counted without the usings.
    private static string Print(Diagnostic diagnostic)
    {
        int line = diagnostic.Location.GetLineSpan().StartLinePosition.Line + 2 - Usings.Split('\n').Length;
        return FormattableString.Invariant(
            $"{line}: {diagnostic.Id}: {diagnostic.GetMessage(CultureInfo.InvariantCulture)}");
    }
}
