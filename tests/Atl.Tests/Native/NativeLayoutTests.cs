using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Atl.Native;
using Atl.TestSupport;

namespace Atl.Tests.Native;

/// <summary>The sizes and offsets of the binding's structs against those that this machine's C compiler gives the
/// headers'.</summary>
public class NativeLayoutTests
{
    private static readonly string Include = Path.Combine(TestData.RepositoryRoot, "native", "include");

    private static IEnumerable<Type> Structs =>
        typeof(NativeMethods).Assembly.GetTypes().Where(type => type.Namespace == typeof(NativeMethods).Namespace
            && type is { IsValueType: true, IsEnum: false, IsExplicitLayout: true });

    [Test]
    public void SizesAndOffsetsAreThoseOfTheCompiler()
    {
        CHeaders headers = CHeaders.Read(Path.Combine(Include, "atl"));
        Dictionary<string, int> compiled = Compiled(headers);
        Assert.That(Structs.Count(), Is.EqualTo(headers.Structs.Count));
        foreach ((string name, CVariable[] fields) in headers.Structs)
        {
            Type type = Structs.Single(candidate => CHeaders.Matches(candidate.Name, "native" + name["atl".Length..]));
            Assert.That(Marshal.SizeOf(type), Is.EqualTo(compiled[name]), $"the size of {name}");
            foreach ((FieldInfo field, CVariable native) in type.GetFields().OrderBy(field => field.MetadataToken)
                .Zip(fields))
                Assert.That((int)Marshal.OffsetOf(type, field.Name), Is.EqualTo(compiled[$"{name}.{native.Name}"]),
                    $"{name}.{native.Name}");
        }
    }

    // Runs a program that prints every size and offset.
    private static Dictionary<string, int> Compiled(CHeaders headers)
    {
        string folder = Directory.CreateTempSubdirectory("atl-layout-").FullName;
        try
        {
            string source = Path.Combine(folder, "layout.c"), program = Path.Combine(folder, "layout");
            File.WriteAllText(source, Source(headers));
            Run(Compiler(), "-o", program, "-I", Include, source);
            return Run(program).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
                .ToDictionary(words => words[0], words => int.Parse(words[1], CultureInfo.InvariantCulture));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private static string Source(CHeaders headers)
    {
        StringBuilder source = new("#include <stddef.h>\n#include <stdio.h>\n");
        foreach (string header in CHeaders.Files(Path.Combine(Include, "atl")))
            source.Append(CultureInfo.InvariantCulture, $"#include \"atl/{Path.GetFileName(header)}\"\n");
        source.Append("int main(void) {\n");
        foreach ((string name, CVariable[] fields) in headers.Structs)
        {
            source.Append(CultureInfo.InvariantCulture, $"    printf(\"{name} %d\\n\", (int)sizeof({name}));\n");
            foreach (CVariable field in fields)
                source.Append(CultureInfo.InvariantCulture,
                    $"    printf(\"{name}.{field.Name} %d\\n\", (int)offsetof({name}, {field.Name}));\n");
        }
        return source.Append("    return 0;\n}\n").ToString();
    }

    private static string Compiler()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string? found = new[] { "cc", "gcc", "clang" }.FirstOrDefault(name =>
            folders.Any(folder => File.Exists(Path.Combine(folder, name))));
        if (found is null) Assert.Ignore("there is no C compiler (cc, gcc or clang) to ask for layouts");
        return found!;
    }

    private static string Run(string program, params string[] arguments)
    {
        using Process process =
            Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"{program} {string.Join(' ', arguments)}");
        return output;
    }
}
