namespace Atl.Face.Faces;

/// <summary>Writes the faces of images as text.</summary>
internal static class FaceWriter
{
    /// <summary>Writes JSON lines: one object an image, see docs/faces.md.</summary>
    public static IFaceWriter Json(TextWriter output) => new Lines(output, found => [JsonFaceFormat.Print(found)]);

    /// <summary>Writes comma-separated values under a line of column names: a line a face, see docs/faces.md.</summary>
    public static IFaceWriter Csv(TextWriter output)
    {
        output.WriteLine(CsvFaceFormat.Header);
        return new Lines(output, CsvFaceFormat.Print);
    }

    private sealed class Lines(TextWriter output, Func<ImageFaces, IEnumerable<string>> print) : IFaceWriter
    {
        public void Write(ImageFaces found)
        {
            foreach (string line in print(found)) output.WriteLine(line);
        }

        public void Dispose() => output.Dispose();
    }
}
