using Atl.Proto;
using System.Globalization;
using System.Runtime.InteropServices;
using OpenCvSharp;

namespace Atl.Face.Datasets;

/// <summary>
/// The ORL (AT&amp;T) database of faces: a folder s1 … s40 for each identity with 1.pgm … 10.pgm, gray, 92 wide and 112
/// high. Any tree of that shape is read; images of a person must agree in size with the first one of the set.
/// </summary>
internal sealed class OrlFaces
{
    private OrlFaces(IReadOnlyList<FaceSample> train, IReadOnlyList<FaceSample> verify)
    {
        Train = train;
        Verify = verify;
    }

    /// <summary>The identities to train on, labels from 0.</summary>
    public IReadOnlyList<FaceSample> Train { get; }

    /// <summary>The identities never trained on, labels from 0 again.</summary>
    public IReadOnlyList<FaceSample> Verify { get; }

    /// <summary>Reads the set and splits it by person: the first <paramref name="trainIdentities"/> (by number) train,
    /// the rest verify.</summary>
    /// <exception cref="DirectoryNotFoundException"><paramref name="folder"/> is missing.</exception>
    /// <exception cref="InvalidDataException">
    /// There are no more identities than are to train, an image cannot be decoded, or its size differs (the file is
    /// named).
    /// </exception>
    public static OrlFaces Read(string folder, int trainIdentities = 30)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trainIdentities);
        (int Number, string Path)[] people = [.. Numbered(Directory.GetDirectories(folder, "s*"), name => name[1..])];
        if (people.Length <= trainIdentities)
            throw new InvalidDataException($"{folder} has {Amount.Of(people.Length, "identity")}, expected more than the "
                + $"{trainIdentities} to train on");

        var train = new List<FaceSample>();
        var verify = new List<FaceSample>();
        (int Height, int Width)? size = null;
        for (int i = 0; i < people.Length; i++)
        {
            (List<FaceSample> set, int label) = i < trainIdentities ? (train, i) : (verify, i - trainIdentities);
            foreach ((_, string file) in Numbered(Directory.GetFiles(people[i].Path, "*.pgm"),
                Path.GetFileNameWithoutExtension))
            {
                FaceSample sample = Decode(file, label);
                size ??= (sample.Height, sample.Width);
                if (size != (sample.Height, sample.Width))
                    throw new InvalidDataException($"{file} is {sample.Width}×{sample.Height}, the set's first image "
                        + $"{size.Value.Width}×{size.Value.Height}");
                set.Add(sample);
            }
        }

        return new OrlFaces(train, verify);
    }

    private static FaceSample Decode(string file, int label)
    {
        using Mat image = Cv2.ImDecode(File.ReadAllBytes(file), ImreadModes.Grayscale);
        if (image.Empty())
            throw new InvalidDataException($"{file} cannot be decoded as an image");
        int rows = image.Rows, columns = image.Cols;
        byte[] pixels = new byte[rows * columns];
        for (int row = 0; row < rows; row++)
            Marshal.Copy(image.Ptr(row), pixels, row * columns, columns);
        return new FaceSample(pixels, label, 1, rows, columns);
    }

    // Folders and files are numbered, so s2 comes before s10.
    private static IEnumerable<(int Number, string Path)> Numbered(string[] paths, Func<string, string?> digits)
        => paths
            .Select(path => (Number: int.TryParse(digits(Path.GetFileName(path)), NumberStyles.None,
                CultureInfo.InvariantCulture, out int n) ? n : -1, path))
            .Where(item => item.Number >= 0)
            .OrderBy(item => item.Number);
}
