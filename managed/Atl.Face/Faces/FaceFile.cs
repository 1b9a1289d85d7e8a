using System.Globalization;
using Atl.Data;
using Atl.Proto;

namespace Atl.Face.Faces;

/// <summary>
/// Reads where the faces of images are: JSON lines, comma-separated values (both as <see cref="FaceWriter"/> writes
/// them), or lists with <c>path x1 y1 x2 y2 x3 y3 x4 y4 x5 y5</c> in each line. Which of them a file is, its first line
/// tells.
/// </summary>
internal static class FaceFile
{
    /// <summary>Reads a file; lines that follow one another with the same image become one entry.</summary>
    /// <exception cref="AtlException">The file is missing or empty, or a line does not fit: the message names file and
    /// line.</exception>
    public static IReadOnlyList<ImageFaces> Read(string path)
    {
        string[] lines = TextLines.Read(path, "one with the faces of images");
        int first = Array.FindIndex(lines, line => line.Trim().Length > 0);
        if (first < 0)
            throw new AtlException($"{path}: the file is empty, expected faces as JSON lines, CSV, or lines of a "
                + "path and ten numbers");
        (int start, Func<string, string, ImageFaces> parse) =
            lines[first].TrimStart().StartsWith('{') ? (first, JsonFaceFormat.Parse)
            : lines[first].TrimEnd() == CsvFaceFormat.Header ? (first + 1, CsvFaceFormat.Parse)
            : (first, (Func<string, string, ImageFaces>)ParsePoints);
        List<ImageFaces> images = [];
        List<List<DetectedFace>> faces = [];
        for (int i = start; i < lines.Length; i++)
        {
            if (lines[i].Trim().Length == 0) continue;
            string place = $"{path}:{i + 1}";
            ImageFaces found = parse(lines[i], place) with { Place = place };
            if (images.Count > 0 && images[^1].Image == found.Image && images[^1].Error is null && found.Error is null)
            {
                faces[^1].AddRange(found.Faces);
            }
            else
            {
                images.Add(found);
                faces.Add([.. found.Faces]);
            }
        }
        for (int i = 0; i < images.Count; i++)
            if (faces[i].Count > images[i].Faces.Count)
                images[i] = images[i].With(faces[i]);
        return parse == ParsePoints ? Named(images) : images;
    }

    // A list says no names: they are the paths below the folder that all images have in common.
    private static List<ImageFaces> Named(List<ImageFaces> images)
    {
        IReadOnlyList<ImageFile> named = ImageFiles.Name([.. images.Select(image => image.Image.Path)], null);
        return [.. images.Select((image, i) => image with { Image = named[i] })];
    }

    private static ImageFaces ParsePoints(string line, string place)
    {
        string[] words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        float[] numbers = new float[2 * Landmarks.Count];
        bool fits = words.Length > numbers.Length;
        for (int i = 0; fits && i < numbers.Length; i++)
            fits = float.TryParse(words[words.Length - numbers.Length + i], NumberStyles.Float,
                CultureInfo.InvariantCulture, out numbers[i]);
        if (!fits)
            throw new AtlException($"{place}: found '{line.Trim()}', expected a path and ten numbers x1 y1 … x5 y5");
        string image = QuotedName.Parse(PathBefore(line, numbers.Length));
        // A box or a label before the points, not a part of the path.
        if (words.Length > numbers.Length + 1 && LabelText.IsNumber(words[^(numbers.Length + 1)])
            && !File.Exists(image))
            throw new AtlException(
                $"{place}: found more than ten numbers, expected a path and ten numbers x1 y1 … x5 y5");
        Landmarks landmarks = Landmarks.FromNumbers(numbers);
        return new ImageFaces(new ImageFile(image, image), 0, 0, [new DetectedFace(landmarks.Bounds, 1, landmarks)]);
    }

    // The path may hold blanks: it is all that stands before the last so many words.
    private static string PathBefore(string line, int words)
    {
        string path = line.TrimEnd();
        for (int i = 0; i < words; i++) path = path[..path.LastIndexOfAny([' ', '\t'])].TrimEnd();
        return path.TrimStart();
    }
}
