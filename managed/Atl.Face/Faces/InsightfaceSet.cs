using Atl.Face.Pickles;
using Atl.Proto;

namespace Atl.Face.Faces;

/// <summary>
/// A verification set of insightface (lfw.bin, cfp_fp.bin, agedb_30.bin): a pickle of a list of 2·n encoded images and
/// a list of n truth values, whether images 2·i and 2·i + 1 show one person. Nothing in it is executed
/// (<see cref="PickleReader"/>).
/// </summary>
internal sealed class InsightfaceSet
{
    private static readonly string[] Endings = [".bin", ".pkl", ".pickle"];

    private readonly PickleBytes[] _images;

    private InsightfaceSet(PickleBytes[] images, bool[] same) => (_images, Same) = (images, same);

    /// <summary>The number of images.</summary>
    public int Count => _images.Length;

    /// <summary>Whether images 2·i and 2·i + 1 show one person.</summary>
    public IReadOnlyList<bool> Same { get; }

    /// <summary>Whether a file is a pickle by its ending and its first byte.</summary>
    public static bool IsAt(string path) =>
        Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)
        && FileHead.TryRead(path, 1) is [var first]
        // PROTO, or in protocols 0 and 1 the beginning of a tuple, a list or a call.
        && (PickleOpcode)first is PickleOpcode.Proto or PickleOpcode.Mark or PickleOpcode.EmptyList
            or PickleOpcode.Global;

    /// <summary>Reads a set.</summary>
    /// <exception cref="AtlException">The file cannot be read, is damaged, or holds something else.</exception>
    public static InsightfaceSet Read(string path)
    {
        byte[] bytes = UserFile.ReadAll(path, "an insightface verification set");
        if (Items(PickleReader.Read(path, bytes)) is not [var images, var same])
            throw new AtlException(
                $"{path}: a pickle of something else, expected a list of encoded images and one of truth values");
        PickleBytes[] encoded = Images(path, images);
        bool[] answers = Answers(path, same);
        return encoded.Length == 2 * answers.Length && answers.Length > 0
            ? new InsightfaceSet(encoded, answers)
            : throw new AtlException(
                $"{path}: {Amount.Of(encoded.Length, "image")} and "
                    + $"{Amount.Of(answers.Length, "truth value")}, expected two images for each of them");
    }

    /// <summary>An encoded image. May be called by many threads.</summary>
    /// <exception cref="AtlException">Its bytes are damaged.</exception>
    public byte[] Image(int index) => _images[index].ToArray();

    private static IReadOnlyList<object?>? Items(object? value) => value switch
    {
        List<object?> list => list,
        object?[] tuple => tuple,
        _ => null,
    };

    private static PickleBytes[] Images(string path, object? value)
    {
        IReadOnlyList<object?> items = Items(value)
            ?? throw new AtlException($"{path}: the first part is no list, expected encoded images");
        return [.. items.Select((item, i) => item switch
        {
            PickleBytes bytes => bytes,
            PickleArray { Type.Name: "u1" or "|u1", Elements: { } elements } => elements,
            _ => throw new AtlException($"{path}: item {i} of the first list is no bytes, expected an encoded image"),
        })];
    }

    private static bool[] Answers(string path, object? value)
    {
        if (value is PickleArray { Type: not null, Elements: { } elements })
            return [.. elements.ToArray().Select(element => element != 0)];
        IReadOnlyList<object?> items = Items(value)
            ?? throw new AtlException($"{path}: the second part is no list, expected truth values");
        return [.. items.Select((item, i) => item switch
        {
            bool answer => answer,
            0L or 1L => item is 1L,
            _ => throw new AtlException(
                $"{path}: item {i} of the second list is no truth value, expected True or False"),
        })];
    }
}
