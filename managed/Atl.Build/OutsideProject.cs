using System.Xml.Linq;

namespace Atl.Build;

/// <summary>A console project outside the repository that runs the first example of docs/library.md, prints what it
/// computes, and writes a database of each kind.</summary>
internal sealed class OutsideProject
{
    private const string Document = "docs/library.md", Name = "outside";

    private const string Deploy = """
        name: 'face'
        layer { name: 'data' type: 'Input' top: 'data' input_param { shape { dim: 1 dim: 3 dim: 112 dim: 96 } } }
        layer { name: 'conv1' type: 'Convolution' bottom: 'data' top: 'conv1'
            convolution_param { num_output: 4 kernel_size: 3 stride: 8 weight_filler { type: 'xavier' } } }
        layer { name: 'relu1' type: 'PReLU' bottom: 'conv1' top: 'conv1' }
        layer { name: 'fc5' type: 'InnerProduct' bottom: 'conv1' top: 'fc5'
            inner_product_param { num_output: 16 weight_filler { type: 'xavier' } } }
        """;

    // Weights are made by the engine of the repository alone, and read by both.
    private const string Weights = """
        using (Net net = new(Atl.Proto.ProtoFiles.ReadNet("deploy.prototxt"),
            new NetOptions { Phase = Atl.Proto.Phase.Test, Seed = 5 }))
            Atl.Proto.ProtoFiles.WriteNetBinary("face.caffemodel", net.ToProto());
        """;

    private readonly string _folder;

    private OutsideProject(string folder, string program, params XElement[] references)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "deploy.prototxt"), Deploy);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), program);
        new XElement("Project", new XAttribute("Sdk", "Microsoft.NET.Sdk"),
            new XElement("PropertyGroup", new XElement("OutputType", "Exe"), new XElement("TargetFramework", "net10.0"),
                new XElement("ImplicitUsings", "enable"), new XElement("InvariantGlobalization", "true"),
                new XElement("UseAppHost", "false")),
            new XElement("ItemGroup", references)).Save(ProjectFile);
    }

    /// <summary>The folder that its program was built into.</summary>
    public string Output => Path.Combine(_folder, "out");

    private string ProjectFile => Path.Combine(_folder, Name + ".csproj");

    /// <summary>One that references the engine's project, makes the weights and computes what is expected.</summary>
    public static OutsideProject OfRepository(string folder) => new(folder, Program(Weights), new XElement(
        "ProjectReference", new XAttribute("Include", Path.GetFullPath("managed/Atl/Atl.csproj"))));

    /// <summary>One that references nothing yet, and takes packages from a local feed alone: Atl's own from its folder,
    /// all others from those that this machine has restored.</summary>
    public static OutsideProject OfPackages(string folder, string feed, string restored)
    {
        OutsideProject project = new(folder, Program(""));
        static XElement Source(string name, string path) =>
            new("add", new XAttribute("key", name), new XAttribute("value", path));
        static XElement Mapping(string name, params string[] patterns) => new("packageSource",
            new XAttribute("key", name), patterns.Select(pattern => new XElement("package",
                new XAttribute("pattern", pattern))));
        new XElement("configuration",
            new XElement("config", new XElement("add", new XAttribute("key", "globalPackagesFolder"),
                new XAttribute("value", Path.Combine(folder, "packages")))),
            new XElement("packageSources", new XElement("clear"), Source("atl", Path.GetFullPath(feed)),
                Source("restored", restored)),
            new XElement("packageSourceMapping", Mapping("atl", "Atl", "Atl.*"), Mapping("restored", "*")))
            .Save(Path.Combine(folder, "nuget.config"));
        return project;
    }

    /// <summary>Adds a package, as a user does.</summary>
    public void Add(string package, string version) =>
        Run("dotnet", "add", ProjectFile, "package", package, "--version", version);

    /// <summary>Builds it.</summary>
    public void Build() => Run("dotnet", "build", ProjectFile, "-c", "Release", "-o", Output, "-v", "quiet", "-nologo",
        "-nodeReuse:false", "-tl:off");

    /// <summary>Puts the net, and weights of another project, where a program reads them.</summary>
    public void TakeWeights(OutsideProject other, string folder)
    {
        foreach (string file in new[] { "deploy.prototxt", "face.caffemodel" })
            File.Copy(Path.Combine(other._folder, file), Path.Combine(folder, file), true);
    }

    /// <summary>Runs the program in its folder; gives what it prints and the exit code.</summary>
    public (int Code, string Output) Start() =>
        Shell.Capture("env", "-C", _folder, "dotnet", Path.Combine(Output, Name + ".dll"));

    private void Run(string program, params string[] arguments)
    {
        (int code, string output) = Shell.Capture("env", ["-C", _folder, program, .. arguments]);
        if (code != 0) throw new BuildException($"'{program} {string.Join(' ', arguments)}' failed:\n{output}");
    }

    private static string Program(string before) => $$"""
        using System.Globalization;
        using Atl;
        using Atl.Data;

        {{before}}
        float[] pixels = [.. Enumerable.Range(0, 8 * 3 * 112 * 96).Select(i => i * 31 % 255 / 255f - 0.5f)];
        {{Example()}}
        foreach (float feature in features) Console.WriteLine(feature.ToString("R", CultureInfo.InvariantCulture));

        foreach (string backend in RecordDatabase.Backends)
        {
            string folder = Path.Combine(Directory.CreateTempSubdirectory().FullName, backend);
            RecordDatabase.Create(folder, RecordDatabase.Parse(backend), writer => writer.Put("key", [1]));
            Directory.Delete(Path.GetDirectoryName(folder)!, true);
        }
        """;

    private static string Example()
    {
        string[] lines = File.ReadAllLines(Document);
        int start = Array.FindIndex(lines, line => line.StartsWith("```csharp", StringComparison.Ordinal));
        return string.Join('\n', lines.Skip(start + 1).TakeWhile(line => line != "```"));
    }
}
