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
        [typeof(AtlException).Assembly, typeof(Net).Assembly, typeof(OpenCvDecoder).Assembly, typeof(FaceBox).Assembly];

    [Test]
    public void PublicTypesAreFew()
    {
        HashSet<Type> generated = [.. Generated(CaffeReflection.Descriptor)];
        string[] types = [.. Packages.SelectMany(assembly => assembly.GetExportedTypes()).Except(generated)
            .Where(type => type.Namespace != "" && !IsGeneratedCode(type)).Select(type => type.FullName!).Order()];
        Assert.That(types, Has.Length.InRange(80, Most), string.Join('\n', types));
    }

    // The messages of caffe.proto, their enums, and the classes that hold these.
    private static IEnumerable<Type> Generated(FileDescriptor file) =>
        file.MessageTypes.SelectMany(InMessage).Concat(file.EnumTypes.Select(type => type.ClrType))
            .Append(typeof(CaffeReflection));

    private static IEnumerable<Type> InMessage(MessageDescriptor message) =>
        message.NestedTypes.SelectMany(InMessage).Concat(message.EnumTypes.Select(type => type.ClrType))
            .Append(message.ClrType).Append(message.ClrType.GetNestedType("Types")).OfType<Type>();

    // The registration that Atl.Generators writes.
    private static bool IsGeneratedCode(Type type) =>
        type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute));
}
