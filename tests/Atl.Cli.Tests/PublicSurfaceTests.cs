using System.Reflection;
using Atl.Face.Faces;
using Atl.Images;
using Atl.Proto;
using Google.Protobuf.Reflection;

namespace Atl.Cli.Tests;

/// <summary>How much a user of the packages has to know: few public types, each with a reason to be one.</summary>
/// <remarks>Which they are, with their members, is declared in the PublicAPI files beside the projects.</remarks>
public sealed class PublicSurfaceTests
{
    private const int Most = 119;

    private static readonly Assembly[] Packages =
    [
        typeof(AtlException).Assembly, typeof(Net).Assembly, typeof(OpenCvDecoder).Assembly, typeof(FaceBox).Assembly,
        typeof(Face.Extensions.AI.FaceEmbeddingGenerator).Assembly,
    ];

    [Test]
    public void PublicTypesAreFew()
    {
        HashSet<Type> generated = [.. Generated(CaffeReflection.Descriptor),
            .. Generated(Proto.TensorBoard.TensorboardReflection.Descriptor)];
        string[] types = [.. Packages.SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => !generated.Contains(Outermost(type)) && !IsGeneratedCode(type))
            .Select(type => type.FullName!).Order()];
        Assert.That(types, Has.Length.InRange(80, Most), string.Join('\n', types));
    }

    // Messages, enums, and the class that describes them.
    private static IEnumerable<Type> Generated(FileDescriptor file) => file.MessageTypes.Select(type => type.ClrType)
        .Concat(file.EnumTypes.Select(type => type.ClrType))
        .Append(typeof(CaffeReflection)).Append(typeof(Proto.TensorBoard.TensorboardReflection));

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    // The registration that Atl.Generators writes.
    private static bool IsGeneratedCode(Type type) =>
        type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute));
}
