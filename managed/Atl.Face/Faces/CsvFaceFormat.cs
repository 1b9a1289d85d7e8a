using System.Globalization;
using System.Numerics;
using System.Text;
using Atl.Data;
using Atl.Proto;

namespace Atl.Face.Faces;

/// <summary>
/// Comma-separated values under a line of column names, one face a line; an image without a face, or one that could not
/// be read (error), has one line too, with the face's columns empty. Fields that hold a comma, a quote or a line's end
/// stand in double quotes, as in RFC 4180; names are written by <see cref="QuotedName"/>.
/// </summary>
internal static class CsvFaceFormat
{
    /// <summary>The first line.</summary>
    public const string Header =
        "image,name,width,height,faces,score,left,top,right,bottom,x1,y1,x2,y2,x3,y3,x4,y4,x5,y5,error";

    private const int FirstOfFace = 5, FaceNumbers = 15, Columns = FirstOfFace + FaceNumbers + 1;

    /// <summary>The lines of one image.</summary>
    public static IEnumerable<string> Print(ImageFaces found)
    {
        string path = CsvLine.Quote(QuotedName.Of(found.Image.Path)),
            name = CsvLine.Quote(QuotedName.Of(found.Image.Name));
        string image = string.Create(
            CultureInfo.InvariantCulture, $"{path},{name},{found.Width},{found.Height},{found.Faces.Count},");
        if (found.Faces.Count == 0)
            yield return image + new string(',', FaceNumbers) + CsvLine.Quote(found.Error ?? "");
        foreach (DetectedFace face in found.Faces)
        {
            StringBuilder line = new(image);
            Append(line, face.Score);
            Append(line, face.Box.Left);
            Append(line, face.Box.Top);
            Append(line, face.Box.Right);
            Append(line, face.Box.Bottom);
            foreach (Vector2 point in face.Landmarks.Points)
            {
                Append(line, point.X);
                Append(line, point.Y);
            }
            yield return line.ToString();
        }
    }

    /// <summary>Reads a line below the first one: an image with one face or none.</summary>
    /// <param name="line">The text.</param>
    /// <param name="place">File and line, for messages.</param>
    /// <exception cref="AtlException">The line has not as many columns as the first one, or a number is
    /// none.</exception>
    public static ImageFaces Parse(string line, string place)
    {
        List<string> fields = CsvLine.Split(line);
        if (fields.Count != Columns)
            throw new AtlException($"{place}: found {fields.Count} columns, expected the {Columns} of {Header}");
        ImageFile image = new(QuotedName.Parse(fields[0]), QuotedName.Parse(fields[1]));
        ImageFiles.CheckName(image.Path, place);
        ImageFiles.CheckName(image.Name, place);
        int width = (int)Number(2), height = (int)Number(3);
        if (fields[^1].Length > 0) return new ImageFaces(image, width, height, [], fields[^1]);
        if (fields[FirstOfFace].Length == 0) return new ImageFaces(image, width, height, []);
        float[] numbers = [.. Enumerable.Range(FirstOfFace, FaceNumbers).Select(Number)];
        return new ImageFaces(
            image, width, height,
            [new DetectedFace(new FaceBox(numbers[1], numbers[2], numbers[3], numbers[4]), numbers[0],
                Landmarks.FromNumbers(numbers.AsSpan(5)))]);

        float Number(int column) =>
            float.TryParse(fields[column], NumberStyles.Float, CultureInfo.InvariantCulture, out float number)
            ? number
            : throw new AtlException(
                $"{place}: column {Header.Split(',')[column]} is '{fields[column]}', expected a number");
    }

    private static void Append(StringBuilder line, float number) =>
        line.Append(number.ToString(CultureInfo.InvariantCulture)).Append(',');
}
